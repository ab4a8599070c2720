"""Reminds people before a migration expires: posts to WEBHOOK_URL what `org-features status --json` says."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

DAY = 24 * 60 * 60


def reminder(status: dict, days: int) -> str | None:
    """The reminder's text; None while nothing expires soon."""
    left = status["seconds_left"]
    if left is None or left > days * DAY:
        return None
    organization = f"All features for AWS organization {status['organization_id']}"
    when = f"{left // DAY} days left, until {status['deadline']}"
    return f"{organization}: {when}. {status['headline']}. {status['must_act']} {status['if_nobody_acts']}"


def is_private(url: str) -> bool:
    """Return whether nobody on the way can read the address, a secret; within this machine nobody can."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    )


def post(url: str, text: str) -> None:
    """Post a message as JSON, in the shape that chats' incoming webhooks take."""
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30):
        pass


def main() -> str | None:
    """Remind, if it is time; gives what went wrong, never with the address, which is a secret."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=14, help="from how many days before on (14)")
    parser.add_argument("status", type=Path, help="what `org-features status --json` printed")
    given = parser.parse_args()
    text = reminder(json.loads(given.status.read_text()), given.days)
    if text is None:
        print("Nothing expires soon.")
        return None
    url = os.environ.get("WEBHOOK_URL", "")
    if not is_private(url):
        return "WEBHOOK_URL holds no address that begins with https://: nobody was reminded"
    try:
        post(url, text)
    except urllib.error.HTTPError as error:
        return f"the webhook answered {error.code}: nobody was reminded"
    except OSError as error:
        return f"the webhook can't be reached ({type(error).__name__}): nobody was reminded"
    print(text)
    return None


if __name__ == "__main__":
    sys.exit(main())
