"""A plot of a curve as SVG: what was measured as a line with dots, what theory says as a dashed one.

Plain enough to be read in a diff; light and dark, as the reader's system is.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bench.figure import Curve

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 54, 44
_STYLE: Final = """\
<style>
  text { font: 13px sans-serif; fill: #24292f }
  .axis { stroke: #8c959f; fill: none }
  .measured { stroke: #0969da; fill: none; stroke-width: 2 }
  .dot { fill: #0969da }
  .limit { stroke: #bc4c00; fill: none; stroke-width: 2; stroke-dasharray: 6 4 }
  @media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } }
</style>"""


def svg(curve: Curve) -> str:
    """Draw a curve, from nothing up on both axes."""
    most_n = max(curve.measured)
    most = max(*curve.measured.values(), *curve.limit.values())
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
            f"<title>{escape(curve.what)} against the number of approvals</title>",
            _STYLE,
            *_legend(curve),
            *_axes(curve, most_n, most),
            _line("limit", curve.limit, most_n, most),
            _line("measured", curve.measured, most_n, most),
            *_dots(curve.measured, most_n, most),
            "</svg>",
            "",
        ]
    )


def _legend(curve: Curve) -> Iterator[str]:
    for number, (kind, text) in enumerate((("measured", curve.what), ("limit", curve.limit_is))):
        y = 16 + 20 * number
        yield f'<path class="{kind}" d="M{_LEFT} {y}h30"/>'
        yield f'<text x="{_LEFT + 38}" y="{y + 4}">{escape(text)}</text>'


def _axes(curve: Curve, most_n: int, most: float) -> Iterator[str]:
    low = _HEIGHT - _BOTTOM
    yield f'<path class="axis" d="M{_LEFT} {_TOP}V{low}H{_WIDTH - _RIGHT}"/>'
    for n in curve.measured:
        x, _ = _at(n, 0, most_n, most)
        yield f'<text x="{x}" y="{low + 18}" text-anchor="middle">{n:,}</text>'
    yield f'<text x="{_WIDTH - _RIGHT}" y="{low + 36}" text-anchor="end">approvals</text>'
    for value in (0, most / 2, most):
        _, y = _at(0, value, most_n, most)
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:.3g}</text>'
    yield f'<text x="4" y="{_TOP - 10}">{escape(curve.unit)}</text>'


def _line(kind: str, values: Mapping[int, float], most_n: int, most: float) -> str:
    points = " ".join("{},{}".format(*_at(n, value, most_n, most)) for n, value in values.items())
    return f'<polyline class="{kind}" points="{points}"/>'


def _dots(values: Mapping[int, float], most_n: int, most: float) -> Iterator[str]:
    for n, value in values.items():
        x, y = _at(n, value, most_n, most)
        yield f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>'


def _at(n: int, value: float, most_n: int, most: float) -> tuple[int, int]:
    """The position of a point, in whole pixels."""
    x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * n / most_n
    y = _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * value / most
    return round(x), round(y)
