"""What an asset asks of others says of its role: operators, engineers, historians, masters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from gaugeglass.inventory.subject import (
    Subject,
    Vote,
    changes,
    did,
    peers,
    several,
    span,
    spoken,
    working,
)
from gaugeglass.inventory.traffic import Dialogue
from gaugeglass.inventory.vocabulary import (
    ADMIN,
    CONTROLLER,
    DATABASE,
    ENGINEERING,
    INDUSTRIAL,
    LOOKING,
    REQUESTED,
    TELECONTROL,
)

_OPCUA = frozenset({"opcua"})
_POLLED = CONTROLLER | _OPCUA

#: A poller asks this often, or some times over this long; less is a visit.
POLLS, SOME, POLLING = 20, 5, timedelta(minutes=10)

#: Bytes a device, both ways, that a connection without decoded content must carry to be a poll's.
SAID = 200


def operator(subject: Subject) -> Iterator[Vote]:
    """Polls controllers and writes a little."""
    asked = working(subject.uses(_POLLED))
    looks, writes = did(asked, LOOKING), changes(asked)
    devices = len(peers(asked))
    if not devices or not looks + writes:
        yield from _undecoded(subject)
        return
    why = (
        f"polls {several(devices, 'device')} by {spoken(asked)}"
        f" ({several(looks, 'read')}, {several(writes, 'change')})"
    )
    steady = _steady(looks + writes, asked)
    if not subject.habitual(asked):
        yield Vote("hmi", 40, f"{why}, but only on a visit")
        return
    if not looks:
        yield Vote("hmi", 50, f"writes to {several(devices, 'device')} by {spoken(asked)}")
    elif not writes and set(asked) <= _OPCUA:
        yield Vote("hmi", 44, why)
    elif not steady:
        yield Vote("hmi", 48, why)
    else:
        yield Vote("hmi", 75 if devices >= 2 else 68, why)
    clients = peers(subject.profile.serves)
    if devices >= 8 and len(clients) >= 2:
        yield Vote("scada_server", 80, f"{why} and serves {several(len(clients), 'client')}")


def _undecoded(subject: Subject) -> Iterator[Vote]:
    """Connections to controllers in which much was said, though no sensor decoded it."""
    used = subject.uses(_POLLED - {"bacnet"})  # where connections go both ways
    devices = len(peers(used))
    # A port scan finds the same ports open and says nothing.
    said = sum(d.payload for d in used.values())
    if devices and said >= SAID * devices and subject.habitual(used):
        why = f"holds {spoken(used)} connections to {several(devices, 'device')}"
        if set(used) <= _OPCUA:
            yield Vote("historian", 50, why)
            return
        yield Vote("hmi", 58 if devices >= 2 else 46, why)
        clients = peers(subject.profile.serves)
        if devices >= 8 and len(clients) >= 2:
            why += f" and serves {several(len(clients), 'client')}"
            yield Vote("scada_server", 60, why)


def _steady(n: int, asked: dict[str, Dialogue]) -> bool:
    return n >= POLLS or (n >= SOME and span(asked) >= POLLING)


def master_station(subject: Subject) -> Iterator[Vote]:
    """Asks outstations."""
    used = subject.uses(TELECONTROL)
    real = working(used)
    if real:
        n = sum(d.decoded for d in real.values())
        below = several(len(peers(real)), "outstation")
        why = f"is the {spoken(real)} master of {below} ({several(n, 'request')})"
        yield Vote("scada_server", 84 if subject.habitual(real) else 40, why)
    elif used and subject.habitual(used):
        yield Vote(
            "scada_server",
            58,
            f"connects to {several(len(peers(used)), 'outstation')} by {spoken(used)}",
        )


def engineering(subject: Subject) -> Iterator[Vote]:
    """Programs controllers, changes their mode, identifies or administers them."""
    asked = subject.uses(INDUSTRIAL)
    loads, modes = did(asked, ENGINEERING), did(asked, ("mode", "restart"))
    asks = did(asked, ("identify", "discover", "diagnose"))
    if loads:
        # Who polls all day and loads once is an operator's station, whoever sat at it.
        polls = did(asked, LOOKING)
        visits = polls >= 1000 and polls >= 50 * loads and span(asked) >= timedelta(hours=1)
        why = f"loads or fetches programs or firmware ({several(loads, 'request')})"
        yield Vote("engineering_workstation", 60 if visits else 88, why)
    if modes:
        why = f"changes the mode of controllers or restarts them ({several(modes, 'request')})"
        yield Vote("engineering_workstation", 70, why)
    if asks and not subject.serves(INDUSTRIAL):
        # One or two questions are anybody's.
        yield Vote(
            "engineering_workstation",
            52 if asks >= 3 else 25,
            f"identifies or browses devices ({several(asks, 'request')})",
        )
    if subject.controllers:
        admin = {s: d for s, d in subject.uses(ADMIN).items() if d.peers & subject.controllers}
        if (
            admin
            and subject.habitual(admin)
            and any(d.decoded or d.payload for d in admin.values())
        ):
            yield Vote("engineering_workstation", 66,
                       f"administers controllers by {spoken(admin)}")  # fmt: skip


def database_reader(subject: Subject) -> Iterator[Vote]:
    """Reads much, never writes."""
    asked = working(subject.uses(REQUESTED))
    if not asked or changes(asked) or subject.serves(CONTROLLER | TELECONTROL):
        return
    looks = did(asked, LOOKING)
    if not _steady(looks, asked) or not subject.habitual(asked):
        return
    why = (
        f"reads from {several(len(peers(asked)), 'device')} by {spoken(asked)}"
        f" ({several(looks, 'read')}) and never writes"
    )
    if set(asked) <= _OPCUA:
        yield Vote("historian", 78, why)
    elif subject.serves(DATABASE) or subject.uses(DATABASE):
        yield Vote("historian", 79, f"{why}, and keeps or feeds a database")
    else:
        yield Vote("historian", 60, why)
