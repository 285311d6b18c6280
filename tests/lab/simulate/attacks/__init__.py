"""Attack families in five sets that are never mixed.

``dev`` may be looked at while thresholds and features are chosen. ``test`` families are only for
measuring; whoever tunes does not look at which of them are missed. ``fresh`` families were drafted
when the models were done, and are run to measure what is published; once a model was changed with
that result known they are no longer fresh. ``seen`` families were once fresh, and were looked at.
The present fresh ones were run on 2026-11-26 and models were changed since: a new figure needs new
ones. ``apart`` families were drafted from what intruders do and from the plant alone, without sight
of the models, of the rules or of what either finds; they were run on 2026-11-26 (seeds 81 and 82).
A family is one function here; its strength, moment and length are drawn anew for each run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

import numpy as np

from ..plant import ip
from ..world import MINUTE, Channel, World
from ..zeeklog import SECOND, Ints

MODULES = {
    "dev": ("dev_process", "dev_network"),
    "test": ("held_process", "held_reads", "held_network"),
    "seen": ("fresh_process", "fresh_network"),
    "fresh": ("unseen_process", "unseen_network"),
    "apart": ("apart_process", "apart_network"),
}


@dataclass
class Scene:
    """One staging of an attack, from ``first`` to ``last``; ``strength`` is in (0, 1]."""

    world: World
    name: str
    first: int
    last: int
    strength: float

    @cached_property
    def rng(self) -> np.random.Generator:
        """Dice of this staging."""
        return self.world.rng(f"scene {self.name} {self.first}")

    def spread(self, count: int) -> Ints:
        """``count`` moments anywhere in the scene."""
        drawn = self.rng.integers(self.first, self.last, max(count, 1))
        return np.unique(drawn).astype(np.int64)

    def every(self, seconds: float, jitter: float = 0.1) -> Ints:
        """Moments ``seconds`` apart, from first to last."""
        step = seconds * SECOND
        count = max(int((self.last - self.first) / step), 1)
        noise = self.rng.normal(0, jitter * step / 3, count).clip(-0.4 * step, 0.4 * step)
        ts = self.first + (np.arange(count) + 0.4) * step + noise
        return np.sort(ts).astype(np.int64)

    def channel(self, client: str, server: str, mac: str | None = None) -> Channel:
        """A connection of this scene's own."""
        from ..machines import SERVICES

        port, service = SERVICES[server]
        proto = "udp" if port == 47808 else "tcp"
        own = f"{self.name} {self.first}"
        return self.world.channel(client, server, port, service, proto, 0, own, mac)


@dataclass(frozen=True)
class Family:
    """An attack family. ``stranger``: it needs a host or a conduit that a quiet plant lacks."""

    name: str
    title: str
    techniques: tuple[str, ...]
    entities: tuple[str, ...]  # names of hosts, the actor first
    minutes: tuple[int, int]  # shortest and longest
    stranger: bool
    act: Callable[[Scene], None]
    hours: tuple[float, float] = (0.0, 24.0)  # of the day, UTC, in which it may begin

    def length(self, rng: np.random.Generator) -> int:
        """How long a staging lasts (microseconds)."""
        return int(rng.uniform(*self.minutes) * MINUTE)

    def addresses(self) -> tuple[str, ...]:
        """Addresses of the entities (a name that is no host's is an address)."""
        return tuple(ip(e) if "." not in e else e for e in self.entities)


_FOUND: dict[str, Family] = {}


def family(
    title: str, techniques: str, entities: str, minutes: tuple[int, int], stranger: bool = False,
    hours: tuple[float, float] = (0.0, 24.0),
) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:  # fmt: skip
    """Register the decorated function as a family under its own name."""

    def register(act: Callable[[Scene], None]) -> Callable[[Scene], None]:
        name = str(act.__name__)  # type: ignore[attr-defined]
        if name in _FOUND:
            raise ValueError(f"two families are called {name}")
        _FOUND[name] = Family(
            name, title, tuple(techniques.split()), tuple(entities.split()), minutes, stranger,
            act, hours,
        )  # fmt: skip
        return act

    return register


def families(which: str) -> dict[str, Family]:
    """The families of a set of ``MODULES``."""
    names: list[str] = []
    for module in MODULES[which]:
        code = import_module(f"{__name__}.{module}")
        names += [n for n, f in _FOUND.items() if f.act.__module__ == code.__name__]
    return {name: _FOUND[name] for name in names}
