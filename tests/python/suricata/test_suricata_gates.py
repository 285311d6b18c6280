"""Polling opens no gate: what other rules wait at, mostly steps without an alert.

That whatever those rules look for opens it is shown by their own cases.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from rulekit import rules
from tests.suricata import engine
from tests.suricata.run import cases

BIT = re.compile(r"set,ot\.\w+\.(?:other|deed)$")
GATES = {r.sid: r for r in rules()
         if any(k == "flowbits" and BIT.match(v or "") for k, v in r.options)}  # fmt: skip
#: With any bit on a flow Suricata looks at what rules that wait at another one ask of the payload.
SETTERS = {
    r.sid: r for r in rules()
    if any(k == "flowbits" and (v or "").startswith("set,") for k, v in r.options)
}  # fmt: skip
ORDINARY = {
    1926085, 1926110, 1926111,  # openings of OPC UA, which has no gate
    1928093, 1928094,  # a connection without CONNECT; MQTT's takes the bit away again
}  # fmt: skip
SURICATAS = engine.installed()


def test_there_are_gates_and_rules_wait_at_each() -> None:
    assert len(GATES) >= 12
    waiting = {v for r in rules() for k, v in r.options if k == "flowbits" and v}
    for gate in GATES.values():
        sets = dict(gate.options)["flowbits"] or ""
        assert sets.replace("set,", "isset,") in waiting, gate.sid


def test_every_listed_name_is_of_a_zone_that_is_looked_up() -> None:
    """The step that spares other names the lists knows each last label that the lists have."""
    at = {v: [r for r in rules() if (r.option("flowbits") or "") == v]
          for v in ("set,ot.dns.public", "isset,ot.dns.public")}  # fmt: skip
    (step,), waiting = at.values()
    zones = re.search(r"\\\.\(\?:([a-z|]+)\)", step.option("pcre") or "")
    listed = {
        z for r in waiting for z in re.findall(r"\\\.([a-z]+)(?=[|)])", r.option("pcre") or "")
    }
    assert len(waiting) == 3
    assert zones
    assert {"com", "cloud", "ms"} <= listed
    assert listed == set(zones[1].split("|"))


@pytest.mark.suricata
@pytest.mark.skipif(not SURICATAS, reason="suricata is not on PATH")
@pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)
def test_polls_open_no_gate(suricata: str, tmp_path: Path) -> None:
    """With their ``noalert`` taken out, what sets a bit is silent over every polling case."""
    telling = tmp_path / "gates.rules"
    telling.write_text("".join(f"{r.text.replace(' noalert;', '')}\n" for r in SETTERS.values()))
    polls = [case.capture for case in cases(["*-polling*"])]
    assert polls
    with engine.engine(suricata, [telling]) as running:
        set_by = {p.parent.name: set(o.alerts) for p, o in running.run(polls)}
    assert {name: sids for name, sids in set_by.items() if sids & set(GATES)} == {}
    assert set().union(*set_by.values()) <= ORDINARY


@pytest.mark.suricata
@pytest.mark.skipif(not SURICATAS, reason="suricata is not on PATH")
@pytest.mark.parametrize("suricata", SURICATAS, ids=lambda p: Path(p).name)
def test_no_rule_has_the_streams_of_other_servers_kept(suricata: str, tmp_path: Path) -> None:
    """Ports without a group of their own share one; a rule on streams there is for all of them."""
    on_streams = {
        r.sid for r in rules()
        if r.protocol == "tcp" and r.option("flow") == "established,to_client"
    }  # fmt: skip
    assert on_streams
    joined = engine.joined(engine.rule_files(), tmp_path / "all.rules")
    dump = ["dump-to-disk=yes", "include-rules=yes"]
    more = [part for d in dump for part in ("--set", f"detect.profiling.grouping.{d}")]
    done = subprocess.run([*engine.command(suricata, joined, tmp_path), *more, "-T"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    groups = json.loads((tmp_path / "rule_group.json").read_text("utf-8"))["tcp"]["toclient"]
    held = {(g["port"], g["port2"]): {r["sig_id"] for r in g["rulegroup"]["rules"]} for g in groups}
    own = {span for span, sids in held.items() if on_streams & sids}
    assert own
    assert not any(high - low > 10 for low, high in own), own
