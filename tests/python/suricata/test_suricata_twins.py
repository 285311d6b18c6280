"""Which rules have twins for sessions joined at a server's packet, and how they look for it."""

from __future__ import annotations

from collections import Counter

import pytest
from rulekit import RULES, rules

from gaugeglass.rules import midstream
from gaugeglass.rules.parse import TWINS, read_file

MADE = [rule for rule in read_file(RULES / TWINS) if rule.enabled]
OF_PATHS = {r.sid: r for r in rules() if r.file.name in midstream.PATHS}


def test_of_the_paths_only_what_lasts_and_is_told_by_one_packet_has_twins() -> None:
    twins = [twin for twin in MADE if twin.sid in OF_PATHS]
    assert twins
    assert {twin.target_ports for twin in twins} == set(midstream.LASTING)
    assert max(Counter(twin.sid for twin in twins).values()) == 1
    assert {twin.option("classtype") for twin in twins}.isdisjoint({"default-login-attempt"})


@pytest.mark.parametrize("port", midstream.LASTING)
def test_every_request_rule_of_a_port_that_lasts_has_one(port: str) -> None:
    asked = {
        sid
        for sid, rule in OF_PATHS.items()
        if rule.protocol in ("tcp", "tcp-pkt", "udp")
        and rule.option("flow") == f"{'' if rule.protocol == 'udp' else 'established,'}to_server"
        and port in midstream.entries(rule.target_ports)
        and rule.option("classtype") != "default-login-attempt"
    }
    assert asked
    assert asked <= {twin.sid for twin in MADE}


def test_twins_are_found_by_the_port_and_checked_for_the_direction() -> None:
    for twin in (t for t in MADE if t.sid in OF_PATHS):
        assert twin.option("flow") == "established,to_client"
        assert f"{twin.protocol[:3]}.hdr; content:" in twin.text
        assert twin.text.count("fast_pattern;") == 1
