"""Every protocol file of this folder, found by looking: adding a protocol is adding a file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import gaugeglass.protocols as here
from gaugeglass.protocols.base import Source


@cache
def sources() -> dict[str, Source]:
    """All sources by kind.

    Raises:
        ValueError: two protocol files claim the same kind.
    """
    found: dict[str, Source] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(here.__path__)):
        loaded = importlib.import_module(f"{here.__name__}.{module}")
        for source in getattr(loaded, "SOURCES", ()):
            if source.kind in found:
                raise ValueError(f"{module}: the log kind {source.kind!r} is claimed twice")
            found[source.kind] = source
    return found


def ignoring(kind: str, reason: str) -> Source:
    """A source that only counts its rows."""
    return Source(kind, {}, used="FALSE", ignored=reason)
