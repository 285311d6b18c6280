"""The btests of the Zeek package, a folder at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ZEEK_TESTS = Path(__file__).resolve().parents[2] / "zeek"
TESTS = sorted(path for path in ZEEK_TESTS.glob("*/*.zeek") if path.parent.name != "scripts")
AREAS = sorted({path.parent.name for path in TESTS})


@pytest.mark.zeek
@pytest.mark.parametrize("area", AREAS)
def test_area(area: str, environment: dict[str, str]) -> None:
    btest = Path(sys.executable).with_name("btest")
    ran = subprocess.run(
        [btest, "-c", "btest.cfg", "-d", area],
        cwd=ZEEK_TESTS, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-6000:]


def test_areas_are_found() -> None:
    assert {"modbus", "dnp3", "mqtt", "snmp"} <= set(AREAS)


def test_every_btest_says_what_it_shows() -> None:
    mute = [
        str(path.relative_to(ZEEK_TESTS))
        for path in TESTS
        if "@TEST-DOC:" not in path.read_text(encoding="utf-8")
    ]
    assert mute == []
