"""All cases against every Suricata that is here, each from one process that loads once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.suricata import engine
from tests.suricata.run import cases, failures

SURICATAS = engine.installed()


@pytest.mark.suricata
@pytest.mark.skipif(not SURICATAS, reason="suricata is not on PATH")
@pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)
def test_every_rule_loads_and_every_case_passes(suricata: str) -> None:
    with engine.engine(suricata) as running:  # raises where a rule does not load
        result = failures(running, cases())
    failed = [f"{name}: {line}" for name, lines in result.items() for line in lines]
    assert failed == []
