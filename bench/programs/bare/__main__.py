"""A dynamic resource that makes the calls, and nothing of them."""

from bare import Bare

Bare("bare")
