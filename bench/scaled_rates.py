"""`org-features` where AWS's rates are higher: `python -m bench.scaled_rates FACTOR ARGUMENTS...`."""

from __future__ import annotations

import sys
from unittest.mock import patch

from aws_org_features.aws import rate_limit
from aws_org_features.cli import main

if __name__ == "__main__":
    _, factor, *arguments = sys.argv
    rates = {
        operation: (rate * float(factor), burst) for operation, (rate, burst) in rate_limit.RATES.items()
    }
    with patch.object(rate_limit, "RATES", rates):
        main(arguments)
