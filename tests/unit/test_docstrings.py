"""A docstring begins with a verb or a noun phrase, so that a reader sees whether it's an act or a value."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("bench", "emulator", "examples", "plugin", "provider", "tests", "tools")
QUESTION = re.compile(r"(?:What|Who|Whom|Whose|Which|How|When|Where|Whether|Why)\b")


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Those of modules, classes and functions, and the strings below assignments."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        before: list[ast.stmt | None] = [None, *body]
        for above, statement in zip(before, body, strict=False):
            documented = above is None or isinstance(above, ast.Assign | ast.AnnAssign)
            if documented and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                yield statement.value


def questions(source: str) -> list[str]:
    found = [text.value for text in docstrings(ast.parse(source)) if isinstance(text.value, str)]
    return [text.splitlines()[0] for text in found if QUESTION.match(text)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_docstring_begins_like_a_question(folder: str) -> None:
    files = sorted(each for each in (ROOT / folder).rglob("*.py") if ".venv" not in each.parts)
    assert files
    assert {
        str(file.relative_to(ROOT)): begun
        for file in files
        if (begun := questions(file.read_text(encoding="utf-8")))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is."""',
        'class A:\n    """How it ends."""',
        'def a():\n    """Whether it is."""',
        'A = 1\n"""Who it is."""',
        'class A:\n    a: int\n    """Where it is."""',
    ],
)
def test_a_docstring_like_a_question_is_found(source: str) -> None:
    assert len(questions(source)) == 1


def test_verbs_noun_phrases_and_other_strings_pass() -> None:
    assert questions('"""The whole."""\ndef a():\n    """Return whether it is."""\n    b("""What""")\n') == []
