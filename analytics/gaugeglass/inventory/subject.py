"""What a role rule may look at, and what it answers with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from gaugeglass.inventory.model import Fact
from gaugeglass.inventory.traffic import Dialogue, Profile
from gaugeglass.inventory.vocabulary import ASKING_ONLY, FAMILY, INDUSTRIAL, names
from gaugeglass.ledger.schema import STATE_CHANGING


@dataclass(frozen=True)
class Vote:
    """A rule's word for a role, 0 to 100, and the sentence that says why."""

    role: str
    score: int
    why: str


@dataclass
class Subject:
    """One asset as the rules see it.

    ``controllers`` are the numbers of the assets that serve as such, ``everyone`` the profiles of
    all assets by number.
    """

    number: int
    profile: Profile
    facts: tuple[Fact, ...]
    local: bool
    router: str | None = None
    controllers: frozenset[int] = field(default_factory=frozenset)
    everyone: Sequence[Profile] = ()

    def serves(self, services: frozenset[str]) -> dict[str, Dialogue]:
        """What it serves of ``services``."""
        return {s: d for s, d in self.profile.serves.items() if s in services}

    def uses(self, services: frozenset[str]) -> dict[str, Dialogue]:
        """What it uses of ``services``."""
        return {s: d for s, d in self.profile.uses.items() if s in services}

    def habitual(self, dialogues: dict[str, Dialogue]) -> bool:
        """Whether it has a real share in what some server answers, and for a real part of the time.

        A visitor asks a little, or now and then, of what others ask all day.
        """
        for service, dialogue in dialogues.items():
            for peer in dialogue.contacts:
                whole = self.everyone[peer].serves.get(service)
                mine = whole.contacts.get(self.number) if whole else None
                if whole is None or mine is None:
                    continue
                share = mine.count / max(1, whole.decoded + whole.connections)
                if share >= SHARE and mine.windows >= SPENT * whole.windows:
                    return True
        return False


#: A client's least share in a server's answers, and in the time it answers, to belong to it.
SHARE, SPENT = 0.05, 0.2


def working(dialogues: dict[str, Dialogue]) -> dict[str, Dialogue]:
    """Those in which more was answered than who is there and what it is."""
    return {
        s: d for s, d in dialogues.items()
        if d.decoded > d.did(ASKING_ONLY) or (s not in INDUSTRIAL and d.connections)
    }  # fmt: skip


def serving(dialogues: dict[str, Dialogue]) -> dict[str, Dialogue]:
    """:func:`working`, less BACnet in which it was only told things, as any subscriber is."""
    told = (*ASKING_ONLY, "report", "time")
    return {
        s: d for s, d in working(dialogues).items() if s != "bacnet" or d.decoded > d.did(told)
    }  # fmt: skip


def peers(dialogues: dict[str, Dialogue]) -> set[int]:
    """Everyone in ``dialogues``."""
    return set().union(*(d.peers for d in dialogues.values())) if dialogues else set()


def did(dialogues: dict[str, Dialogue], actions: tuple[str, ...]) -> int:
    """How often any of ``actions`` was done in ``dialogues``."""
    return sum(d.did(actions) for d in dialogues.values())


def changes(dialogues: dict[str, Dialogue]) -> int:
    """How often something was changed."""
    return did(dialogues, STATE_CHANGING)


def span(dialogues: dict[str, Dialogue]) -> timedelta:
    """From the first to the last of ``dialogues``."""
    if not dialogues:
        return timedelta()
    return max(d.last for d in dialogues.values()) - min(d.first for d in dialogues.values())


def families(dialogues: dict[str, Dialogue]) -> set[str]:
    """The protocols in ``dialogues``, layers and versions taken together."""
    return {FAMILY.get(s, s) for s in dialogues}


def several(n: int, noun: str) -> str:
    """``1 controller``, ``1,204 controllers``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def spoken(dialogues: dict[str, Dialogue]) -> str:
    """``Modbus and S7``."""
    return names(dialogues)
