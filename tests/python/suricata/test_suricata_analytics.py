"""From a real Suricata's EVE to an ECS document: technique, tactic, asset, severity and card."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rulekit import all_cases, rules
from tests.suricata import engine

from gaugeglass.alerts.build import to_alert
from gaugeglass.attack.table import technique
from gaugeglass.config import Config
from gaugeglass.detections import (
    controller_mode_change,
    device_restart,
    firmware_update,
    program_transfer,
    reporting_suppressed,
    rule_cards,
    sensor_alert,
    write_by_new_client,
)
from gaugeglass.detections.context import make_context
from gaugeglass.formats import ecs
from gaugeglass.inventory.build import build
from gaugeglass.ledger.ingest import ingest
from gaugeglass.ledger.store import connect
from gaugeglass.rules.parse import OPERATIONS, Rule

SEVERITY = {"Critical": "critical", "Major": "high", "Minor": "low", "Informational": "info"}
EXPECTED = {
    "write": write_by_new_client, "stop": controller_mode_change, "program": program_transfer,
    "restart": device_restart, "firmware": firmware_update, "suppress": reporting_suppressed,
}  # fmt: skip


def documents(folder: Path, capture: Path) -> list[dict[str, Any]]:
    """ECS documents of what Suricata alerts on a capture, through ledger and inventory."""
    logs = folder / "logs"
    logs.mkdir()
    joined = engine.joined(engine.rule_files(), folder / "all.rules")
    line = engine.command(engine.installed()[0], joined, logs, "-r", str(capture))
    subprocess.run(line, check=True, capture_output=True)
    report = ingest([logs / "eve.json"], folder / "state", workers=1)
    assert not [a.samples for a in report.accounts if a.rejected]
    db = connect(folder / "state")
    assets = build(db, Config())
    first, last = db.execute("SELECT min(ts), max(ts) FROM notices").fetchone()  # type: ignore[misc]
    context = make_context(db, first, last + timedelta(minutes=1))
    by_address = {a: asset for asset in assets for a in (*asset.ips, *asset.macs)}
    found = [to_alert(f, sensor_alert.DETECTION, "test", by_address)
             for f in sensor_alert.find(context)]  # fmt: skip
    return [ecs.alert(alert, by_address, "site") for alert in found]


@pytest.mark.suricata
@pytest.mark.skipif(shutil.which("suricata") is None, reason="suricata is not on PATH")
@pytest.mark.parametrize("operation", EXPECTED)
def test_an_alert_becomes_a_document(tmp_path: Path, operation: str) -> None:
    by_sid: dict[int, Rule] = {rule.sid: rule for rule in rules()}
    # both ends of a TCP session are seen, so that both are assets
    case, rule = next(
        (case, by_sid[sid]) for case in all_cases() for sid, n in case.wanted.items()
        if n and sid in by_sid and by_sid[sid].operation == operation
        and by_sid[sid].protocol not in ("udp", "ip") and "midstream" not in case.name
    )  # fmt: skip
    found = documents(tmp_path, case.capture)
    mine = [d for d in found if d["gaugeglass"]["sensor_rule"] == f"1:{rule.sid}:{rule.rev}"]
    assert len(mine) >= 1, [d["message"] for d in found]
    document = mine[0]
    shown = [technique(i) for i in rule.techniques]
    threat = document["threat"]
    assert threat["framework"] == "MITRE ATT&CK"
    assert set(threat["technique"]["id"]) == {t.parent or t.id for t in shown}
    assert set(rule.metas("mitre_tactic_id")) <= set(threat["tactic"]["id"])
    assert document["gaugeglass"]["severity"] == SEVERITY[rule.severity or ""]
    card = EXPECTED[operation].DETECTION.card
    assert document["gaugeglass"]["card"]["meaning"] == card.meaning
    assert document["gaugeglass"]["card"]["check"] == list(card.check)
    assert document["rule"]["description"] == card.meaning
    assert document["event"]["action"] == operation
    assert rule.msg in document["message"]
    assert document["host"]["ip"]
    assert document["gaugeglass"]["assets"][0]["role"]
    assert document["source"]["ip"]
    assert document["destination"]["ip"]
    assert document["network"]["community_id"].startswith("1:")


def test_every_operation_has_a_card() -> None:
    assert set(rule_cards.CARDS) == set(OPERATIONS)
    assert rule_cards.card(None) is None
    assert rule_cards.card("dance") is None
    for card in rule_cards.CARDS.values():
        assert len(card.meaning) > 60
        assert len(card.check) >= 2
        assert card.avoid
