"""The pages hold together: links lead somewhere, examples run, what is drawn from code is up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import pulumi
import pytest

from bench import page as performance
from tests.docs import pages
from tools.docs import blocks, generated, native_examples, native_programs, transcript

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in pages.links(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in pages.anchors(target), link


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_every_page_can_be_reached_from_the_readme(page: Path) -> None:
    reached, found = set(), {pages.README}
    while found:
        reached |= found
        linked = {
            (at.parent / link.partition("#")[0]).resolve()
            for at in found
            for link in pages.links(at)
            if not link.startswith("https://")
        }
        found = {target for target in linked if target.suffix == ".md"} - reached
    assert page in reached


@pytest.mark.parametrize("page", blocks.PAGES, ids=pages.name)
def test_tables_and_diagrams_are_what_the_code_says(page: Path) -> None:
    text = page.read_text()
    drawn = {**generated.GENERATED, **(performance.GENERATED if page == performance.PAGE else {})}
    assert blocks.names(text, generated.KIND) <= set(drawn)
    assert generated.filled(text, drawn) == text, "make docs regenerates them"


def test_plots_are_of_the_figures_that_were_kept() -> None:
    for path, plot in performance.plots().items():
        assert path.read_text() == plot, "make docs draws them again"


@pytest.mark.parametrize("page", blocks.PAGES, ids=pages.name)
def test_transcripts_are_known_and_nobody_types_them(page: Path) -> None:
    text = page.read_text()
    assert len(pages.blocks("console", (page,))) == text.count("<!-- transcript: ")
    assert text.count("<!-- /transcript -->") == text.count("<!-- transcript: ")
    assert set(re.findall(r"<!-- transcript: (.+?) -->", text)) <= set(transcript.EXCERPTS)


@pytest.mark.parametrize(
    ("page", "project"),
    [(pages.README, "."), (pages.MEMBER, "examples/member-account")],
    ids=["feature set", "approval"],
)
def test_a_pages_program_is_the_one_that_runs(page: Path, project: str) -> None:
    program = (pages.ROOT / project / "__main__.py").read_text()
    assert program in [block.text for block in pages.blocks("python", (page,))]


def test_the_quick_starts_commands_are_those_of_the_story() -> None:
    typed = {step.command for step in transcript.STEPS} | {transcript.IN_SHELL}
    quick_start = pages.section(pages.README, "Try it")
    listed = quick_start.partition("```sh\n")[2].partition("```")[0]
    commands = {line.partition("#")[0].strip() for line in listed.splitlines()}
    assert {each for each in commands - typed if not each.startswith("git clone")} == {"make test"}
    assert f"`{transcript.IN_SHELL}`" in quick_start


def test_the_native_guides_first_commands_are_the_story_from_yaml() -> None:
    start, *others = [step.command for step in transcript.FROM_YAML]
    assert pages.commands(pages.NATIVE, "Try it") == [start, transcript.IN_SHELL, *others]


def test_the_native_guides_other_commands_stand_where_tests_run_them() -> None:
    run = {
        command
        for heading in (
            "Try it",
            "From an empty folder, in TypeScript, on the emulator",
            "Install",
            "Who acts",
            "Import",
        )
        for command in pages.commands(pages.NATIVE, heading)
    }
    run.update(
        line
        for language in native_programs.LANGUAGES
        if language != "yaml"
        for line in native_programs.commands(language).splitlines()
    )
    assert set(pages.commands(pages.NATIVE)) == run


def test_make_knows_the_targets_that_the_pages_name() -> None:
    told = subprocess.run(["make", "-s", "help"], cwd=pages.ROOT, capture_output=True, text=True, check=True)
    known = {line.split()[1] for line in told.stdout.splitlines() if line.startswith("  make ")}
    named = {
        words.split()[1]
        for page in pages.PAGES
        for words in pages.ticked(pages.prose(page))
        if words.startswith("make ")
    }
    assert named <= known


def test_make_lists_what_users_need_apart_from_what_contributors_need() -> None:
    told = subprocess.run(["make", "-s", "help"], cwd=pages.ROOT, capture_output=True, text=True, check=True)
    use, develop = told.stdout.split("\n\n")
    assert use.startswith("To use it:")
    assert "  make up " in use
    assert develop.startswith("To work on it:")
    assert "  make test " in develop


class _Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        return args.resource_id or args.name, args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return args.args, []


class _OfAws(pulumi.CustomResource):
    """A resource of it, an organization too."""

    roots = (SimpleNamespace(id="r-examplerootid"),)


class _PulumiAws:
    """pulumi-aws, which is no dependency of ours: everything that an example wants of it is there."""

    def __getattr__(self, name: str) -> _PulumiAws:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    @staticmethod
    def Provider(name: str, **_: object) -> pulumi.ProviderResource:  # noqa: N802 - its name
        return pulumi.ProviderResource("aws", name)

    def __call__(
        self, resource_name: str, /, opts: pulumi.ResourceOptions | None = None, **_: object
    ) -> pulumi.Resource:
        return _OfAws("aws:docs:Any", resource_name, {}, opts)


@pytest.fixture
def _native_sdk_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Provide the native SDK as `pip install ./sdk/python` would: it looks its version up."""
    info = tmp_path / "pulumi_org_features-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pulumi_org_features\nVersion: 0.1.0\n")
    for folder in (tmp_path, pages.ROOT / "sdk" / "python"):
        monkeypatch.syspath_prepend(folder)


# A mock gives no component its children; tests/engine/test_native_examples.py runs that program.
_OF_A_COMPONENT: Final = native_examples.programs("AllFeaturesOrganization")["python"]


@pytest.mark.usefixtures("_native_sdk_is_there")
@pytest.mark.parametrize(
    "block", [each for each in pages.blocks("python") if each.text != _OF_A_COMPONENT], ids=str
)
def test_examples_run(
    block: pages.Block, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(pulumi.runtime.settings.reset_options)
    monkeypatch.setitem(sys.modules, "pulumi_aws", cast("ModuleType", _PulumiAws()))
    code = compile(block.text, str(block), "exec")
    scope: dict[str, object] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> None:
        exec(code, scope)  # noqa: S102 - our own pages

    pulumi.runtime.set_mocks(_Mocks(), project="docs")
    pulumi.runtime.set_config("docs:organizationId", "o-exampleorg1")
    program()
    for name, defined in list(scope.items()):
        if name.startswith("test_") and callable(defined):
            defined()


def test_the_native_providers_advantages_name_tests_that_there_are() -> None:
    rows = pages.rows(
        pages.section(pages.ROOT / "docs" / "native.md", "What only the native provider can do")
    )
    named = {name for row in rows for name in pages.ticked(row[3])}
    tests = "".join(file.read_text() for file in (pages.ROOT / "tests" / "engine").glob("test_native*.py"))
    assert len(named) > 4
    assert not {name for name in named if f"def {name}(" not in tests}
