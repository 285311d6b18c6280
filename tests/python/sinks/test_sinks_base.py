from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Sequence

import pytest
from alerts.alertkit import alert
from hypothesis import given
from hypothesis import strategies as st

from gaugeglass.alerts import store
from gaugeglass.alerts.model import Alert
from gaugeglass.sinks import Context, Delivery, SinkError, deliver, open_sink, schemes
from gaugeglass.sinks.url import SinkUrl


def test_schemes_are_found_by_looking_into_the_folder() -> None:
    assert {"file", "stdout", "syslog+udp", "syslog+tcp", "syslog+tls"} <= set(schemes())
    assert all((sys.modules[o.__module__].__doc__ or "").strip() for o in schemes().values())


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("syslog+tpc://h", r"unknown scheme 'syslog\+tpc'; did you mean 'syslog\+tcp'.*file:"),
        ("alerts.jsonl", "write for example file:alerts.jsonl"),
        ("file:", "has no path"),
        ("file://elsewhere/x", "names a host"),
        ("file:a#b", "%23"),
        ("file:/no/such/folder/x.jsonl", "folder does not exist; create it"),
        ("file:/tmp", "is a folder"),
        ("file:x?fromat=cef", "did you mean 'format'"),
        ("file:x?format=xml", "not one of ecs, ocsf, cef, csv"),
        ("file:x?format=cef&format=ecs", "given twice"),
        ("stdout:x", "takes no path"),
        ("syslog+udp:", "names no host"),
        ("syslog+udp://h:99999", "not a URL"),
        ("syslog+udp://h/x", "takes no path"),
        ("syslog+udp://h?max=99999", "max=99999 is not a number from 4096 to 65507"),
        ("syslog+tcp://h?facility=local9", "local7"),
        ("syslog+udp://h?ca=x", "unknown option 'ca'"),
        ("syslog+tls://h?ca=/no/such.pem", "/no/such.pem cannot be read"),
        ("syslog+tls://h?key=x", "give both"),
    ],
)
def test_errors_name_the_sink_and_the_remedy(url: str, says: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SinkError, match=says) as caught:
        open_sink(url)
    assert url.split(":", maxsplit=1)[0].split("?")[0] in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_messages_and_names_hold_no_secret() -> None:
    with pytest.raises(SinkError) as caught:
        open_sink("nosuch://me:hunter2@h/x?token=hunter3")
    assert "hunter" not in str(caught.value)
    with pytest.raises(SinkError) as caught:
        open_sink("nosuch://me:hunter2@h:port/x")
    assert "hunter" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_a_plain_error(text: str) -> None:
    try:
        SinkUrl.parse(text)
    except SinkError as err:
        assert str(err).isprintable()  # noqa: PT017 - no error is fine too


def test_ipv6_hosts_keep_their_brackets() -> None:
    assert open_sink("syslog+udp://[::1]:5514").name == "syslog+udp://[::1]:5514"


def test_stdout_prints_a_header_once(capsys) -> None:
    sink = open_sink("stdout:?format=csv")
    for minute in (0, 1):
        assert sink.send([alert(minute=minute)], Context("north")).failed == ()
    sink.close()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ['"id"', f'"{alert().id}"', f'"{alert().id}"']


def test_stdout_whose_reader_left_is_a_failure(monkeypatch) -> None:
    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Closed())
    got = open_sink("stdout:").send([alert()], Context())
    assert got.failed == (alert().id,)
    assert "nobody reads" in (got.error or "")


class Flaky:
    """Refuses the alerts it is told to; remembers the rest."""

    name = "flaky:"

    def __init__(self, *bad: str) -> None:
        self.bad = bad
        self.got: list[str] = []

    def send(self, alerts: Sequence[Alert], context: Context) -> Delivery:
        good = [a.id for a in alerts if a.id not in self.bad]
        self.got += good
        failed = tuple(a.id for a in alerts if a.id in self.bad)
        return Delivery(tuple(good), failed, "sink flaky: no" if failed else None)

    def close(self) -> None:
        pass


def test_deliver_sends_each_alert_once_and_keeps_what_failed() -> None:
    db = sqlite3.connect(":memory:")
    alerts = [alert(key=(str(i),), minute=i) for i in range(7)]
    store.upsert(db, alerts)
    ids = [a.id for a in alerts]
    commits: list[int] = []
    flaky = Flaky(ids[3])
    got = deliver(db, flaky, Context(), batch=2, after_batch=lambda: commits.append(1))
    assert got == Delivery(tuple(ids[:3]), tuple(ids[3:]), "sink flaky: no")
    assert len(commits) == 2
    healthy = Flaky()
    assert deliver(db, healthy, Context(), batch=2).sent == tuple(ids[3:])
    assert deliver(db, healthy, Context()) == Delivery()
    assert sorted(flaky.got + healthy.got) == sorted(ids)


def test_deliver_below_the_severity_asked_for_is_left_for_later() -> None:
    db = sqlite3.connect(":memory:")
    store.upsert(db, [alert(severity="low", key=("l",)), alert(severity="high", key=("h",))])
    assert len(deliver(db, Flaky(), Context(), "high").sent) == 1
    assert len(deliver(db, Flaky(), Context()).sent) == 1
