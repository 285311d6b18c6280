"""Facts: provenance, confidence, makers by MAC, firmware history, hostile values."""

from __future__ import annotations

import asyncio

import kit
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_kit import assets, by_address, claim, talk

from gaugeglass.inventory import oui
from gaugeglass.inventory.confidence import confidence

PLC = "10.0.0.6"
POLL = [talk("10.0.0.5", PLC, server_mac="00:0e:8c:00:00:01")]


def plc(*claims):
    return by_address(assets(POLL, claims))[PLC]


def test_each_fact_says_where_it_comes_from():
    asset = plc(claim(PLC, "model", "CPU 315", "s7comm_read_szl", minute=3))
    fact = next(f for f in asset.facts if f.attribute == "model")
    assert (fact.value, fact.source, fact.first, fact.last) == (
        "CPU 315", "s7comm_read_szl", kit.at(3), kit.at(3),
    )  # fmt: skip
    assert fact.confidence == confidence("s7comm_read_szl")


def test_an_identification_beats_a_banner_beats_the_mac():
    asset = plc(
        claim(PLC, "vendor", "Banner Inc", "http", minute=9),
        claim(PLC, "vendor", "Schneider Electric", "modbus_read_device_identification"),
    )
    vendors = [(f.value, f.source) for f in asset.facts if f.attribute == "vendor"]
    assert vendors == [
        ("Schneider Electric", "modbus_read_device_identification"),
        ("Banner Inc", "http"),
        ("Siemens AG", "oui"),
    ]
    assert asset.best("vendor") == "Schneider Electric"


def test_both_sensors_logs_of_one_protocol_are_believed_alike():
    assert confidence("eve:dhcp") == confidence("dhcp")
    assert confidence("enip") > confidence("software") > confidence("oui")
    assert 0 < confidence("a log nobody knows") < 1
    assert 0 < confidence(None) < 1


def test_best_facts_come_first_and_in_order():
    asset = plc(
        claim(PLC, "firmware", "V1", "http"), claim(PLC, "firmware", "V2"),
        claim(PLC, "hostname", "plc6", "dhcp"), claim(PLC, "model", "M"),
    )  # fmt: skip
    assert [f.attribute for f in asset.facts] == [
        "hostname", "vendor", "model", "firmware", "firmware",
    ]  # fmt: skip
    assert asset.label == "plc6"


def test_a_name_that_two_assets_have_is_told_apart_by_address():
    names = [claim(ip, "name", "Python client", "opcua_binary") for ip in (PLC, "10.0.0.5")]
    labels = [a.label for a in assets(POLL, names)]
    assert labels == ["Python client (10.0.0.5)", "Python client (10.0.0.6)"]


def test_makers_come_from_the_bundled_table_even_inside_an_event_loop():
    async def inside():
        return oui.vendor("00:0e:8c:00:00:01")

    oui._loaded.cache_clear()
    assert asyncio.run(inside()) == "Siemens AG"


def test_a_locally_administered_or_group_mac_has_no_maker():
    assert oui.vendor("02:0e:8c:00:00:01") is None
    assert oui.vendor("01:00:5e:00:00:01") is None
    assert oui.vendor("ff:ff:ff:ff:ff:ff") is None
    assert oui.vendor("not a mac") is None


def test_firmware_history_keeps_each_value_with_its_span():
    asset = plc(
        claim(PLC, "firmware", "V2.8", minute=0),
        claim(PLC, "firmware", "V3.3", "http", minute=600),
        claim(PLC, "firmware", "V3.3", minute=700),
        claim(PLC, "firmware", "unknown", minute=800),
    )
    history = [(f.value, f.source, f.first, f.last) for f in asset.firmware_history]
    assert history == [
        ("V2.8", "cip_identity", kit.at(0), kit.at(0)),
        ("V3.3", "cip_identity", kit.at(600), kit.at(700)),
    ]
    assert asset.best("firmware") == "V3.3"


def test_a_huge_value_is_cut_and_a_note_says_so():
    asset = plc(claim(PLC, "hostname", "A" * 1_000_000, "dhcp"))
    assert asset.best("hostname") == "A" * 512
    assert any("hostname" in n and "512" in n for n in asset.notes)
    assert len(asset.label) <= 64


def test_thousands_of_names_do_not_swell_an_asset():
    asset = plc(*(claim(PLC, "hostname", f"h{i}", "dhcp", minute=i) for i in range(300)))
    names = [f for f in asset.facts if f.attribute == "hostname"]
    assert len(names) == 16
    assert asset.best("hostname") == "h299"
    assert any("284 further" in n for n in asset.notes)


def test_values_that_mean_none_are_dropped():
    blanks = ("", "-", "unknown", "N/A", "  none ")
    asset = plc(*(claim(PLC, "model", v, minute=i) for i, v in enumerate(blanks)))
    assert asset.best("model") is None


_HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["=cmd|' /C calc'!A0", "<script>", "a\nb", "\x1b[31m", "\x00", "'; DROP"]),
)
_ATTRIBUTES = st.sampled_from(
    ["hostname", "model", "serial", "device_type", "role_hint", "instance", "mac", "ip", "firmware"]
)
_SOURCES = st.sampled_from(["dhcp", "cip_identity", "bacnet", "'", ""])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_ATTRIBUTES, _HOSTILE, _SOURCES), max_size=8))
def test_no_claim_breaks_the_inventory_and_values_stay_as_they_were(said):
    found = assets(POLL, [claim(PLC, a, v, s) for a, v, s in said])
    asset = by_address(found)[PLC]
    assert {f.value for f in asset.facts if f.source != "oui"} <= {v for _, v, _ in said}
    assert asset.ips == (PLC,)
