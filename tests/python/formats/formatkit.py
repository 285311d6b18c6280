"""One alert and its assets, as every format's tests use them; hostile variants of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alerts.alertkit import asset, by_address, detection, finding
from hypothesis import strategies as st
from kit import at

from gaugeglass.alerts.build import to_alert
from gaugeglass.alerts.model import Alert
from gaugeglass.inventory.model import Fact

SITE = "north"
COMMUNITY = "1:wCb3OG7yAFWelaUydu0D+125CLM="
FACTS = (
    Fact("hostname", "plc-1", "dhcp", at(0), at(1), 0.8),
    Fact("vendor", "Siemens", "s7comm_known_devices", at(0), at(1), 0.9),
    Fact("model", "S7-1200", "s7comm_known_devices", at(0), at(1), 0.9),
    Fact("firmware", "V4.4", "s7comm_read_szl", at(0), at(1), 0.9),
)
PLC = asset("plc-1", "10.0.0.5", facts=FACTS, firmware_history=FACTS[-1:])
LAPTOP = asset(
    "laptop", "10.0.0.66", role="it_host", level=None, macs=("02:00:00:00:00:66",), facts=()
)
ASSETS = by_address(PLC, LAPTOP)


def sample(**over: Any) -> Alert:
    found = finding(
        count=3, until=2, uids=("CAbc1", COMMUNITY), observed="3 writes", normal="no writes",
    )  # fmt: skip
    about = detection(techniques=("T1692.001", "T0836"))
    return replace(to_alert(found, about, "span-1", ASSETS), incident="inc-1", **over)


TEXT = st.one_of(
    st.text(st.characters(), max_size=80),
    st.sampled_from(
        ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\nb", "\x1b[2J", "\x00", "|\\=",
         "<" * 2000, "\U0001f4a9" * 2000, '"];[x y="', "A" * 100_000, "@SUM(1)", "a;=1+1"]
    ),
)  # fmt: skip


@st.composite
def hostile(draw: Any) -> Alert:
    """An alert whose every text came off the wire."""
    return sample(
        summary=draw(TEXT), client=draw(st.one_of(st.none(), TEXT)), server=draw(TEXT),
        service=draw(TEXT), operation=draw(TEXT), object=draw(TEXT), observed=draw(TEXT),
        normal=draw(TEXT), rule=draw(TEXT), uids=(draw(TEXT), draw(TEXT)),
        assets=(draw(TEXT), "10.0.0.5", draw(TEXT)),
    )  # fmt: skip


@st.composite
def hostile_asset(draw: Any) -> Any:
    return replace(
        PLC, label=draw(TEXT), facts=(replace(FACTS[0], value=draw(TEXT)),), ips=(draw(TEXT),)
    )
