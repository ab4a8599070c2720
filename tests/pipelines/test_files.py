"""The files are what they should be: by their syntax, and as the page shows them."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.docs import pages
from tests.pipelines import files
from tools import actionlint

if TYPE_CHECKING:
    from pathlib import Path

PAGE = pages.ROOT / "docs" / "pipelines.md"
_SHOWN = re.compile(r"^<!-- from: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PINNED = re.compile(r"([\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+")
BROKEN_WORKFLOW = (
    "on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ nobody.knows }}\n"
)


def _actionlint(*paths: Path) -> subprocess.CompletedProcess[str]:
    # Its checks of scripts by other programs are off: they would depend on what is installed.
    options = ("-no-color", "-shellcheck=", "-pyflakes=")
    return subprocess.run(
        [actionlint.obtain(), *options, *paths], capture_output=True, text=True, check=False
    )


def _check_gitlab(path: Path) -> subprocess.CompletedProcess[str]:
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    return subprocess.run(["check-jsonschema", *schema, path], capture_output=True, text=True, check=False)


@pytest.mark.exhaustive  # actionlint is built from Go modules
def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    told = _actionlint(*files.WORKFLOWS, *files.PUBLISHING)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")

    broken = tmp_path / "broken.yml"
    broken.write_text(BROKEN_WORKFLOW)
    assert 'undefined variable "nobody"' in _actionlint(broken).stdout


def test_each_action_is_pinned_to_one_commit_in_all_workflows() -> None:
    used = {
        found
        for path in (*files.WORKFLOWS, *files.PUBLISHING)
        for found in re.findall(r"uses: *(.*)", path.read_text())
    }
    pinned = [_PINNED.fullmatch(each) for each in used]
    assert all(pinned), used
    actions = [found[1] for found in pinned if found]
    assert len(actions) == len(set(actions)), sorted(used)


def test_gitlabs_schema_holds(tmp_path: Path) -> None:
    told = _check_gitlab(files.GITLAB)
    assert told.returncode == 0, told.stdout

    broken = tmp_path / "broken.yml"
    broken.write_text(files.GITLAB.read_text().replace("when: manual", "when: somebody feels like it"))
    assert _check_gitlab(broken).returncode == 1


def test_every_command_is_run_by_a_test_or_known_to_set_up() -> None:
    steps = files.workflow_steps()
    assert {step["uses"].partition("@")[0] for step in steps if "uses" in step} == files.ACTIONS
    assert {step["name"] for step in steps if "run" in step} == files.SETUP | set(files.STEPS)
    assert set(files.github()) == set(files.gitlab()) == set(files.STEPS.values())


@pytest.mark.parametrize("name", ["drift", "migrate", "remind", "plan", "apply"])
def test_both_pipelines_run_the_same(name: str) -> None:
    def commands(step: files.Step) -> list[str]:
        return re.sub(r"::(?:notice|error)::", "", step.script).split()

    assert commands(files.github()[name]) == commands(files.gitlab()[name])


def test_all_steps_of_a_pipeline_have_the_same_environment() -> None:
    """Compare them, so that one that ran stands for all. Secrets are each step's own: `test_least.py`."""
    steps = {
        name: {key for key, text in step.environment.items() if "secrets." not in text}
        for name, step in files.github().items()
    }
    own = (steps.pop("plan"), steps.pop("apply"))
    assert all(each == steps["drift"] for each in steps.values())
    assert own[0] == own[1] == steps["drift"] - {"ORGANIZATION_ID"}
    assert {tuple(job["variables"]) for job in files.gitlab_jobs().values()} == {("AWS_ROLE_ARN",)}


def test_the_page_shows_the_files_own_text() -> None:
    shown = _SHOWN.findall(PAGE.read_text())
    for path, text in shown:
        assert text in (pages.ROOT / path).read_text(), path
    assert len(pages.blocks("yaml", (PAGE,))) == len([path for path, _ in shown if path.endswith(".yml")])
    assert set(files.FOLDER.iterdir()) == {
        (PAGE.parent / link).resolve() for link in pages.links(PAGE) if "/pipelines/" in link
    }
