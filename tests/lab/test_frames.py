from __future__ import annotations

from . import attacks
from .frames import STARTDT, bacnet, crc, dnp3, iec104, snmp_next
from .plant import load


def test_crc_has_the_check_value_of_its_kind() -> None:
    # CRC-16/DNP: polynomial 0x3D65, reflected, inverted
    assert crc(b"123456789") == (0xEA82).to_bytes(2, "little")


def test_dnp3_blocks_have_a_crc_each() -> None:
    frame = dnp3(2, bytes(20))
    assert frame[:2] == b"\x05\x64"
    assert frame[2] == 5 + 3 + 20
    assert len(frame) == 10 + 16 + 2 + 7 + 2
    assert crc(frame[10:26]) == frame[26:28]


def test_lengths_say_what_follows() -> None:
    frame = iec104(100, 6, 0, b"\x14", 3)
    assert frame[1] == len(frame) - 2
    assert frame[2] == 6  # send number 3
    assert STARTDT[1] == len(STARTDT) - 2
    for broadcast in (True, False):
        told = bacnet(b"\x10\x08", broadcast)
        assert int.from_bytes(told[2:4], "big") == len(told)
    message = snmp_next("public", bytes.fromhex("2b0601"), 5)
    assert message[1] == len(message) - 2


def test_held_out_attacks_share_nothing_with_the_standard_ones() -> None:
    assert not set(attacks.HELD_OUT) & set(attacks.ORDER)
    plant = load()
    here = attacks.__file__.rsplit("/", 1)[0]
    for name in attacks.HELD_OUT:
        with open(f"{here}/{name}.py", encoding="utf-8") as file:  # noqa: PTH123
            text = file.read()
        origin = text.split('ORIGIN = "')[1].split('"')[0]
        assert origin in plant.hosts
