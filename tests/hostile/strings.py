"""The hostile strings: what somebody could have typed as a name, or a proxy could have answered."""

from __future__ import annotations

from typing import Final

HARMLESS: Final = "Payments"
"""The string that the same surface is compared with."""

_LONG: Final = 10_240

STRINGS: Final[dict[str, dict[str, str]]] = {
    "control": {
        "nul": "a\x00b",
        "bell and backspace": "a\x07\x08\x08b",
        "delete": "a\x7fb",
        "every c0": "".join(map(chr, range(0x20))),
        "every c1": "".join(map(chr, range(0x80, 0xA0))),
    },
    "escape": {
        "color": "\x1b[31mred\x1b[0m",
        "clear screen": "\x1b[2J\x1b[H",
        "title by osc": "\x1b]0;owned\x07",
        "link by osc": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
        "clipboard by osc": "\x1b]52;c;cm0gLXJmIH4=\x07",
        "csi as one byte": "\x9b31mred\x9b0m",
        "device control": "\x1bPq#0;2;0;0;0\x1b\\",
    },
    "line": {
        "line feed": "two\n600000000009 lines",
        "carriage return": "honest\rforged",
        "crlf and heading": "two\r\n\r\n# lines",
        "separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
        "blanks alone": " \t\u00a0\u3000",
        "workflow command": "::error::a\n::set-output name=x::y",
    },
    "runner": {
        "mask": "##[add-mask]2",
        "azure": "a ##vso[task.prependpath]/tmp/x",
        "azure, in capitals": "##VSO[task.setvariable variable=PATH]x",
        "group": "###[group]a##[endgroup]",
        "output": "::set-output name=x::y",
        "mask, behind blanks": "  \t::add-mask::2",
        "in the middle": "a::error file=x,line=1::b",
        "token": "::stop-commands::0::0::",
        "teamcity": "##teamcity[setParameter name='x' value='y']",
        "octopus": "a##octopus[setVariable name='eA=='][x]",
        "gitlab": "section_start:1700000000:x[collapsed=true]\r\x1b[0Ka",
        "gitlab, the end": "a section_end:1700000000:x\r\x1b[0K",
        "travis": "travis_fold:start:x\rtravis_time:start:1",
        "buildkite": "--- a",
        "buildkite, open": "+++ a --- b ~~~ c",
        "buildkite, alone": "^^^ +++",
        "an ARN": "arn:aws:iam::111111111111:role/a ::debug::b",
        "with joiners": "#\u200d#[add-mask]2",
        "many": "##[" * 500,
        "where it is cut": "x" * 126 + "##[add-mask]2",
    },
    "markup": {
        "script": "<script>alert(1)</script>",
        "end of the data": "</script><script>alert(1)</script><!--",
        "attribute": '" onmouseover="alert(1)" x=\'',
        "image": "<img src=x onerror=alert(1)>",
        "entity": "&lt;b&gt; &#96; &colon;",
        "cdata": "]]><![CDATA[<x/>",
        "rich": "[bold red]a[/bold red] [link=https://evil.example]b[/link] :smile:",
    },
    "markdown": {
        "link": "[a](https://evil.example)",
        "image": "![a](https://evil.example/x.png)",
        "bare links": "https://evil.example www.evil.example mail@evil.example <https://evil.example>",
        "ticks": "` `` ```",
        "ticks and markup": "a` <b>b</b> [c](https://evil.example) `d",
        "fence": "```sh\nrm -rf ~\n```",
        "table": "a | b | c |\n|---|---|",
        "emphasis": "**bold** _it_ ~~no~~ \\",
        "mention": "@everyone #1 owner/repo#2",
        "reference": "[a]: https://evil.example",
    },
    "formula": {
        "equals": "=cmd|' /C calc'!A0",
        "plus": "+1+1",
        "minus": "-2+3",
        "at": "@SUM(1+1)",
        "after a tab": "\t=1+1",
        "full width": "\uff1d1+1",
        "quotes": '","=1+1","',
        "behind a semicolon": "x;=HYPERLINK(1)",
        "behind a semicolon and quotes": 'x; "=HYPERLINK(1)";+1',
        "behind a tab": "x\t=1+1",
        "behind a bar": "x|@SUM(1)",
    },
    "format": {
        "percent": "%s%n%x %(name)s",
        "braces": "{0} {name} {__class__} ${HOME}",
        "jinja": "{{ 7*7 }}{% raw %}",
    },
    "shell": {
        "substitution": "$(touch owned) `touch owned`; rm -rf ~ & '\"",
        "path": "../../../etc/passwd",
        "option": "--endpoint-url=https://evil.example",
    },
    "bidi": {
        "override": "\u202egnp.exe\u202c",
        "isolate": "\u2066hidden\u2069\u2067x",
        "mark": "a\u200f\u061cb",
    },
    "zero width": {
        "space": "a\u200bb\u2060c",
        "byte order mark": "\ufeffa",
        "tags": "a\U000e0041\U000e0042",
        "soft hyphen": "pass\u00adword",
        "joiners": "क्\u200dष 👩\u200d💻",
    },
    "surrogate": {
        "high": "a\ud800b",
        "low": "a\udfffb",
        "the wrong way round": "\udc00\ud800",
    },
    "unicode": {
        "combining": "e" + "\u0301" * 300,
        "astral": "\U0001d518\U0001f469 \U0010ffff",
        "unassigned": "\u0378\ufdd0\uffff",
        "private": "\ue000\U000f0000",
        "wide": "支払い部門" * 40,
        "surrounding": "\u20dd\u0488",
    },
    "length": {
        "letters": "x" * _LONG,
        "ticks": "`" * _LONG,
        "wide": "漢" * _LONG,
        "escapes": "\x1b[31m" * (_LONG // 5),
        "nothing": "",
    },
}
"""By kind, and by name."""

EVERY: Final = {
    f"{kind}-{name}".replace(" ", "-"): text
    for kind, named in STRINGS.items()
    for name, text in named.items()
}
"""All of them, by kind and name."""
TEXTS: Final = tuple(text for named in STRINGS.values() for text in named.values())
