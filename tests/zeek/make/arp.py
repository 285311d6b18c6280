"""Captures of ARP for the btests: ``python -m tests.zeek.make.arp``."""

from __future__ import annotations

import struct
from ipaddress import ip_address

from tests.zeek.make.layer2 import Timed, frame, mac, spaced, write

EVERYBODY, NOBODY = "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"
PLC, HMI, SPARE, ATTACKER = (f"02:00:00:00:00:{n}" for n in ("51", "52", "53", "66"))
PLC_IP, HMI_IP = "10.10.20.10", "10.10.10.5"
ASK, ANSWER = 1, 2


def arp(
    kind: int, holder: str, ip: str, other: str, other_ip: str, *, sender: str = "",
    vlans: tuple[int, ...] = (),
) -> bytes:  # fmt: skip
    """A frame in which ``holder`` claims ``ip``; sent by ``sender`` if that is somebody else."""
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, kind) + mac(holder) + ip_address(ip).packed
    body += mac(other) + ip_address(other_ip).packed
    target = EVERYBODY if kind == ASK else other
    return frame(sender or holder, target, 0x0806, body, vlans)


def captures() -> dict[str, list[Timed]]:
    """Every capture by name."""
    who = arp(ASK, HMI, HMI_IP, NOBODY, PLC_IP)
    here = arp(ANSWER, PLC, PLC_IP, HMI, HMI_IP)
    poison = arp(ANSWER, ATTACKER, PLC_IP, HMI, HMI_IP)
    return {
        "normal": spaced([who, here, arp(ASK, SPARE, "0.0.0.0", NOBODY, "10.10.20.77"), who, here]),
        "tagged": spaced([arp(ASK, HMI, HMI_IP, NOBODY, PLC_IP, vlans=(7,)),
                          arp(ANSWER, PLC, PLC_IP, HMI, HMI_IP, vlans=(7,))]),
        # The attacker's answers take turns with the controller's.
        "spoofed": spaced([who, here, poison, here, poison]),
        "replaced": spaced([here]) + spaced([arp(ASK, SPARE, PLC_IP, NOBODY, PLC_IP)], 30),
        "expired": spaced([here]) + spaced([arp(ASK, SPARE, PLC_IP, NOBODY, PLC_IP)], 4000),
        "proxied": spaced([arp(ANSWER, PLC, PLC_IP, HMI, HMI_IP, sender=ATTACKER)] * 3),
        "malformed": spaced([here[:20], here[:18] + b"\xff" + here[19:], here]),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    for name, frames in captures().items():
        write("arp", name, frames)


if __name__ == "__main__":
    main()
