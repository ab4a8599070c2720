"""A dynamic resource that does nothing: what the engine and its SDK take by themselves."""

from empty import Empty

Empty("empty")
