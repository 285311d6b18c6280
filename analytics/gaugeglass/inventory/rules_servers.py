"""What an asset serves says of its role: controllers, outstations, I/O, gateways, servers."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.inventory.hints import CAMERA_MAKERS, CONTROLLER_MAKERS, NETWORK_MAKERS, made_by
from gaugeglass.inventory.subject import (
    Subject,
    Vote,
    did,
    families,
    peers,
    serving,
    several,
    spoken,
    working,
)
from gaugeglass.inventory.vocabulary import (
    CONTROLLER,
    CYCLIC,
    ENGINEERING,
    INDUSTRIAL,
    IT,
    IT_SERVER,
    PUBLISHED,
    REQUESTED,
    TELECONTROL,
    VIDEO,
)

_WEB = frozenset({"http", "https", "tls", "ssl"})
_OPCUA = frozenset({"opcua"})
_MQTT = frozenset({"mqtt"})


def router(subject: Subject) -> Iterator[Vote]:
    """Frames of other hosts carry its MAC."""
    if subject.router:
        yield Vote("router", 95, subject.router)


def controller(subject: Subject) -> Iterator[Vote]:
    """Answers a controller's protocol."""
    offered = subject.serves(CONTROLLER)
    real = serving(offered)
    if real:
        n = sum(d.decoded for d in real.values())
        clients = several(len(peers(real)), "client")
        why = f"answers {spoken(real)} ({several(n, 'request')} from {clients})"
        loaded = did(real, (*ENGINEERING, "mode"))
        if loaded:
            why += f", {loaded:,} of them for its program, firmware or mode"
        yield Vote("controller", 84 if loaded else 80, why)
    elif any(d.decoded for d in offered.values()):
        score = 56 if set(offered) - {"bacnet"} else 45
        yield Vote("controller", score, f"answers {spoken(offered)} identification requests")
    elif offered:
        # Either side of BACnet listens on the same port.
        score = 62 if set(offered) - {"bacnet"} else 45
        yield Vote("controller", score, f"accepts {spoken(offered)} connections")


def maker(subject: Subject) -> Iterator[Vote]:
    """Made by a maker of controllers, and open for a controller's protocol."""
    name = made_by(subject.facts, CONTROLLER_MAKERS)
    if name and subject.serves(CONTROLLER):
        yield Vote("controller", 56, f"made by {name[:40]}, a maker of controllers")


def outstation(subject: Subject) -> Iterator[Vote]:
    """Answers telecontrol, or publishes as a protection device does."""
    offered = subject.serves(TELECONTROL)
    real = working(offered)
    if real:
        n = sum(d.decoded for d in real.values())
        yield Vote("rtu", 84, f"is a {spoken(real)} outstation ({several(n, 'answer')} to"
                   f" {several(len(peers(real)), 'master')})")  # fmt: skip
    elif offered:
        yield Vote("rtu", 62, f"accepts {spoken(offered)} connections")
    published = {**subject.serves(PUBLISHED), **subject.uses(PUBLISHED)}
    if published:
        yield Vote("rtu", 70, f"publishes {spoken(published)} as a protection device does")


def cyclic_io(subject: Subject) -> Iterator[Vote]:
    """Exchanges cyclic I/O: who answers it and is asked nothing else is I/O, who asks controls."""
    cyclic, asked = subject.serves(CYCLIC), subject.uses(CYCLIC)
    if asked and not cyclic:
        why = f"exchanges cyclic I/O ({spoken(asked)}) with {several(len(peers(asked)), 'device')}"
        yield Vote("controller", 66 if any(d.decoded for d in asked.values()) else 54, why)
    polled = working(subject.serves(CONTROLLER))
    only_reports = polled and all(d.decoded == d.did(("report", "identify", "discover", "connect"))
                                  for d in polled.values())  # fmt: skip
    if (cyclic and not polled) or (only_reports and set(polled) <= {"cip", "enip"}):
        shown = cyclic or polled
        if asked:
            why = f"exchanges cyclic I/O ({spoken(shown)}) with another that may be its controller"
            yield Vote("io_device", 50, why)
            return
        why = f"exchanges cyclic I/O ({spoken(shown)}) and is asked nothing else"
        yield Vote("io_device", 84 if any(d.decoded for d in shown.values()) else 60, why)


