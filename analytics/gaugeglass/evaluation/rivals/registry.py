"""The rivals there are: every module here that defines ``RIVAL``, by name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from gaugeglass.evaluation.rivals.base import Rival


@cache
def rivals() -> tuple[Rival, ...]:
    """All rivals, sorted by name."""
    found = []
    for module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
        rival = getattr(importlib.import_module(f"{__package__}.{module}"), "RIVAL", None)
        if isinstance(rival, Rival):
            found.append(rival)
    return tuple(sorted(found, key=lambda r: r.name))
