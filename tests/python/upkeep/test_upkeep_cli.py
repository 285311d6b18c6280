"""``gaugeglass baseline`` as a person runs it, over a whole site."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gaugeglass.cli.main import cli

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))
import cli_logs


def invoke(*args: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(a) for a in args])
    assert result.exit_code == code, (result.output, result.exception)
    return result


@pytest.fixture
def site(tmp_path: Path) -> list[str]:
    """A judged site with an alert on an unasked write; the options that name it."""
    cli_logs.modbus(tmp_path / "logs")
    invoke("run", tmp_path / "logs", "--out", tmp_path / "out")
    return ["--state", str(tmp_path / "out" / "state")]


def asked(site: list[str], *args: str) -> list[dict[str, object]]:
    found = json.loads(invoke(*site, *args, "--format", "json").stdout)
    assert isinstance(found, list)
    return found


def news(site: list[str]) -> list[dict[str, object]]:
    """What detection finds now, beyond what is stored: on a copy of nothing but the ledger."""
    manifest = Path(site[1]) / "manifest.sqlite"
    db = sqlite3.connect(manifest)
    with db:
        db.execute("DELETE FROM alerts")
    db.close()
    return [a for a in asked(site, "detect") if "10.0.0.66" in str(a["assets"])]


def test_versions_are_listed_compared_and_put_in_force(site: list[str]) -> None:
    assert [v["version"] for v in asked(site, "baseline", "list")] == [1]
    told = invoke(*site, "learn", "--until", "2026-11-22T00:20").stderr
    assert "baseline version 2 is in force" in told
    assert [v["in_force"] for v in asked(site, "baseline", "list")] == ["", "yes"]
    moved = asked(site, "baseline", "diff", "1", "2")
    assert all(set(d) >= {"change", "kind", "client", "what", "before", "after"} for d in moved)
    back = invoke(*site, "baseline", "use", "1")
    assert "baseline version 1 is in force" in back.stderr
    assert [v["in_force"] for v in asked(site, "baseline", "list")] == ["yes", ""]
    wrong = CliRunner().invoke(cli, [*site, "baseline", "use", "9"])
    assert wrong.exit_code != 0
    assert "there are 1, 2" in str(wrong.exception)


def test_the_same_learning_is_the_same_to_the_byte(site: list[str]) -> None:
    for _ in range(2):
        invoke(*site, "learn", "--until", "2026-11-22T00:30")
    folder = Path(site[1]) / "baselines"
    one, two = ({p.name: p.read_bytes() for p in sorted((folder / n).rglob("*")) if p.is_file()}
                for n in ("0002", "0003"))  # fmt: skip
    assert one == two
    assert {"modes.json", "known_asset.parquet"} <= set(one)


def test_planned_work_is_a_matter_of_record_and_a_strangers_write_is_not(
    tmp_path: Path,
) -> None:
    """The write at 00:50 by a device that is part of the plan, and the same where it is not."""
    cli_logs.modbus(tmp_path / "logs")
    for assets, severities in (("10.0.0.66,10.0.0.20", set()), ("10.0.0.20", {"high"})):
        config = tmp_path / f"{len(assets)}.toml"
        plan = f"2026-11-22T00:45Z/2026-11-22T00:55Z {assets} new panel"
        config.write_text(f'[behaviour]\nmaintenance = ["{plan}"]\nsettle_minutes = 5\n')
        out = tmp_path / f"out{len(assets)}"
        invoke("--config", config, "run", tmp_path / "logs", "--out", out)
        told = asked(["--state", str(out / "state")], "alerts")
        mine = [a for a in told if "10.0.0.66" in str(a["assets"]) and a["severity"] != "info"]
        assert {a["severity"] for a in mine if a["severity"] in ("high", "critical")} == severities
        if not severities:
            assert mine == []


def test_an_approval_silences_what_it_is_about_until_it_is_undone(site: list[str]) -> None:
    alerts = [a for a in asked(site, "alerts") if "10.0.0.66" in str(a["assets"])]
    assert alerts
    for alert in alerts:
        said = invoke(*site, "baseline", "approve", str(alert["id"]), "--note", "ours",
                      "--by", "ana").stderr  # fmt: skip
        assert "gaugeglass baseline undo" in said
    decided = asked(site, "baseline", "decisions")
    assert {(d["verdict"], d["by"], d["note"]) for d in decided} == {("approved", "ana", "ours")}
    assert {d["alert"] for d in decided} == {a["id"] for a in alerts}
    assert news(site) == []
    for decision in decided:
        invoke(*site, "baseline", "undo", str(decision["number"]))
    assert asked(site, "baseline", "decisions") == []
    assert len(asked(site, "baseline", "decisions", "--all")) == len(alerts)
    assert news(site)


def test_all_open_alerts_of_a_severity_are_decided_at_once(site: list[str]) -> None:
    ranks = ("low", "medium", "high", "critical")
    alerts = [a for a in asked(site, "alerts") if a["severity"] in ranks]
    mild = {a["id"] for a in alerts if a["severity"] in ranks[:2]}
    told = invoke(*site, "learn", "--until", "2026-11-22T02:00").stderr
    assert f"{len(alerts)} open alert" in told
    assert "gaugeglass baseline approve" in told
    invoke(*site, "baseline", "approve", "--up-to", "medium", "--by", "ana")
    assert {d["alert"] for d in asked(site, "baseline", "decisions")} == mild
    every = [str(a["id"]) for a in alerts if a["id"] not in mild]
    invoke(*site, "baseline", "approve", *every)
    assert len(asked(site, "baseline", "decisions")) == len(alerts)
    said = invoke(*site, "baseline", "approve", "--up-to", "critical").stderr
    assert "nothing is open" in said
    assert "left out" not in invoke(*site, "learn", "--until", "2026-11-22T02:00").stderr
    for wrong in ([], ["ab", "--up-to", "low"]):
        invoke(*site, "baseline", "approve", *wrong, code=2)


def test_a_rejected_finding_is_left_out_and_said_so(site: list[str]) -> None:
    alert = next(a for a in asked(site, "alerts") if a["client"] == "10.0.0.66")
    invoke(*site, "baseline", "reject", str(alert["id"])[:8])
    told = invoke(*site, "learn", "--until", "2026-11-22T02:00").stderr
    assert "left out" in told
    assert "rejected finding" in told
    known = asked(site, "baseline", "list")
    assert known[-1]["rows_left_out"] != 0
    assert news(site), "what was rejected is known after learning its time"


def test_every_list_has_every_format(site: list[str]) -> None:
    for command in (["list"], ["decisions"], ["diff", "1", "1"], ["drift"]):
        for fmt in ("table", "json", "jsonl", "csv"):
            out = invoke(*site, "baseline", *command, "--format", fmt).stdout
            if fmt == "json":
                assert isinstance(json.loads(out), list)
            if fmt == "csv":
                assert len({len(row) for row in csv.reader(io.StringIO(out))}) == 1


def test_without_a_state_it_says_what_to_run(tmp_path: Path) -> None:
    state = ["--state", str(tmp_path / "none")]
    assert "(none)" in invoke(*state, "baseline", "list").stdout
    for command in (["approve", "ab"], ["decisions"], ["drift"], ["use", "1"]):
        result = CliRunner().invoke(cli, [*state, "baseline", *command])
        assert result.exit_code != 0
        assert "gaugeglass" in str(result.exception)
    assert not (tmp_path / "none").exists()