def gateway(subject: Subject) -> Iterator[Vote]:
    """Serves industrial protocols and asks others by them."""
    serves, uses = serving(subject.serves(REQUESTED)), working(subject.uses(REQUESTED))
    if not subject.habitual(uses):
        return
    below = len(peers(uses))
    if serves:
        side = f"serves {spoken(serves)} and asks {several(below, 'device')} by {spoken(uses)}"
        if families(uses) - families(serves):
            yield Vote("gateway", 87, side)
        elif (
            below >= 2
            and families(uses) - {"bacnet"}  # whose controllers ask each other by design
            and not did(serves, (*ENGINEERING, "mode"))
        ):
            yield Vote("gateway", 83, f"{side}: it passes on what it collects")
        else:
            yield Vote("gateway", 60, side)
    published = subject.uses(_MQTT)
    if did(published, ("write", "report", "command")) and subject.habitual(published):
        yield Vote(
            "gateway",
            79,
            f"asks {several(below, 'device')} by {spoken(uses)} and publishes by MQTT",
        )


def things(subject: Subject) -> Iterator[Vote]:
    """Cameras, sensors with a broker, switches."""
    video = subject.serves(VIDEO)
    if video:
        yield Vote("iot_device", 76, f"serves {spoken(video)}, a camera's protocol")
    camera = made_by(subject.facts, CAMERA_MAKERS)
    if camera:
        web = subject.serves(frozenset({*_WEB, "telnet", "rtsp"}))
        yield Vote("iot_device", 70 if web else 52, f"made by {camera[:40]}, a camera maker")
    industrial = {**subject.serves(INDUSTRIAL), **subject.uses(INDUSTRIAL)}
    published = subject.uses(_MQTT)
    sent = did(published, ("write", "report", "command"))
    if sent and not industrial and subject.habitual(published):
        yield Vote("iot_device", 64, f"publishes by MQTT ({several(sent, 'message')})")
    maker = made_by(subject.facts, NETWORK_MAKERS)
    if maker and not industrial and not subject.router:
        snmp = subject.serves(frozenset({"snmp"}))
        why = f"made by {maker[:40]}, a maker of network equipment"
        yield Vote("switch", 62 if snmp else 34, why + (", and answers SNMP" if snmp else ""))


def office(subject: Subject) -> Iterator[Vote]:
    """Servers and hosts of the ordinary kind."""
    ua = working(subject.serves(_OPCUA))
    if ua:
        yield Vote("server", 64, f"serves OPC UA to {several(len(peers(ua)), 'client')}")
    elif subject.serves(_OPCUA):
        yield Vote("server", 57, "accepts OPC UA connections")
    broker = subject.serves(_MQTT)
    if broker:
        yield Vote("server", 58, f"is an MQTT broker of {several(len(peers(broker)), 'client')}")
    served = subject.serves(IT_SERVER)
    firm = {s: d for s, d in served.items() if s not in _WEB and s != "smb"}
    if len(peers(served)) >= 3:
        yield Vote(
            "server", 56, f"serves {spoken(served)} to {several(len(peers(served)), 'client')}"
        )
    elif firm:
        yield Vote("server", 48, f"serves {spoken(firm)}")
    both = {**subject.serves(IT - _MQTT), **subject.uses(IT - _MQTT)}
    industrial = {**subject.serves(INDUSTRIAL), **subject.uses(INDUSTRIAL)}
    habitual = subject.habitual(working(subject.uses(INDUSTRIAL)))
    if both and not habitual and not working(subject.serves(INDUSTRIAL)):
        rest = " and no industrial protocol"
        if industrial:
            rest = f"; its {spoken(industrial)} shows no role"
        yield Vote("it_host", 45, f"speaks {spoken(both)}{rest}")
