"""The ways there are: every module here that defines ``WAY``, by name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from gaugeglass.behaviour.ways.base import Way


@cache
def ways() -> tuple[Way, ...]:
    """All ways of being abnormal, sorted by name."""
    found: list[Way] = []
    for module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
        way = getattr(importlib.import_module(f"{__package__}.{module}"), "WAY", None)
        if way is not None:
            found.append(way)
    return tuple(sorted(found, key=lambda way: way.name))
