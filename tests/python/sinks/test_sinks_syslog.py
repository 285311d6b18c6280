"""The syslog sink against a real rsyslog: UDP, TCP and TLS."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alerts.alertkit import alert
from sinks.rsyslogkit import GNUTLS, OPENSSL, RSYSLOGD, Rsyslog, authority, free_port, rsyslog

from gaugeglass.sinks import Context, open_sink

CONTEXT = Context('a "quoted\\] site')
ALERTS = [alert(key=(str(i),), minute=i) for i in range(4)]
needs_rsyslog = [
    pytest.mark.rsyslog,
    pytest.mark.skipif(not RSYSLOGD, reason="rsyslogd is not installed"),
]
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="openssl is not installed")
needs_gnutls = pytest.mark.skipif(not GNUTLS, reason="rsyslog-gnutls is not installed")


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Iterator[Rsyslog]:
    with rsyslog(tmp_path_factory.mktemp("plain")) as running:
        yield running


@pytest.fixture(scope="module")
def pems(tmp_path_factory) -> dict[str, Path]:
    return authority(tmp_path_factory.mktemp("ca"))


def send(url: str, alerts=ALERTS):
    sink = open_sink(url)
    try:
        return sink.send(alerts, CONTEXT)
    finally:
        sink.close()


def check(got: list[dict[str, str]], alerts=ALERTS) -> None:
    assert [json.loads(m["msg"])["event"]["id"] for m in got] == [a.id for a in alerts]
    assert {m["app-name"] for m in got} == {"gaugeglass"}
    assert {m["msgid"] for m in got} == {"new_write"}
    assert {m["hostname"] for m in got} == {"probe-1"}
    assert {m["protocol-version"] for m in got} == {"1"}
    assert all(f'id="{a.id}"' in m["structured-data"] for a, m in zip(alerts, got, strict=True))
    assert all('site="a \\"quoted\\\\\\] site"' in m["structured-data"] for m in got)


class TestRsyslog:
    pytestmark = needs_rsyslog

    @pytest.mark.parametrize("kind", ["udp", "tcp"])
    def test_alerts_arrive_whole(self, plain: Rsyslog, kind: str) -> None:
        url = f"syslog+{kind}://127.0.0.1:{plain.port}?hostname=probe-1&facility=local6"
        before = len(plain.got(0))
        assert send(url).sent == tuple(a.id for a in ALERTS)
        got = plain.got(before + 4)[before:]
        check(got)
        assert {m["inputname"] for m in got} == {kind}
        assert {m["pri-text"] for m in got} == {"local6.err"}

    def test_cef(self, plain: Rsyslog) -> None:
        before = len(plain.got(0))
        send(f"syslog+tcp://127.0.0.1:{plain.port}?format=cef")
        got = plain.got(before + 4)[before:]
        assert [m["msg"].split("|")[4] for m in got] == ["new_write"] * 4
        assert all(m["msg"].startswith("CEF:0|Gaugeglass|") for m in got)

    def test_hostile_and_huge_values_stay_one_message_each(self, plain: Rsyslog) -> None:
        evil = "x\n<13>1 - forged - - - - gotcha\x00\u2028\x1b[2J" + "A" * 100_000
        alerts = [
            alert(key=(str(n),), minute=n, summary=evil, object=evil * n, observed="\U0001f4a9" * n)
            for n in (1, 500, 4000)
        ]
        for kind in ("udp", "tcp"):
            before = len(plain.got(0))
            send(f"syslog+{kind}://127.0.0.1:{plain.port}", alerts)
            got = plain.got(before + 3)[before:]
            assert [json.loads(m["msg"])["event"]["id"] for m in got] == [a.id for a in alerts]

    def test_a_restarted_receiver_gets_everything(self, tmp_path: Path) -> None:
        with rsyslog(tmp_path / "one") as first:
            sink = open_sink(f"syslog+tcp://127.0.0.1:{first.port}?hostname=probe-1&retries=2")
            assert sink.send(ALERTS[:2], CONTEXT).failed == ()
            check(first.got(2), ALERTS[:2])
        with rsyslog(tmp_path / "two", port=first.port) as second:
            assert sink.send(ALERTS[2:], CONTEXT).failed == ()
            check(second.got(2), ALERTS[2:])
            sink.close()

    @needs_openssl
    @needs_gnutls
    def test_tls(self, tmp_path: Path, pems: dict[str, Path]) -> None:
        with rsyslog(tmp_path, pems) as running:
            base = f"syslog+tls://localhost:{running.port}?hostname=probe-1&ca="
            assert send(f"{base}{pems['ca']}").failed == ()
            check(running.got(4))
            by_ip = base.replace("localhost", "127.0.0.1")
            assert send(f"{by_ip}{pems['ca']}&server_name=localhost").failed == ()
            assert len(running.got(8)) == 8

    @needs_openssl
    @needs_gnutls
    def test_tls_refuses_a_receiver_it_cannot_verify(
        self, tmp_path: Path, pems: dict[str, Path]
    ) -> None:
        other = authority(tmp_path / "other")
        with rsyslog(tmp_path / "s", pems) as running:
            for url in (
                f"syslog+tls://localhost:{running.port}?ca={other['ca']}",
                f"syslog+tls://127.0.0.1:{running.port}?ca={pems['ca']}",
                f"syslog+tls://localhost:{running.port}",
            ):
                got = send(url)
                assert len(got.failed) == 4
                assert "?ca=FILE" in (got.error or "")
            assert running.got(1, 0.3) == []

    @needs_openssl
    @needs_gnutls
    def test_tls_shows_who_we_are(self, tmp_path: Path, pems: dict[str, Path]) -> None:
        with rsyslog(tmp_path, pems, auth="x509/certvalid") as running:
            base = f"syslog+tls://localhost:{running.port}?hostname=probe-1&ca={pems['ca']}"
            assert send(f"{base}&cert={pems['cert']}&key={pems['key']}").failed == ()
            check(running.got(4))

    @needs_openssl
    def test_tls_to_a_plain_port_says_so(self, plain: Rsyslog, pems: dict[str, Path]) -> None:
        url = f"syslog+tls://localhost:{plain.port}?ca={pems['ca']}&retries=0&timeout=1"
        got = send(url)
        assert len(got.failed) == 4
        assert got.error


@pytest.mark.parametrize("kind", ["udp", "tcp"])
def test_nobody_there_is_reported_with_a_remedy_and_soon(kind: str) -> None:
    began = time.monotonic()
    got = send(f"syslog+{kind}://127.0.0.1:{free_port()}?retries=1")
    assert got.failed == tuple(a.id for a in ALERTS)
    assert "nothing listens there; start the receiver" in (got.error or "")
    assert time.monotonic() - began < 3


def test_a_receiver_that_resets_in_the_middle_is_not_a_success() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reset() -> None:
            peer, _ = server.accept()
            peer.recv(100)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()

        thread = threading.Thread(target=reset)
        thread.start()
        many = [alert(key=(str(i),), object="x" * 1000, summary="x" * 1000) for i in range(1500)]
        got = send(f"syslog+tcp://127.0.0.1:{server.getsockname()[1]}?retries=0", many)
        thread.join()
    assert got.sent == ()
    assert len(got.failed) == 1500


def test_a_receiver_that_does_not_read_is_a_time_out_not_a_hang() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        many = [alert(key=(str(i),), object="x" * 1000, summary="x" * 1000) for i in range(1500)]
        url = f"syslog+tcp://127.0.0.1:{server.getsockname()[1]}?retries=0&timeout=1"
        got = send(url, many)
    assert len(got.failed) == 1500
    assert "no answer in time" in (got.error or "")
