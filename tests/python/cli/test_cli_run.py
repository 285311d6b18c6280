"""The commands as a person runs them: outputs, formats, exit codes, hostile values."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import cli_logs
import pytest
from click.testing import CliRunner, Result

from gaugeglass.cli.main import cli

HOSTILE = [
    "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "line\nbreak\r\nmore", "\x1b[31mred\x1b]0;title\x07",
    "nul\x00nul",
    "[bold red]markup[/]", "right\u202eleft", "sep\u2028sep", "A" * 1_000_000, "{{7*7}}",
    "'; DROP TABLE activity; --",
]  # fmt: skip


def invoke(*args: str | Path, code: int = 0, text: str | None = None) -> Result:
    """Run the command line in this process."""
    result = CliRunner().invoke(cli, [str(a) for a in args], input=text)
    assert result.exit_code == code, (result.output, result.exception)
    return result


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the tiny site's logs; its output folder."""
    folder = tmp_path_factory.mktemp("site")
    cli_logs.modbus(folder / "logs")
    invoke("run", folder / "logs", "--out", folder / "out")
    return folder / "out"


def state(site: Path) -> list[str]:
    return ["--state", str(site / "state")]


def test_run_finds_the_write_and_writes_every_file(site: Path) -> None:
    names = {p.name for p in site.iterdir()}
    assert {"alerts.jsonl", "alerts.csv", "assets.jsonl", "assets.csv", "attack-layer.json",
            "report.html", "state"} <= names  # fmt: skip
    alerts = [json.loads(line) for line in (site / "alerts.jsonl").read_text().splitlines()]
    wrote = [a for a in alerts if "10.0.0.66" in a["related"]["ip"]]
    assert wrote, "the unasked write was not found"
    assert any("T1692.001" in a.get("threat", {}).get("technique", {}).get("id", [])
               or "T1692" in a.get("threat", {}).get("technique", {}).get("id", [])
               for a in wrote)  # fmt: skip
    assert all(a["@timestamp"] >= "2026-11-22T00:30" for a in alerts), "alert on learned time"
    assert "10.0.0.66" in (site / "report.html").read_text()


def test_a_second_run_changes_nothing(site: Path) -> None:
    before = (site / "alerts.jsonl").read_bytes()
    invoke("run", site.parent / "logs", "--out", site)
    assert (site / "alerts.jsonl").read_bytes() == before
    rows = invoke(*state(site), "query", "SELECT sum(count) AS n FROM activity", "--format", "json")
    assert json.loads(rows.stdout) == [{"n": cli_logs.MINUTES * 6 + 3}]


@pytest.mark.parametrize("command", [["assets"], ["alerts"], ["alerts", "--incidents"],
                                     ["query", "SELECT * FROM assets"], ["detect"]])  # fmt: skip
def test_every_list_has_every_format(site: Path, command: list[str]) -> None:
    for fmt in ("table", "json", "jsonl", "csv"):
        out = invoke(*state(site), *command, "--format", fmt).stdout
        assert out.strip()
        if fmt == "json":
            assert isinstance(json.loads(out), list)
        if fmt == "jsonl":
            assert all(isinstance(json.loads(line), dict) for line in out.splitlines())
        if fmt == "csv":
            table = list(csv.reader(io.StringIO(out)))
            assert len({len(row) for row in table}) == 1


def test_fail_on_is_the_only_way_to_three(site: Path) -> None:
    invoke(*state(site), "detect", code=0)
    invoke(*state(site), "detect", "--fail-on", "high", code=3)
    invoke(*state(site), "detect", "--fail-on", "critical", code=0)


def test_what_was_approved_is_shown_and_fails_nothing(site: Path) -> None:
    listed = json.loads(invoke(*state(site), "alerts", "--format", "json").stdout)
    assert {a["decision"] for a in listed} == {None}
    loud = [a["id"] for a in listed if a["severity"] in ("high", "critical")]
    for alert in loud:
        invoke(*state(site), "baseline", "approve", alert)
    invoke(*state(site), "detect", "--fail-on", "high", code=0)
    shown = {
        a["id"]: a["decision"]
        for a in json.loads(invoke(*state(site), "alerts", "--format", "json").stdout)
    }
    assert {shown[i] for i in loud} == {"approved"}
    assert "approved" in invoke(*state(site), "alerts").stdout
    for alert in loud:
        invoke(*state(site), "baseline", "undo", alert)
    invoke(*state(site), "detect", "--fail-on", "high", code=3)


