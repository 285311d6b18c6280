"""Notices as a sensor raises them, over a link that mends itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from gaugeglass.sensor.link import Address, LinkError, Misunderstood, linked, plain

TOPIC = "/gaugeglass/sensor/notices/"
FIELDS = (
    "ts", "node", "note", "msg", "sub", "identifier", "uid", "src", "dst", "techniques",
)  # fmt: skip
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


def tail(
    to: Address, tell: Callable[[dict[str, Any]], None], say: Callable[[str], None],
    count: int | None = None, pause: Callable[[float], None] = time.sleep,
) -> None:  # fmt: skip
    """Give each notice to ``tell``, until ``count`` were told; for ever with None.

    A link that breaks is made again, after pauses that double up to a minute; ``say`` hears of
    it, since what is raised meanwhile stands in the sensor's notice.log only. Raises LinkError
    where the first link can't be made: then the address is wrong.
    """
    told, delay, was_linked = 0, FIRST_PAUSE, False
    while True:
        try:
            with linked(to, [TOPIC]) as zeek:
                if was_linked:
                    say(f"{to}: linked again; notices raised meanwhile are in its notice.log")
                was_linked, delay = True, FIRST_PAUSE

                def heard(*args: Any, zeek: Any = zeek) -> None:
                    nonlocal told
                    tell(notice(to, plain(args[0])))
                    told += 1
                    if told == count:
                        zeek.stop()

                # zeekpy hands over what Zeek wrote to a handler with *args alone.
                zeek.on("OTLink::notice_told", lambda *args: heard(*args))
                zeek.consume()
                return
        except Misunderstood:
            raise
        except LinkError as err:
            if not was_linked:
                raise
            say(f"{err} (trying again in {delay:g} s)")
        pause(delay)
        delay = min(2 * delay, LONGEST_PAUSE)


def notice(to: Address, values: list[Any]) -> dict[str, Any]:
    """A notice by its fields' names, with its sensor; ``ts`` is a time in UTC."""
    if len(values) != len(FIELDS):
        raise Misunderstood(to)
    found = dict(zip(FIELDS, values, strict=True))
    found["ts"] = datetime.fromtimestamp(float(found["ts"]), UTC)
    return {**found, "sensor": str(to)}
