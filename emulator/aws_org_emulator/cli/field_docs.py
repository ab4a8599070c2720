"""The documentation of a dataclass's fields: the string below each in its source.

Python keeps no docstrings of fields, so they are read from the source.
"""

import ast
import inspect
import re
import textwrap
from typing import Any

_SENTENCE = re.compile(r".*?\.(?=\s|$)")


def field_docs(kind: type[Any]) -> dict[str, str]:
    """The docstrings of a class's fields, each on one line.

    Returns:
        By the fields' names, in their order; fields without one aren't there.
    """
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class
    said: dict[str, str] = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as doc)):
                said[name] = " ".join(doc.split())
    return said


def first_sentence(text: str) -> str:
    """A text's first sentence, or all of it if nothing ends one."""
    found = _SENTENCE.match(text)
    return found[0] if found else text