def test_usage_and_configuration_errors_name_the_remedy(site: Path, tmp_path: Path) -> None:
    invoke("run", code=2)
    empty = CliRunner().invoke(cli, ["--state", str(tmp_path / "none"), "assets"])
    assert empty.exit_code != 0
    assert "gaugeglass ingest" in str(empty.exception)
    config = tmp_path / "g.toml"
    config.write_text("[site]\nnmae = 'x'\n")
    wrong = CliRunner().invoke(cli, ["--config", str(config), "config", "show"])
    assert "did you mean 'name'" in str(wrong.exception)


@pytest.mark.parametrize("sql", [
    "DROP VIEW activity", "COPY (SELECT 1) TO '/tmp/x.csv'", "ATTACH '/etc/passwd' AS p",
    "SET threads = 1", "SELECT 1; DELETE FROM alerts", "INSTALL httpfs", "",
    "CREATE TABLE t AS SELECT 1", "PRAGMA database_list",
])  # fmt: skip
def test_query_only_reads(site: Path, sql: str) -> None:
    result = CliRunner().invoke(cli, [*state(site), "query", sql])
    assert result.exit_code != 0


def test_query_reads_no_other_file(site: Path) -> None:
    for sql in ("SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM read_csv('/etc/hosts')", "SELECT * FROM glob('/*')"):  # fmt: skip
        result = CliRunner().invoke(cli, [*state(site), "query", sql])
        assert result.exit_code != 0, sql
        assert "root:" not in result.output


def test_query_reads_sql_from_stdin(site: Path) -> None:
    out = invoke(*state(site), "query", "-", "--format", "csv", text="SELECT 41 + 1 AS n").stdout
    assert out.split() == ['"n"', '"42"'] or out.split() == ["n", "42"]


def test_navigator_layer_names_what_fired(site: Path, tmp_path: Path) -> None:
    invoke(*state(site), "attack", "layer", "-o", tmp_path / "layer.json")
    layer = json.loads((tmp_path / "layer.json").read_text())
    assert layer["domain"] == "ics-attack"
    assert any(t["techniqueID"].startswith("T1692") for t in layer["techniques"])


def test_ingest_accounts_for_every_row(tmp_path: Path) -> None:
    rows = cli_logs.modbus(tmp_path / "logs")
    with (tmp_path / "logs" / "modbus.log").open("a") as log:
        log.write("not a row\n")
    (tmp_path / "logs" / "empty.log").write_text("")
    out = invoke("--state", tmp_path / "s", "ingest", tmp_path / "logs", "--format", "json").stdout
    by_kind = {r["kind"]: r for r in json.loads(out)}
    assert by_kind["modbus"]["read"] == rows + 1
    assert by_kind["modbus"]["rejected"] == 1
    assert "empty file" in by_kind["empty"]["why"]


def test_hostile_values_are_harmless_everywhere(tmp_path: Path) -> None:
    cli_logs.modbus(tmp_path / "logs")
    cli_logs.hostile_http(tmp_path / "logs", HOSTILE)
    out = tmp_path / "out"
    shown = invoke("run", tmp_path / "logs", "--out", out)
    shown_assets = invoke("--state", out / "state", "assets", "--evidence")
    claims = invoke("--state", out / "state", "query", "SELECT value FROM claims")
    control = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]")
    for text in (shown.output, shown_assets.output, claims.output):
        assert not control.search(text)
    as_csv = invoke("--state", out / "state", "query", "SELECT value FROM claims",
                    "--format", "csv").stdout  # fmt: skip
    for row in csv.reader(io.StringIO(as_csv)):
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    page = (out / "report.html").read_text()
    assert "<script>alert" not in page
    assert "onerror=alert" not in page.replace("onerror=alert(1)&gt;", "")
    for file in [*out.glob("*.json*"), *out.glob("*.csv"), out / "report.html"]:
        text = file.read_text()
        assert "hunter2" not in text, f"a password in {file.name}"
    everything = b"".join(p.read_bytes() for p in (out / "state").rglob("*") if p.is_file())
    assert b"hunter2" not in everything
    listed = invoke(
        "--state", out / "state", "query", "SELECT * FROM activity", "--format", "jsonl"
    )
    assert "hunter2" not in listed.stdout
    assert "basic_authentication" in listed.stdout
