from __future__ import annotations

from dataclasses import replace

import pytest
from alerts.alertkit import alert, asset, by_address, detection, finding
from hypothesis import given
from hypothesis import strategies as st
from kit import at

from gaugeglass.alerts.build import MAX_TEXT, MAX_UIDS, combine, digest, merge, to_alert
from gaugeglass.alerts.risk import changes_state
from gaugeglass.attack.table import UnknownTechnique, technique


def test_id_is_the_same_on_every_machine_and_depends_on_name_and_key_only() -> None:
    one = alert()
    assert one.id == digest("new_write", "10.0.0.66", "10.0.0.5") == "f42bc302425b3f848236"
    assert alert(summary="other words", minute=99).id == one.id
    assert alert(name="other").id != one.id
    assert digest("ab", "c") != digest("a", "bc")


@given(st.lists(st.text(st.characters(), max_size=20), max_size=4))
def test_digest_takes_any_text(parts: list[str]) -> None:
    assert len(digest(*parts)) == 20


def test_declared_techniques_must_be_current_and_carried_ones_are_translated() -> None:
    with pytest.raises(UnknownTechnique, match=r"T1692\.001"):
        to_alert(finding(), detection(techniques=("T0855",)), "s")
    carried = to_alert(finding(techniques=("T0855", "T1059")), detection(), "s")
    assert [t.id for t in carried.techniques] == ["T1692.001"]


def test_unknown_severity_is_an_error_that_names_the_detection() -> None:
    with pytest.raises(ValueError, match=r"new_write.*'urgent'"):
        to_alert(finding(severity="urgent"), detection(), "s")


def test_hostile_lengths_and_scores_are_bounded() -> None:
    got = to_alert(finding(summary="A" * 1_000_000, score=float("nan")), detection(), "s")
    assert len(got.summary) == MAX_TEXT
    assert got.score is None
    assert to_alert(finding(score=7.0), detection(), "s").score == 1.0


def test_risk_adds_change_target_outside_and_model() -> None:
    look = detection(severity="medium", techniques=("T0846",))
    change = detection(severity="medium")
    assets = by_address(
        asset("plc", "10.0.0.5", macs=()),
        asset("far", "203.0.113.9", role="external", local=False, macs=()),
    )
    assert to_alert(finding(), look, "s").risk == 45
    assert to_alert(finding(), change, "s").risk == 55
    assert to_alert(finding(), change, "s", assets).risk == 65
    assert to_alert(finding("203.0.113.9"), change, "s", assets).risk == 70
    assert to_alert(finding("203.0.113.9", score=1.0), change, "s", assets).risk == 75
    worst = replace(change, severity="critical")
    assert to_alert(finding("203.0.113.9", score=1.0), worst, "s", assets).risk == 100


def test_the_actor_s_own_role_counts_only_when_the_alert_is_about_it() -> None:
    plc = by_address(asset("plc", "10.0.0.5", macs=()))
    look = detection(severity="info", techniques=())
    assert to_alert(finding("10.0.0.5", "10.0.0.66"), look, "s", plc).risk == 5
    alone = finding(client=None, server=None, assets=("10.0.0.5",), key=("10.0.0.5",))
    assert to_alert(alone, look, "s", plc).risk == 15


@pytest.mark.parametrize(
    ("technique_id", "changes"),
    [("T1692.001", True), ("T0843.001", True), ("T0858", True), ("T0814", True),
     ("T0846.001", False), ("T0886", False), ("T0861", False)],
)  # fmt: skip
def test_what_changes_a_process(technique_id: str, changes: bool) -> None:
    assert changes_state(technique(technique_id)) is changes


def test_merge_adds_what_lies_apart_and_not_what_is_seen_again() -> None:
    first, later = alert(count=3, minute=0, until=5), alert(count=4, minute=6, until=9)
    both = merge(first, later)
    assert (both.count, both.first, both.last) == (7, at(0), at(9))
    assert merge(both, later) == both  # judging a span twice changes nothing
    assert merge(later, first) == both
    longer = alert(count=9, minute=0, until=9)
    assert merge(first, longer).count == 9
    assert merge(first, replace(first, count=2), same_pass=True).count == 5


def test_merge_keeps_the_worst_and_the_latest_words() -> None:
    old = alert(severity="critical", summary="old", uids=("a",), assets=("10.0.0.66", "x"))
    new = alert(severity="low", summary="new", uids=("b",), minute=5)
    both = merge(old, new)
    assert both.severity == "critical"
    assert both.risk == old.risk
    assert both.summary == "new"
    assert both.uids == ("a", "b")
    assert both.assets == ("10.0.0.66", "x", "10.0.0.5")
    with pytest.raises(ValueError, match="not the same alert"):
        merge(old, alert(name="other"))


def test_evidence_keeps_both_ends() -> None:
    found = combine([alert(minute=m, uids=(f"C{m}",)) for m in range(40)])
    (one,) = found
    assert one.count == 40
    assert len(one.uids) == MAX_UIDS
    assert one.uids[0] == "C0"
    assert one.uids[-1] == "C39"


@given(st.permutations(range(5)))
def test_a_pass_s_order_does_not_matter(order: list[int]) -> None:
    parts = [alert(minute=m, uids=(f"C{m}",), summary=str(m)) for m in range(5)]
    merged, straight = combine([parts[i] for i in order]), combine(parts)
    assert [(a.count, a.first, a.last, a.summary) for a in merged] == [
        (a.count, a.first, a.last, a.summary) for a in straight
    ]
