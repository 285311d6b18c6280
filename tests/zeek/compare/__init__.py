"""One file a protocol: how tshark's fields read as operations of ``ot_activity.log``.

A comparer is a module with

``LAYERS``
    the names of the protocols, as in tshark's ``frame.protocols`` and ``-J``, whose fields it
    needs: ``("mbtcp", "modbus")``. It is asked only about captures where one occurs.
``SERVICES``
    the values of ``service`` in ``ot_activity.log`` that it speaks for.
``SCRIPTS``
    the files below ``zeek-scripts/`` to load: ``("protocols/modbus.zeek",)``.
``ANALYZERS``
    the compiled analyzers they need, without ``.hlto``; ``()`` for protocols that Zeek knows.
``operations(frames)``
    a function from the frames of one capture (``tests.zeek.tshark.Frame``, in order, without
    TCP's repetitions) to ``Operation`` for each operation in them: one for each request, report or
    command, or one for each object that it names, as the sensor counts them; none for a reply
    to what was asked.

and may have

``OPTIONS``
    further arguments for tshark: ``("-d", "tcp.port==20001,dnp3")``.
``EXPLAINED``
    ``Explained`` differences: those that are tshark's fault or a matter of taste, with the reason.
    They are listed apart.

Addresses are written as Zeek writes them, layer-2 addresses in lower case with colons. ``unit``
and ``object`` are empty where the log has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from tests.zeek.tshark import Frame


class Operation(NamedTuple):
    """Who asked whom for what: the key of ``ot_activity.log`` that both sides must agree on."""

    client: str
    server: str
    unit: str
    operation: str
    object: str

    def __str__(self) -> str:
        return (
            f"{self.client} > {self.server} [{self.unit or '-'}] {self.operation}"
            f" {self.object or '-'}"
        )


class Explained(NamedTuple):
    """A difference that is none of ours: which capture (a glob), which operations (a regular
    expression over ``str(Operation)``), and why."""

    capture: str
    about: str
    reason: str


class Comparer(Protocol):
    """What a module of this package offers."""

    LAYERS: tuple[str, ...]
    SERVICES: tuple[str, ...]
    SCRIPTS: tuple[str, ...]
    ANALYZERS: tuple[str, ...]

    @staticmethod
    def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
        """Every operation in ``frames``."""


def span(first: int, quantity: int) -> str:
    """Points as objects name them: ``7``, or ``7-9`` for three of them."""
    return str(first) if quantity <= 1 else f"{first}-{first + quantity - 1}"
