"""Every rule has the shape, the tags and the cases that the ruleset promises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from rulekit import BLOCKS, CLASSTYPES, RULES, VARIABLES, all_cases, rules, where
from tests.suricata.makers._silent import SILENT

from gaugeglass.attack.table import UnknownTechnique, tactics, technique
from gaugeglass.rules import midstream
from gaugeglass.rules.parse import OPERATIONS, SEVERITIES, TWINS, Rule, read_file

KEYS = (
    "attack_target", "ot_protocol", "ot_operation", "created_at", "updated_at", "deployment",
    "confidence", "signature_severity",
)  # fmt: skip
TAGS = ("mitre_tactic_id", "mitre_tactic_name", "mitre_technique_id", "mitre_technique_name")
TACTICS = {t.id: t.name for t in tactics()}


def faults(check: Callable[[Rule], str | None]) -> list[str]:
    return [f"{where(rule)}: {said}" for rule in rules() if (said := check(rule))]


def shape(rule: Rule) -> str | None:
    names = [name for name, _ in rule.options]
    once = [name for name, n in Counter(names).items() if n > 1 and name in
            ("msg", "flow", "threshold", "classtype", "sid", "rev", "metadata")]  # fmt: skip
    if once:
        return f"repeats {once}"
    missing = {"msg", "classtype", "sid", "rev", "metadata"} - set(names)
    if missing:
        return f"has no {sorted(missing)}"
    if names[0] != "msg" or names[-3:] != ["sid", "rev", "metadata"]:
        return "begins with msg, ends with sid, rev, metadata"
    tail = [n for n in names if n in ("threshold", "detection_filter", "reference", "classtype")]
    if names[-3 - len(tail) : -3] != tail or tail[-1] != "classtype":
        return f"threshold, reference, classtype stand before sid, not as {names}"
    if "flow" in names and names[1] not in ("flow", "requires"):
        return "flow follows msg"
    return None


def header(rule: Rule) -> str | None:
    if (rule.action, rule.direction) != ("alert", "->"):
        return f"is {rule.action} and {rule.direction}"
    if {rule.source, rule.source_ports, rule.target, rule.target_ports} == {"any"}:
        return "watches any any -> any any"
    head = f"{rule.source} {rule.source_ports} {rule.target} {rule.target_ports}"
    unknown = set(re.findall(r"\$(\w+)", head)) - VARIABLES
    return f"uses {sorted(unknown)}, no variables of the stock yaml" if unknown else None


def words(rule: Rule) -> str | None:
    if not re.match(r"OT \S+ \S", rule.msg):
        return f"msg {rule.msg!r} does not begin with OT and a protocol"
    if rule.option("classtype") not in CLASSTYPES:
        return f"classtype {rule.option('classtype')} is not a stock one"
    return None if rule.rev >= 1 else "has no rev"


def metadata(rule: Rule) -> str | None:
    keys = tuple(key for key, _ in rule.metadata)
    tags = keys[len(KEYS) :]
    if keys[: len(KEYS)] != KEYS or tags != TAGS * (len(tags) // 4) or not 4 <= len(tags) <= 12:
        return f"metadata is {keys}"
    if rule.operation not in OPERATIONS:
        return f"ot_operation {rule.operation}"
    if rule.severity not in SEVERITIES:
        return f"signature_severity {rule.severity}"
    if rule.meta("confidence") not in ("High", "Medium", "Low"):
        return f"confidence {rule.meta('confidence')}"
    if rule.meta("deployment") not in ("Internal", "Perimeter"):
        return f"deployment {rule.meta('deployment')}"
    try:
        made, changed = (date.fromisoformat((rule.meta(key) or "").replace("_", "-"))
                         for key in ("created_at", "updated_at"))  # fmt: skip
    except ValueError as error:
        return str(error)
    return None if made <= changed else "was updated before it was made"


def attack(rule: Rule) -> str | None:
    values = [rule.metas(key) for key in TAGS]
    if len(set(rule.techniques)) != len(rule.techniques):
        return "names a technique twice"
    for tactic_id, tactic_name, identity, name in zip(*values, strict=True):
        try:
            known = technique(identity)
        except UnknownTechnique as error:
            return str(error)
        if name != known.name.replace(" ", "_"):
            return f"{identity} is {known.name}, not {name}"
        if tactic_id not in dict(known.tactics):
            return f"{identity} has the tactics {known.tactics}, not {tactic_id}"
        if tactic_name != TACTICS[tactic_id].replace(" ", "_"):
            return f"{tactic_id} is {TACTICS[tactic_id]}, not {tactic_name}"
    return None


@pytest.mark.parametrize(
    "check", [shape, header, words, metadata, attack], ids=lambda f: f.__name__
)
def test_every_rule_has(check: Callable[[Rule], str | None]) -> None:
    assert faults(check) == []


def test_no_rule_is_switched_off_in_its_file() -> None:
    off = [where(r) for f in sorted(RULES.glob("*.rules")) for r in read_file(f) if not r.enabled]
    assert off == []


def test_sids_are_unique_and_in_the_block_of_their_file() -> None:
    twice = [sid for sid, n in Counter(rule.sid for rule in rules()).items() if n > 1]
    assert twice == []
    wrong = [where(r) for r in rules() if r.sid // 1000 != BLOCKS.get(r.file.stem)]
    assert wrong == []
    messages = Counter(rule.msg for rule in rules())
    assert [msg for msg, n in messages.items() if n > 1] == []


def test_every_block_has_its_file() -> None:
    assert {path.stem for path in RULES.glob("*.rules") if path.name != TWINS} == set(BLOCKS)


def test_twins_are_up_to_date_and_every_stream_rule_names_its_direction() -> None:
    """A rule without a direction is searched for in the replies of every other protocol."""
    made = (RULES / TWINS).read_text(encoding="utf-8")
    assert made == midstream.text(rules()), "gaugeglass rules sids --twins > ot-midstream.rules"
    both = [where(r) for r in rules() if r.protocol == "tcp" and r.option("flow") == "established"]
    assert both == []


def test_what_does_not_alert_is_a_step_towards_a_rule_that_does() -> None:
    """And that rule's cases show that the step is taken."""
    bits: dict[str, dict[str, set[int]]] = {"set": {}, "isset": {}}
    for rule in rules():
        for name, value in rule.options:
            kind, _, bit = (value or "").partition(",")
            if name in ("flowbits", "xbits") and kind in bits:
                bit = f"{name} {bit.partition(',')[0]}"
                bits[kind].setdefault(bit, set()).add(rule.sid)
    steps = {rule.sid for rule in rules() if "noalert" in dict(rule.options)}
    useless = {sid for bit, sids in bits["set"].items() if bit not in bits["isset"] for sid in sids}
    assert sorted(steps & useless) == []
    assert sorted(steps - set().union(*bits["set"].values())) == []


