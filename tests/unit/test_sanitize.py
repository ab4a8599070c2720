"""Names as somebody typed them, which can only be read."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aws_org_features.common import sanitize

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": True})

HOSTILE = (
    "",
    "   ",
    "two\nlines",
    "two\r\n\r\n# lines",
    "\u2028## next",
    "[a](https://evil.example)",
    "![a](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "https://evil.example www.evil.example mail@evil.example",
    "`",
    "``",
    "` `` ```",
    "```sh\nrm -rf ~\n```",
    "a ` b `` c",
    "\\`[x](y)\\`",
    "&lt;b&gt; &#96;",
    "a | b | c",
    "**bold** _it_ ~~no~~",
    "\u202egnp.exe\u202c",
    "\u2066hidden\u2069 \u200b \ufeff \U000e0041",
    "\x1b[31mred\x1b[0m \x07 \x00 \x7f \x9b",
    "lone \ud800 surrogate",
    "x" * 10_240,
    "`" * 10_240,
    "\u0301" * 300,
    "क्\u200dष 👩\u200d💻",
)

texts = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="`|\\[]()<>!#*_~&;:/.@-=+ \n\r\t\u2028\u202eaw", max_size=60),
    st.sampled_from(HOSTILE),
)


@settings(deadline=None)
@given(texts)
def test_a_line_is_one_line_that_turns_and_hides_nothing(text: str) -> None:
    shown = sanitize.line(text)
    assert len(shown) <= sanitize.LONGEST
    assert shown == " ".join(shown.split())
    assert len(shown.splitlines()) <= 1
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for c in shown if unicodedata.category(c) in hidden and c not in "\u200c\u200d"]
    shown.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Payments (prod)", "Payments (prod)"),
        ("Büro für Öffentlichkeit", "Büro für Öffentlichkeit"),
        ("क्\u200dष 👩\u200d💻", "क्\u200dष 👩\u200d💻"),
        ("two\r\n lines", "two lines"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("a" * 129, "a" * 127 + "…"),
    ],
)
def test_readable_parts_are_kept(text: str, shown: str) -> None:
    assert sanitize.line(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("##[add-mask]2", "# #[add-mask]2"),
        ("a ###vso[task.prependpath]x", "a ## #vso[task.prependpath]x"),
        ("::set-output name=x::y", ": :set-output name=x: :y"),
        ("a section_start:1:x\r\x1b[0Ky", "a section_ start:1:x \ufffd[0Ky"),
        ("travis_fold:end:x", "travis_ fold:end:x"),
        ("--- a +++", "- -- a + ++"),
        ("^^^ +++", "^ ^^ + ++"),
    ],
)
def test_a_runners_command_is_broken_by_a_blank(text: str, shown: str) -> None:
    assert sanitize.line(text) == sanitize.message(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::111111111111:role/a",
        "arn:aws:iam::aws:policy/a",
        "arn:aws:s3:::a",
        "#1 [a]",
        "a-b---c ----",
    ],
)
def test_text_that_is_no_command_is_left(text: str) -> None:
    assert sanitize.line(text) == sanitize.json_text(text) == text


@settings(deadline=None)
@given(st.text(alphabet="#[:ave- +~^", max_size=40))
def test_a_broken_command_is_left_as_it_is(text: str) -> None:
    assert sanitize.line(sanitize.line(text)) == sanitize.line(text)


@settings(deadline=None)
@given(st.text(alphabet='#[:avo"\\\n -', max_size=40))
def test_json_says_the_same_without_commands(text: str) -> None:
    written = sanitize.json_text(json.dumps({"a": text}))
    assert json.loads(written) == {"a": text}
    assert "##[" not in written
    assert "::a" not in written


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
        ('x; "=1+1', "x; \"'=1+1"),
        ("x\t+1", "x\t'+1"),
        ("x|@a", "x|'@a"),
        ("a;b-c", "a;b-c"),
    ],
)
def test_no_part_of_a_cell_is_a_formula(text: str, cell: str) -> None:
    assert sanitize.cell(text) == cell


@settings(deadline=None)
@given(texts)
def test_a_message_is_longer_and_as_harmless(text: str) -> None:
    shown, whole = sanitize.message(text), sanitize.line(text, 99_999)
    assert len(shown) <= sanitize.LONGEST_MESSAGE
    assert shown == sanitize.line(shown, 99_999)
    assert whole.startswith(shown.partition("…")[0])
    assert whole.endswith(shown.rpartition("…")[2])


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("a\x1b\nb", "a\x1b\nb"),
        ("\U0001f469", "\U0001f469"),
        ("a\ud800b", "a\ufffdb"),
        ("\udfff", "\ufffd"),
        ("\ud83d\udc69", "\U0001f469"),
        ("", ""),
    ],
)
def test_half_a_character_is_none(text: str, carried: str) -> None:
    assert sanitize.whole(text) == carried


@settings(deadline=None)
@given(texts, texts)
@example("`", "``")
@example("a`", "`b")
def test_markdown_takes_nothing_in_a_name_for_markup(name: str, email: str) -> None:
    named = sanitize.code(name)
    source = f"Known as {named}, {sanitize.code(email)}, to its owner.\n\n- one: {named}\n"
    tokens = MARKDOWN.parse(source)
    assert [t.type for t in tokens if t.nesting == 1] == [
        "paragraph_open",
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
    ]
    inline = [child for t in tokens for child in t.children or []]
    assert {child.type for child in inline} <= {"text", "code_inline"}
    shown = [sanitize.line(each) for each in (name, email, name)]
    assert [child.content for child in inline if child.type == "code_inline"] == [s for s in shown if s]


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=6))
def test_a_cell_is_no_formula_and_comes_back_as_it_was(values: list[str]) -> None:
    cells = [sanitize.cell(value) for value in values]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n＝＋－＠")]  # noqa: RUF001 - full width
    assert [cell.replace("'", "") for cell in cells] == [value.replace("'", "") for value in values]
    written = io.StringIO(newline="")
    csv.writer(written).writerow(cells)
    assert list(csv.reader(io.StringIO(written.getvalue(), newline=""))) == [cells]
