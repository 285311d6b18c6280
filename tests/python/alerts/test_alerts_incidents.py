from __future__ import annotations

from alerts.alertkit import alert, asset, by_address
from hypothesis import given
from hypothesis import strategies as st

from gaugeglass.alerts.incidents import group

GAP = 60
PLC = [f"10.0.0.{i}" for i in range(1, 10)]
HMI, ROUTER, BAD, WORSE = "10.0.1.1", "10.0.1.254", "10.0.9.66", "10.0.9.67"
PLANT = by_address(
    asset("hmi", HMI, role="hmi", macs=()),
    asset("router", ROUTER, role="router", macs=()),
    *(asset(f"plc{i}", ip, f"10.7.0.{i}", macs=()) for i, ip in enumerate(PLC)),
)


def sizes(*alerts, gap=GAP, assets=PLANT):
    return sorted(len(i.alerts) for i in group(alerts, gap, assets)[1])


def test_one_actor_s_steps_are_one_incident_until_the_gap() -> None:
    steps = [alert(BAD, p, minute=m) for m, p in enumerate(PLC)]
    assert sizes(*steps) == [9]
    assert sizes(*steps, alert(BAD, PLC[0], name="late", minute=200)) == [1, 9]


def test_a_host_taken_over_moves_on() -> None:
    assert sizes(alert(BAD, "10.0.2.2"), alert("10.0.2.2", PLC[0], minute=5)) == [2]
    # ... also when it is the HMI, and what the HMI then does is part of it.
    assert sizes(alert(BAD, HMI), alert(HMI, PLC[0], minute=5), alert(HMI, PLC[1], minute=6)) == [3]


def test_an_attacked_controller_that_falls_silent_is_the_same_incident() -> None:
    silent = alert(None, None, key=("silent",), assets=(PLC[0],), name="silent", minute=9)
    assert sizes(alert(BAD, PLC[0]), silent) == [2]
    assert sizes(alert(BAD, PLC[1]), silent) == [1, 1]


def test_an_hmi_that_talks_to_both_does_not_glue_two_attackers() -> None:
    got = sizes(
        alert(BAD, PLC[0], minute=0),
        alert(HMI, PLC[0], minute=1, name="new_object"),  # bystander of the first
        alert(HMI, PLC[1], minute=2, name="new_object"),  # its own story
        alert(WORSE, PLC[2], minute=3),
        alert(HMI, PLC[2], minute=4, name="new_object"),
    )
    assert got == [1, 2, 2]


def test_two_clients_of_the_hmi_are_two_incidents() -> None:
    assert sizes(alert(BAD, HMI), alert(WORSE, HMI, minute=1)) == [1, 1]
    assert sizes(alert(BAD, PLC[0]), alert(WORSE, PLC[0], minute=1)) == [2]


def test_an_outside_address_meets_nobody_and_is_no_bystander() -> None:
    far = "203.0.113.9"
    who = PLANT | by_address(asset("far", far, role="external", local=False, macs=()))
    assert sizes(alert(BAD, far), alert(WORSE, far, minute=1), assets=who) == [1, 1]
    steps = [alert(BAD, PLC[0]), alert(far, PLC[0], minute=1), alert(far, PLC[1], minute=2)]
    assert sizes(*steps, assets=who) == [3]


def test_a_router_stands_for_others_and_matches_only_the_pair() -> None:
    assert sizes(alert(ROUTER, PLC[0]), alert(ROUTER, PLC[1], minute=1)) == [1, 1]
    assert sizes(alert(ROUTER, PLC[0]), alert(ROUTER, PLC[0], minute=1, name="again")) == [2]
    assert sizes(alert(BAD, ROUTER), alert(ROUTER, PLC[1], minute=1)) == [1, 1]


def test_having_been_scanned_connects_nobody() -> None:
    scan = alert(BAD, None, key=("scan",), assets=(BAD, *PLC), name="scan")
    assert sizes(scan, alert(WORSE, PLC[0], minute=1), alert(WORSE, PLC[1], minute=2)) == [1, 2]
    assert sizes(scan, alert(BAD, PLC[3], minute=1)) == [2]


def test_broadcast_connects_nobody_and_one_asset_has_many_addresses() -> None:
    for many in ("255.255.255.255", "224.0.0.251", "ff02::1", "01:0e:cf:00:00:00"):
        assert sizes(alert(BAD, many), alert(WORSE, many, minute=1)) == [1, 1]
    assert sizes(alert(BAD, PLC[0]), alert(WORSE, "10.7.0.0", minute=1)) == [2]


def test_a_long_alert_stays_warm_until_its_end() -> None:
    assert sizes(alert(BAD, PLC[0], until=300), alert(BAD, PLC[1], minute=350)) == [2]


def test_fields_of_an_incident() -> None:
    scan = alert(BAD, PLC[0], name="port_scan", severity="low")
    write = alert(BAD, PLC[0], name="new_write", severity="high", minute=3)
    placed, (incident,) = group([write, scan], GAP, PLANT)
    assert [a.id for a in placed] == list(incident.alerts) == [scan.id, write.id]
    assert {a.incident for a in placed} == {incident.id}
    assert incident.title == f"New write ({BAD}) and 1 related alert"
    assert (incident.severity, incident.assets) == ("high", (BAD, PLC[0]))
    assert incident.risk > write.risk  # it shows two tactics
    assert (incident.first, incident.last) == (scan.first, write.last)


STEP = st.tuples(
    st.sampled_from([BAD, WORSE, HMI, ROUTER, *PLC[:3]]),
    st.sampled_from([HMI, ROUTER, *PLC[:4]]),
    st.integers(0, 400),
    st.integers(0, 50),
)


@given(st.lists(STEP, max_size=12), st.randoms())
def test_every_alert_is_in_one_incident_whatever_the_order(steps, random) -> None:
    alerts = [
        alert(c, s, key=(str(i),), minute=m, until=m + d) for i, (c, s, m, d) in enumerate(steps)
    ]
    placed, incidents = group(alerts, GAP, PLANT)
    assert sorted(i for x in incidents for i in x.alerts) == sorted(a.id for a in alerts)
    shuffled = alerts[:]
    random.shuffle(shuffled)
    assert group(shuffled, GAP, PLANT) == (placed, incidents)


@given(st.lists(STEP, min_size=1, max_size=10))
def test_later_alerts_never_move_earlier_ones(steps) -> None:
    alerts = [
        alert(c, s, key=(str(i),), minute=m, until=m + d)
        for i, (c, s, m, d) in enumerate(sorted(steps, key=lambda x: x[2]))
    ]
    before = {a.id: a.incident for a in group(alerts[:-1], GAP, PLANT)[0]}
    if alerts[-1].first > max((a.first for a in alerts[:-1]), default=alerts[-1].first):
        after = {a.id: a.incident for a in group(alerts, GAP, PLANT)[0]}
        assert before.items() <= after.items()
