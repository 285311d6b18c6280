from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from formats.formatkit import ASSETS, SITE, TEXT, hostile, sample
from formats.test_formats_clean import is_harmless
from hypothesis import given
from hypothesis import strategies as st

from gaugeglass.detections.base import SEVERITIES
from gaugeglass.formats.rfc5424 import SMALLEST_MESSAGE, escape, message, octet_counted

MESSAGE = re.compile(
    r"<(\d{1,3})>1 (\S+) ([!-~]{1,255}) gaugeglass - ([!-~]{1,32}) "
    r'(\[gaugeglass@32473(?: \w+="(?:[^"\\\]]|\\.)*")+\]) (.*)',
    re.DOTALL,
)


def parts(data: bytes) -> tuple[str, ...]:
    match = MESSAGE.fullmatch(data.decode())
    assert match, data
    return match.groups()


def test_a_message_in_full() -> None:
    got = message(sample(), "ecs", ASSETS, SITE, facility="local4", hostname="sensor one")
    priority, when, host, msgid, structured, text = parts(got)
    assert int(priority) == 20 * 8 + 3
    assert (when, host, msgid) == ("2026-11-22T00:02:00.000000Z", "sensor_one", "new_write")
    assert structured == (
        '[gaugeglass@32473 id="f42bc302425b3f848236" severity="high" risk="85" count="3"'
        ' incident="inc-1" techniques="T1692.001 T0836" site="north" sensor="span-1"]'
    )
    assert json.loads(text)["event"]["id"] == "f42bc302425b3f848236"


@pytest.mark.parametrize(("severity", "number"), [*zip(SEVERITIES, (6, 5, 4, 3, 2), strict=True)])
def test_severity(severity: str, number: int) -> None:
    got = message(sample(severity=severity), "cef", ASSETS, SITE, facility="kern")
    assert int(parts(got)[0]) == number
    assert parts(got)[-1].startswith("CEF:0|")


@given(TEXT)
def test_parameter_escapes_round_trip(text: str) -> None:
    made = escape(text)
    assert re.fullmatch(r'(?:[^"\\\]]|\\["\\\]])*', made, re.DOTALL)
    assert re.sub(r"\\(.)", r"\1", made) == text


@given(hostile(), TEXT, st.sampled_from(["ecs", "cef", "ocsf"]))
def test_hostile_alerts_fit_and_parse(alert, text: str, fmt: str) -> None:
    alert = replace(alert, sensor=text)
    got = message(alert, fmt, ASSETS, text, hostname=text, size=SMALLEST_MESSAGE)
    assert len(got) <= SMALLEST_MESSAGE
    assert is_harmless(got.decode())
    body = parts(got)[-1]
    assert body.startswith("CEF:0|") or json.loads(body)


def test_octet_counting_counts_bytes() -> None:
    assert octet_counted("é".encode()) == b"2 \xc3\xa9"
