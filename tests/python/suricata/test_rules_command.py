"""`gaugeglass rules`: list, check, build, install and sids, on a sensor of its own."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from rulekit import ROOT, RULES, rules
from tests.suricata import engine

from gaugeglass.cli.main import cli
from gaugeglass.rules import archive, check, install, loading, parse, settings, shipped, sids

SURICATAS = engine.installed()
needs = pytest.mark.skipif(not SURICATAS, reason="suricata is not on PATH")
each = pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)

CONF = """\
%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[10.0.0.0/8]"
    EXTERNAL_NET: "!$HOME_NET"
  port-groups:
    MODBUS_PORTS: 502
default-rule-path: RULES
rule-files:
  - suricata.rules
outputs:
  - fast:
      enabled: no
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      types:
        - alert
        - flow
app-layer:
  protocols:
    modbus:
      enabled: no
      detection-ports:
        dp: 502
    dnp3:
      enabled: no
      detection-ports:
        dp: 20000
    enip:
      enabled: no
      detection-ports:
        dp: 44818
        sp: 44818
    mqtt:
      enabled: yes
stream:
  memcap: 64mb
  reassembly:
    depth: 1mb
classification-file: CLASSES
"""
RULE = (
    'alert modbus any any -> any $MODBUS_PORTS (msg:"OT Modbus x"; modbus: access write;'
    " sid:1920001; rev:2; metadata:ot_protocol modbus, ot_operation write,"
    " signature_severity Minor, mitre_technique_id T0836, mitre_technique_id T1692.001;)\n"
)
OTHER = 'alert tcp any any -> any 102 (msg:"OT S7 y"; content:"x"; sid:1923001; rev:1;)\n'


@pytest.fixture
def sensor(tmp_path: Path) -> Path:
    """A folder with a suricata.yaml, its rules and rules of ours to install."""
    classes = tmp_path / "classification.config"
    classes.write_text("config classification: misc-attack,Misc Attack,2\n")
    text = CONF.replace("RULES", str(tmp_path / "data" / "rules")).replace("CLASSES", str(classes))
    (tmp_path / "suricata.yaml").write_text(text)
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "ot-modbus.rules").write_text("# why\n" + RULE)
    (ours / "ot-s7comm.rules").write_text(OTHER)
    (ours / "disable.conf").write_text("1:2250002\n")
    shutil.copy(RULES / "gaugeglass.yaml", ours)
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["rules", *map(str, arguments)])


def test_a_rule_is_read() -> None:
    rule = parse.parse(RULE, Path("x.rules"), 1)
    assert rule is not None
    assert (rule.sid, rule.rev, rule.msg, rule.protocol) == (1920001, 2, "OT Modbus x", "modbus")
    assert rule.techniques == ("T0836", "T1692.001")
    assert (rule.operation, rule.severity, rule.target_ports) == ("write", "Minor", "$MODBUS_PORTS")
    assert rule.option("modbus") == "access write"
    assert parse.parse("# only words", Path("x"), 1) is None
    off = parse.parse("#" + RULE, Path("x"), 1)
    assert off is not None
    assert not off.enabled
    with pytest.raises(parse.RuleError, match="x:7"):
        parse.parse("alrt tcp", Path("x"), 7)
    odd = parse.parse(
        'alert tcp any any -> any [1,2] (msg:"a\\; b"; content:"\\;"; sid:1;)', Path("x"), 1
    )
    assert odd is not None
    assert (odd.msg, odd.option("content"), odd.target_ports) == ("a; b", '"\\;"', "[1,2]")


def test_list_filters() -> None:
    found = json.loads(call("list", "--technique", "t1692", "--format", "json").stdout)
    assert found
    assert all(any(t.startswith("T1692") for t in r["techniques"]) for r in found)
    modbus = json.loads(call("list", "--protocol", "modbus", "--severity", "major", "--format",
                             "json").stdout)  # fmt: skip
    assert {(r["protocol"], r["severity"]) for r in modbus} == {("modbus", "Major")}
    everything = call("list", "--format", "jsonl").stdout.splitlines()
    assert len(everything) == len(rules())
    assert "it was revoked; use" in call("list", "--technique", "T0855").output
    assert call("list", "--protocol", "modbs").exit_code == 2


def test_sids_md_is_current() -> None:
    made = sids.table(rules())
    assert (RULES / "sids.md").read_text("utf-8") == made, "run: make sids"
    assert call("sids").stdout == made


def test_the_archive_is_the_same_bytes_and_checks(sensor: Path) -> None:
    first = archive.build(sensor / "ours", sensor / "a")
    shutil.copytree(sensor / "ours", sensor / "copy")
    second = archive.build(sensor / "copy", sensor / "b", "https://mirror.example/rules/")
    content = first.archive.read_bytes()
    assert content == second.archive.read_bytes()
    assert hashlib.sha256(content).hexdigest() == first.sha256
    assert Path(f"{first.archive}.sha256").read_text() == f"{first.sha256}  {archive.NAME}\n"
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert Path(f"{first.archive}.md5").read_text().strip() == md5
    with tarfile.open(first.archive) as tar:
        assert tar.getnames() == [f"rules/{n}" for n in (
            "ot-modbus.rules", "ot-s7comm.rules", "disable.conf", "gaugeglass.yaml")]  # fmt: skip
    entry = yaml.safe_load(second.index.read_text())["sources"][archive.SOURCE]
    assert entry["url"] == f"https://mirror.example/rules/{archive.NAME}"
    assert entry["checksum"] is True
    assert first.sha256 in entry["description"]
    with pytest.raises(archive.NoRules):
        archive.pack(sensor / "a")


def test_a_percent_in_a_path_survives_suricata_update() -> None:
    url = archive.source_url(Path("/srv/50 % of it/x.tar.gz"))
    assert url % {} == "file:///srv/50%20%25%20of%20it/x.tar.gz"


@needs
@pytest.mark.suricata
@each
def test_settings_read_without_suricata_are_what_suricata_takes(
    suricata: str, sensor: Path
) -> None:
    conf = sensor / "suricata.yaml"
    more = sensor / "more.yaml"
    more.write_text("%YAML 1.1\n---\nstream:\n  midstream: true\nvars.port-groups.X: 7\n")
    conf.write_text(conf.read_text() + f"include:\n  - {more}\n")
    for includes in ([], [RULES / "gaugeglass.yaml"]):
        said = settings.of_suricata(suricata, conf, includes)
        assert settings.of_file(conf, includes) == said
        assert "stream.memcap" not in said, "a nested key replaces the whole section"
        assert said["vars.port-groups.MODBUS_PORTS"] == "502", "a key with dots does not"
    assert said["app-layer.protocols.mqtt.enabled"] == "yes", "neighbours stay"
    assert said["outputs.1.eve-log.filename"] == "eve.json"
    assert settings.is_on(said, "app-layer.protocols.modbus.enabled")
    assert settings.is_on(said, "outputs.1.eve-log.community-id")


@needs
@pytest.mark.suricata
@each
def test_check_says_what_is_off_and_what_to_do(suricata: str, sensor: Path) -> None:
    (sensor / "ours" / "ot-x.rules").write_text(
        'alert tcp any any -> any $NOWHERE (msg:"OT X a"; sid:1949001; rev:1;)\n'
        'alert tcp any any -> any 1 (msg:"OT X b"; no_keyword; sid:1949002; rev:1;)\n'
    )
    common = ("check", "--suricata", suricata, "--suricata-conf", sensor / "suricata.yaml",
              "--rules", sensor / "ours", "--format", "json")  # fmt: skip
    done = call(*common)
    assert done.exit_code == 1
    said = {(r["level"], r["subject"]): r for r in json.loads(done.stdout)}
    off = said["error", "modbus"]
    assert "1 rules do not load" in off["what"]
    assert "app-layer.protocols.modbus.enabled" in off["remedy"]
    assert "parser of modbus" in said["error", "sid 1920001"]["remedy"]
    assert said["error", "$NOWHERE"]["what"] == "is not defined, and 1 rules use it"
    assert "no_keyword" in said["error", "sid 1949002"]["what"]
    assert "1mb" in said["warning", "stream.reassembly.depth"]["what"]
    assert "community-id" in said["warning", "outputs.1.eve-log"]["what"]
    assert said["ok", "loading"]["what"] == "1 of 4 rules load"
    (sensor / "ours" / "ot-x.rules").unlink()
    done = call(*common, "--include", RULES / "gaugeglass.yaml")
    assert done.exit_code == 0, done.output
    said = {(r["level"], r["subject"]): r for r in json.loads(done.stdout)}
    assert said["ok", "loading"]["what"] == "2 of 2 rules load"
    assert [s for level, s in said if level == "warning"] == ["installed"]


def test_check_works_without_suricata(sensor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = call("check", "--suricata-conf", sensor / "suricata.yaml", "--rules", sensor / "ours",
                "--format", "json")  # fmt: skip
    assert done.exit_code == 1
    assert {"suricata", "modbus", "stream.midstream"} <= {
        r["subject"] for r in json.loads(done.stdout) if r["level"] != "ok"
    }


def test_what_else_check_sees() -> None:
    quiet = {"outputs.0": "eve-log", "outputs.0.eve-log.enabled": "no"}
    assert [r.subject for r in check.outputs(quiet)] == ["eve-log"]
    bare = {"outputs.0": "eve-log", "outputs.0.eve-log.enabled": "yes",
            "outputs.0.eve-log.types.0": "alert", "outputs.0.eve-log.community-id": "yes",
            "outputs.0.eve-log.types.0.alert.metadata": "no"}  # fmt: skip
    assert ["ATT&CK" in r.what for r in check.outputs(bare)] == [True]
    assert [r.level for r in check.outputs({**bare, "outputs.0.eve-log.types.0.alert.metadata":
                                            "yes"})] == ["ok"]  # fmt: skip


def test_refused_rules_in_other_logs_are_known() -> None:
    said = (
        "[3456] 23/11/2026 -- 12:00:00 - (detect.c:1) <Error> (X) -- unknown rule keyword 'y'.\n"
        f'[3456] -- error parsing signature "{OTHER.strip()}" from file /x/a.rules at line 3\n'
    )
    (one,) = loading.failures(said)
    assert one.rule is not None
    assert (one.rule.sid, one.reason) == (1923001, "unknown rule keyword 'y'.")


def outside(sensor: Path) -> install.Sensor:
    return install.Sensor(SURICATAS[0], sensor / "suricata.yaml", sensor / "data")


@needs
@pytest.mark.suricata
def test_install_without_a_network_and_again(sensor: Path) -> None:
    conf = sensor / "suricata.yaml"
    conf.write_text(conf.read_text() + f"include: {RULES / 'gaugeglass.yaml'}\n")
    done = subprocess.run(command(sensor), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = sensor / "data" / "rules" / "suricata.rules"
    sensor_rules = {r.sid: r.enabled for r in parse.read_file(written)}
    assert sensor_rules[1920001]
    assert sensor_rules[1923001]
    assert "suricata-update" in done.stdout
    source = sensor / "data" / "update" / "sources" / "gaugeglass.yaml"
    assert yaml.safe_load(source.read_text())["url"].startswith("file:///")
    # another rule, at once: suricata-update's own quarter of an hour does not hold it back
    (sensor / "ours" / "ot-s7comm.rules").write_text(OTHER + OTHER.replace("1923001", "1923002"))
    done = subprocess.run(command(sensor), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "add-source" not in done.stdout
    assert 1923002 in {r.sid for r in parse.read_file(written)}
    # and a run of suricata-update by itself keeps them
    subprocess.run(
        [install.tool(), "update", "-D", str(sensor / "data"), "--suricata", SURICATAS[0],
         "--suricata-conf", str(conf), "--no-reload"], capture_output=True, check=True,
    )  # fmt: skip
    assert 1923002 in {r.sid for r in parse.read_file(written)}


def command(sensor: Path, *more: str) -> list[str]:
    return [
        sys.executable, "-c", "from gaugeglass.cli import main; main()", "rules", "install",
        "--suricata", SURICATAS[0], "--suricata-conf", str(sensor / "suricata.yaml"),
        "--data-dir", str(sensor / "data"), "--rules", str(sensor / "ours"), *more,
    ]  # fmt: skip


@needs
@pytest.mark.suricata
def test_install_does_not_call_half_a_success_one(sensor: Path) -> None:
    done = subprocess.run(command(sensor), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 of ours are commented out" in done.stderr
    assert "include" in done.stderr


@needs
@pytest.mark.suricata
def test_a_dry_run_does_nothing(sensor: Path) -> None:
    done = subprocess.run(command(sensor, "--dry-run"), capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["add-source", "update"]
    assert "--no-reload" in done.stdout
    assert not (sensor / "data").exists()


def test_sources_that_were_there_stay(sensor: Path) -> None:
    place = install.Sensor("/usr/bin/suricata", sensor / "suricata.yaml", sensor / "data")
    sources = sensor / "data" / "update" / "sources"
    sources.mkdir(parents=True)
    (sources / "site-own.yaml").write_text("source: site/own\nurl: https://x.example/a.tar.gz\n")
    plan = install.plan(place, "suricata-update")
    assert [line[1] for line in plan.commands] == ["add-source", "update"]
    assert any("site-own" in note for note in plan.notes)
    # a source of ours from another place, or one that was disabled, is renewed
    (sources / "gaugeglass.yaml").write_text("source: gaugeglass\nurl: file:///elsewhere\n")
    plan = install.plan(place, "suricata-update")
    assert [line[1] for line in plan.commands] == ["remove-source", "add-source", "update"]


def test_et_open_by_default_is_not_lost(sensor: Path) -> None:
    place = install.Sensor(None, None, sensor / "data")
    cache = sensor / "data" / "update" / "cache"
    cache.mkdir(parents=True)
    (cache / "0123-emerging.rules.tar.gz").write_bytes(b"")
    plan = install.plan(place, "suricata-update", tune=False, reload=True)
    assert [line[1:3] for line in plan.commands[:2]] == [
        ["enable-source", "et/open"], ["add-source", "gaugeglass"]
    ]  # fmt: skip
    assert "--disable-conf" not in plan.commands[-1]
    assert "--no-reload" not in plan.commands[-1]


def test_outcome_counts(sensor: Path) -> None:
    place = install.Sensor(None, None, sensor / "data")
    place.rules.parent.mkdir(parents=True)
    foreign = OTHER.replace("1923001", "2000001")
    place.rules.write_text("# " + RULE + OTHER + foreign)
    ours = [*parse.read(sensor / "ours"), *parse.read_file(RULES / "ot-dnp3.rules")]
    assert install.outcome(place, ours) == Counter(
        enabled=1, off=1, missing=len(ours) - 2, others=1
    )


def test_the_rules_come_with_the_package(tmp_path: Path) -> None:
    source = source_copy(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet",
         "--wheel-dir", str(tmp_path), str(source)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = {n.rsplit("/", 1)[1] for n in packed.namelist() if "/rules/data/" in n}
    there = source / "suricata-rules"
    wanted = {p.name for p in there.glob("*.rules")} | {"gaugeglass.yaml", "disable.conf"}
    assert names == wanted


def source_copy(folder: Path) -> Path:
    """What a build needs, copied so that it leaves nothing in the checkout."""
    target = folder / "source"
    leave = shutil.ignore_patterns("*.egg-info", "__pycache__", "demo")
    for name in ("analytics", "suricata-rules"):
        shutil.copytree(ROOT / name, target / name, symlinks=True, ignore=leave)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, target)
    return target


def test_the_shipped_rules_are_found() -> None:
    assert shipped.folder().resolve() == RULES
    assert shipped.overlay().is_file()
    assert shipped.disable_conf().is_file()
