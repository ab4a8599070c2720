"""Regenerate the tables and diagrams in every page."""

from __future__ import annotations

from tools.docs import blocks, generated

if __name__ == "__main__":
    for page in blocks.PAGES:
        page.write_text(generated.filled(page.read_text()))
