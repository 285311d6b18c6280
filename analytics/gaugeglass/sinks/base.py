"""What a sink is, and which there are.

A sink file in this folder defines ``SCHEMES``, the URL schemes it serves, and
``open_url(url: SinkUrl) -> Sink``. It imports nothing heavy at its top: every sink file is
imported to learn its schemes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Protocol

from gaugeglass.alerts.model import Alert
from gaugeglass.inventory.model import Asset
from gaugeglass.sinks.url import SinkError, SinkUrl

__all__ = ["Context", "Delivery", "Sink", "SinkError", "open_sink", "schemes"]


@dataclass(frozen=True)
class Context:
    """What an alert is shown with: the site's name and the assets by address."""

    site: str = ""
    assets: Mapping[str, Asset] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """What became of some alerts, by id. ``error`` says why any failed, and the remedy."""

    sent: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    error: str | None = None


class Sink(Protocol):
    """Takes alerts somewhere. ``name`` identifies it from run to run and holds no secret."""

    name: str

    def send(self, alerts: Sequence[Alert], context: Context) -> Delivery:
        """Deliver; what is reported as sent has left this machine's hands or is on its disk.

        Trouble is reported in the result, not raised. After a failure the same alerts may be
        sent again: a receiver may see one twice (with the same id), never zero times.
        """
        ...

    def close(self) -> None:
        """Let go of what is held; whatever was reported as sent stays sent."""
        ...


@cache
def schemes() -> dict[str, Callable[[SinkUrl], Sink]]:
    """URL scheme to the function that opens it, from the files of this folder, by scheme."""
    package = importlib.import_module(__package__)
    found: dict[str, Callable[[SinkUrl], Sink]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{__package__}.{info.name}")
        for scheme in getattr(module, "SCHEMES", ()):
            if scheme in found:
                raise RuntimeError(f"two sinks serve {scheme!r}; one is {module.__name__}")
            found[scheme] = module.open_url
    return dict(sorted(found.items()))


def open_sink(url: str) -> Sink:
    """The sink for ``url``. Raises :class:`SinkError`, which names the sink and the remedy."""
    parsed = SinkUrl.parse(url)
    known = schemes()
    if parsed.scheme not in known:
        close = get_close_matches(parsed.scheme, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise SinkError(
            f"sink {parsed.shown!r}: unknown scheme {parsed.scheme!r}{hint}"
            f" Known: {', '.join(f'{s}:' for s in known)}"
        )
    return known[parsed.scheme](parsed)