def test_every_rule_has_a_positive_and_a_negative_case() -> None:
    fires = {sid for case in all_cases() for sid, n in case.wanted.items() if n}
    silent = {sid for case in all_cases() for sid, n in case.wanted.items() if not n}
    sids = {rule.sid for rule in rules()}
    steps = {rule.sid for rule in rules() if "noalert" in dict(rule.options)}
    assert sorted(sids - fires - steps) == [], "no case in which these fire"
    assert sorted(fires & steps) == [], "these cannot fire"
    assert sorted(sids - silent) == [], "no case made to show these silent"
    assert sorted((fires | silent) - sids) == [], "cases name sids that no rule has"


def test_who_is_said_to_have_a_silent_server_is_a_case() -> None:
    by_name = {case.name: case.wanted for case in all_cases()}
    assert {
        name for name, counts in SILENT.items() if counts.items() - by_name[name].items()
    } == set()


def _intervals(listed: str) -> list[tuple[int, int]]:
    """First and last port of each entry of ``[a,b:c]``, ``any`` or a variable of the stock yaml."""
    listed = {"any": "0:65535", **midstream.STOCK}.get(listed, listed)
    found = []
    for entry in listed.strip("[]").split(","):
        low, colon, high = entry.partition(":")
        found.append((int(low), int(high or (65535 if colon else low))))
    return found


def test_every_udp_port_has_a_group_of_its_own() -> None:
    """Suricata keeps 40 groups to the server; more, and all others are joined for every port.

    Then cameras' video, which is most of the UDP in a plant, would be searched for all patterns.
    """
    ranges = set()
    for rule in rules():
        to_server = "to_client" not in (rule.option("flow") or "")
        if rule.protocol in ("udp", "ip", "snmp", "dns") and to_server:
            ranges.update(_intervals(rule.target_ports))
    assert (0, 65535) not in ranges
    cuts = sorted({first for first, _ in ranges} | {last + 1 for _, last in ranges})
    pieces = [a for a, b in pairwise(cuts) if any(f <= a and b - 1 <= z for f, z in ranges)]
    assert len(pieces) <= 40
