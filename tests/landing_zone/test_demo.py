"""`make landing-zone`: every step of it, in the open, in each language."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.docs import pages
from tools.landing_zone import STEPS
from tools.local import hermetic

_SHOWN = {
    STEPS[1].why: "error: feature-set-not-enabled: ",
    "As AWS has it": '"baseline"',
    "Inspector is administered by the security account": '"333333333333"',
    "A refresh shows it": '"ENABLED" => "DISABLED"',
    "Nothing is left to do": "unchanged",
}


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # a dozen runs of the engine
@pytest.mark.usefixtures("with_pulumi_aws", "with_npms_packages")
@pytest.mark.parametrize("language", ["", "typescript"], ids=["python", "typescript"])
def test_it_shows_the_example_from_end_to_end_and_leaves_nothing(language: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tools.landing_zone", language, "--stand-in"],
        cwd=pages.ROOT,
        env=hermetic(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "pulumi-aws's plugin isn't wanted: in its place runs the tests' stand-in" in told.stderr
    texts = re.split(r"\n\[\d+/\d+\] ", told.stdout)[1:]
    shown = {step.why: text for step, text in zip(STEPS, texts, strict=True)}
    for why, words in _SHOWN.items():
        assert words in shown[why], shown[why]
    assert "replace" not in told.stdout
    assert told.stdout.rstrip().endswith('"ALL"')
