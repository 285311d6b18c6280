"""The role of an asset: the best supported of what its traffic and its words speak for.

Each rule looks at one kind of evidence and gives a role with a score of 0 to 100; rules that agree
strengthen each other. Below ``FLOOR`` nothing is said. The sentence kept with the role is what an
operator would want to hear as the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gaugeglass.inventory import rules_clients, rules_servers
from gaugeglass.inventory.hints import hints
from gaugeglass.inventory.model import ROLES, Fact
from gaugeglass.inventory.subject import Subject, Vote
from gaugeglass.inventory.traffic import Profile
from gaugeglass.inventory.vocabulary import names

FLOOR = 30

RULES: tuple[Callable[[Subject], Iterator[Vote]], ...] = (
    rules_servers.router,
    rules_servers.controller,
    rules_servers.maker,
    rules_servers.outstation,
    rules_servers.cyclic_io,
    rules_servers.gateway,
    rules_servers.things,
    rules_servers.office,
    rules_clients.operator,
    rules_clients.master_station,
    rules_clients.engineering,
    rules_clients.database_reader,
)
AGREEMENT = 3
AGREEMENT_MAX = 9


@dataclass(frozen=True)
class Role:
    """A role, how well it is supported (0 to 100), and why."""

    name: str
    score: int
    why: str


def role(subject: Subject) -> Role:
    """The role of ``subject``."""
    if not subject.local:
        return Role("external", 100, _outside(subject.profile))
    votes: dict[str, list[Vote]] = {}
    for rule in RULES:
        for vote in rule(subject):
            votes.setdefault(vote.role, []).append(vote)
    for hint in hints(subject.facts):
        votes.setdefault(hint.role, []).append(Vote(hint.role, hint.score, hint.why))
    best: Role | None = None
    for name in ROLES:
        cast = sorted(votes.get(name, []), key=lambda v: (-v.score, v.why))
        if not cast:
            continue
        score = min(100, cast[0].score + min(AGREEMENT_MAX, AGREEMENT * (len(cast) - 1)))
        if score >= FLOOR and (best is None or score > best.score):
            best = Role(name, score, "; ".join(v.why for v in cast[:3]))
    return best or Role("unknown", 0, _nothing(subject.profile, subject.facts))


def _outside(profile: Profile) -> str:
    said = "its address is in none of the site's networks"
    if profile.serves:
        said += f"; serves {names(sorted(profile.serves)[:4])}"
    if profile.uses:
        said += f"; used {names(sorted(profile.uses)[:4])} inside"
    return said


def _nothing(profile: Profile, facts: tuple[Fact, ...]) -> str:
    if profile.serves or profile.uses:
        seen = names(sorted({*profile.serves, *profile.uses})[:4])
        return f"only {seen} seen, too little to tell a role"
    if profile.tried:
        return f"asked for {names(sorted(profile.tried)[:4])} and got no answer"
    if facts:
        return "claims, but no traffic of its own"
    return "seen, but in no exchange that was answered"
