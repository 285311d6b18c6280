"""The ATT&CK for ICS table: techniques, tactics, the matrix and what became of revoked ids.

The facts stand in ``ics-19.1.json`` beside this file; nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

#: Version of ATT&CK that every id in an output belongs to.
VERSION = "19.1"
_SITE = "https://attack.mitre.org"


class UnknownTechnique(ValueError):
    """An id that the table does not have; the message names the successor of a revoked one."""


@dataclass(frozen=True)
class Tactic:
    """One column of the matrix."""

    id: str
    name: str
    shortname: str  # as Navigator layers spell it: impair-process-control

    @property
    def url(self) -> str:
        """MITRE's page about it."""
        return f"{_SITE}/tactics/{self.id}/"


@dataclass(frozen=True)
class Technique:
    """One ATT&CK for ICS technique or sub-technique, as an alert carries it."""

    id: str
    name: str  # a sub-technique's own name is short: "Command Message"
    tactics: tuple[tuple[str, str], ...]  # (TAxxxx, name)
    parent: str | None = None  # the technique a sub-technique belongs to

    @property
    def full_name(self) -> str:
        """The name that stands alone: ``Unauthorized Message: Command Message``."""
        return f"{technique(self.parent).name}: {self.name}" if self.parent else self.name

    @property
    def url(self) -> str:
        """MITRE's page about it."""
        return f"{_SITE}/techniques/{self.id.replace('.', '/')}/"


@cache
def _data() -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"ics-{VERSION}.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def tactics() -> tuple[Tactic, ...]:
    """All tactics in the matrix's order."""
    return tuple(Tactic(t["id"], t["name"], t["shortname"]) for t in _data()["tactics"])


@cache
def _techniques() -> dict[str, Technique]:
    names = {t.id: t.name for t in tactics()}
    order = list(names)
    return {
        t["id"]: Technique(
            t["id"],
            t["name"],
            tuple((i, names[i]) for i in sorted(t["tactics"], key=order.index)),
            t["parent"],
        )
        for t in _data()["techniques"]
    }


@cache
def _revoked() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pair in _data()["revoked"]:
        found[pair["v18"]] = (*found.get(pair["v18"], ()), pair["v19"])
    return found


def technique(technique_id: str) -> Technique:
    """The technique with this current id. Raises :class:`UnknownTechnique` for any other."""
    known = _techniques().get(technique_id)
    if known is not None:
        return known
    successors = _revoked().get(technique_id)
    remedy = (
        f"it was revoked; use {' or '.join(successors)}" if successors else "it is not in the table"
    )
    raise UnknownTechnique(f"ATT&CK for ICS {VERSION} has no {technique_id!r}: {remedy}")


def is_current(technique_id: str) -> bool:
    """Whether the id is one of this version's techniques or sub-techniques."""
    return technique_id in _techniques()


def crosswalk(old_id: str) -> tuple[str, ...]:
    """Current ids for ``old_id``: its successors if revoked, itself if current, else nothing."""
    return (old_id,) if is_current(old_id) else _revoked().get(old_id, ())


def resolve(ids: Iterable[str]) -> tuple[Technique, ...]:
    """Techniques for ids that a sensor or a rule wrote, in order and each once.

    Revoked ids become their successors. What the ICS table does not know (an Enterprise id, a
    typing error) is left out: an alert carries only what the table can name.
    """
    current = (new for old in ids for new in crosswalk(old.strip()))
    return tuple(_techniques()[i] for i in dict.fromkeys(current))


@cache
def matrix() -> dict[Tactic, tuple[Technique, ...]]:
    """Tactic to its techniques: by name, each followed by its sub-techniques by id."""

    def place(entry: Technique) -> tuple[str, str, str]:
        return (
            (technique(entry.parent).name, entry.parent, entry.id)
            if entry.parent
            else (entry.name, entry.id, "")
        )

    ordered = sorted(_techniques().values(), key=place)
    return {t: tuple(e for e in ordered if t.id in dict(e.tactics)) for t in tactics()}
