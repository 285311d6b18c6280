"""Roles and levels: what kind of traffic and words make what kind of asset."""

from __future__ import annotations

import pytest
from inventory_kit import assets, by_address, claim, conn, talk

from gaugeglass.inventory.model import Asset

ME = "10.0.0.50"
OTHER = "10.0.0.60"


def me(rows, claims=(), **site) -> Asset:
    return by_address(assets(rows, claims, **site))[ME]


def plcs(n: int, service: str = "modbus", **more):
    return [talk(ME, f"10.0.0.{i}", service, **more) for i in range(1, n + 1)]


def mqtt(action: str):
    return talk(ME, OTHER, "mqtt", operation="publish", action=action)


CASES = {
    "modbus server": ([talk(OTHER, ME)], (), "controller", 1.0),
    "s7 server": ([talk(OTHER, ME, "s7comm")], (), "controller", 1.0),
    "cip server": ([talk(OTHER, ME, "cip")], (), "controller", 1.0),
    "port of modbus open": ([conn(OTHER, ME, "modbus")], (), "controller", 1.0),
    "modbus exceptions are answers": (
        [talk(OTHER, ME, outcome="illegal_function")], (), "controller", 1.0,
    ),
    "modbus never answered": ([talk(OTHER, ME, outcome="no_reply")], (), "unknown", None),
    "dnp3 outstation": ([talk(OTHER, ME, "dnp3")], (), "rtu", 1.0),
    "iec104 outstation that also speaks modbus": (
        [talk(OTHER, ME, "iec104"), talk(OTHER, ME)], (), "rtu", 1.0,
    ),
    "goose publisher": (
        [talk(ME, "01:0c:cd:01:00:01", "goose", action="report")], (), "rtu", 1.0,
    ),
    "cyclic io only": ([talk(OTHER, ME, "cip", action="report")], (), "io_device", 0.0),
    "hmi": ([*plcs(3), *plcs(1, action="write", count=2)], (), "hmi", 2.0),
    "hmi of one controller": (plcs(1), (), "hmi", 2.0),
    "engineering by download": (
        [*plcs(1, "s7comm", action="program", count=4)], (), "engineering_workstation", 2.0,
    ),
    "engineering by administration": (
        [talk(OTHER, "10.0.0.1"), conn(ME, "10.0.0.1", "ssh", bytes_to_client=900)],
        (), "engineering_workstation", 2.0,
    ),
    "hmi by day, one download": (
        [*plcs(3, count=2000), *plcs(3, count=2000, minute=500),
         *plcs(1, action="program", count=1)], (), "hmi", 2.0,
    ),
    "historian": (
        [talk(ME, OTHER, "opcua", count=400), *plcs(2, "opcua", action="report")],
        (), "historian", 3.0,
    ),
    "opcua client that writes": (
        [talk(ME, OTHER, "opcua", count=400), talk(ME, OTHER, "opcua", action="write")],
        (), "hmi", 2.0,
    ),
    "collector into a database": (
        [*plcs(4), conn(ME, "10.0.0.70", "mssql", port=1433)], (), "historian", 3.0,
    ),
    "master station": (
        [talk(ME, OTHER, "dnp3"), talk(ME, OTHER, "iec104")], (), "scada_server", 2.0,
    ),
    "scada server of many": (
        [*plcs(9), conn("10.0.0.71", ME, "dce_rpc"), conn("10.0.0.72", ME, "dce_rpc")],
        (), "scada_server", 2.0,
    ),
    "gateway between protocols": ([talk(OTHER, ME, "opcua"), *plcs(2)], (), "gateway", 2.0),
    "concentrator": ([talk(OTHER, ME), *plcs(3)], (), "gateway", 2.0),
    "gateway to a broker": ([*plcs(2), mqtt("report")], (), "gateway", 2.0),
    "controller that asks a neighbour": ([talk(OTHER, ME), *plcs(1)], (), "controller", 1.0),
    "mqtt sensor": ([mqtt("report")], (), "iot_device", None),
    "camera": ([conn(OTHER, ME, "rtsp")], (), "iot_device", None),
    "camera by its maker": (
        [conn(OTHER, ME, "http")], [claim(ME, "vendor", "Hikvision Digital", "http")],
        "iot_device", None,
    ),
    "switch": (
        [conn(OTHER, ME, "snmp")], [claim(ME, "device_type", "Managed Ethernet switch", "lldp")],
        "switch", None,
    ),
    "poller that no sensor decoded": (
        [conn(ME, f"10.0.0.{i}", "s7comm", bytes_to_client=9000) for i in (1, 2)], (), "hmi", 2.0,
    ),
    "scanner that found open ports": (
        [conn(ME, f"10.0.0.{i}", "s7comm", count=1) for i in (1, 2)] + [conn(ME, OTHER, "dns")],
        (), "it_host", None,
    ),
    "two that exchange cyclic io": (
        [talk(OTHER, ME, "cip_io", action="report"), talk(ME, OTHER, "cip_io", action="report")],
        (), "io_device", None,
    ),
    "profinet device": ([talk(OTHER, ME, "profinet", action="write")], (), "io_device", 0.0),
    "profinet device by its port": ([conn(OTHER, ME, "profinet")], (), "io_device", 0.0),
    "profinet controller": ([talk(ME, OTHER, "profinet", action="write")], (), "controller", 1.0),
    "who asks for cyclic io": (
        [talk(ME, OTHER, "cip_io", action="report")], (), "controller", 1.0,
    ),
    "visitor at an outstation": (
        [talk("10.0.0.70", OTHER, "dnp3", minute=m) for m in (0, 600)]
        + [talk(ME, OTHER, "dnp3", count=2, minute=300), conn(ME, "10.0.0.71", "tls")],
        (), "it_host", None,
    ),
    "burst at a controller that another polls all day": (
        [talk("10.0.0.70", OTHER, minute=m, count=900) for m in range(0, 600, 20)]
        + [talk(ME, OTHER, count=5000, minute=300 + m) for m in (0, 2)]
        + [conn(ME, "10.0.0.71", "tls")],
        (), "it_host", None,
    ),
    "visits at long intervals": (
        [talk("10.0.0.70", OTHER, minute=m) for m in range(40)]
        + [talk(ME, OTHER, count=5000, minute=m) for m in (0, 39)],
        (), "hmi", None,
    ),
    "bacnet device by its maker": (
        [conn(OTHER, ME, "bacnet"), conn(ME, OTHER, "bacnet", bytes_to_client=9000)],
        [claim(ME, "vendor", "DELTA CONTROLS, INC.", "oui")], "controller", 1.0,
    ),
    "hmi that bacnet devices report to": (
        [*plcs(2, "bacnet"), *plcs(2), talk(OTHER, ME, "bacnet", action="report"),
         talk(OTHER, ME, "bacnet", action="discover")],
        (), "hmi", 2.0,
    ),
    "bacnet peers": (
        [talk(OTHER, ME, "bacnet"), *plcs(3, "bacnet")], (), "controller", 1.0,
    ),
    "opcua server of a historian": ([talk(OTHER, ME, "opcua")], (), "server", 3.0),
    "opcua server of nobody known": ([talk(OTHER, ME, "opcua", count=2)], (), "server", None),
    "client of a broker, nothing published": ([conn(ME, OTHER, "mqtt")], (), "unknown", None),
    "asked once what a controller is": (
        [*plcs(1, action="identify", count=1)], (), "unknown", None,
    ),
    "office host": ([conn(ME, OTHER, "dns"), conn(ME, OTHER, "tls")], (), "it_host", 4.0),
    "name server": ([conn(f"10.0.0.{i}", ME, "dns") for i in (61, 62, 63)], (), "server", 4.0),
    "only a nameless port": ([conn(ME, OTHER, "tcp/5026")], (), "unknown", None),
    "panel that says so though it serves cip": (
        [talk(OTHER, ME, "cip")], [claim(ME, "device_type", "Human-Machine Interface")], "hmi", 2.0,
    ),
    "coupler that says so": (
        [talk(OTHER, ME)], [claim(ME, "device_type", "Remote I/O adapter")], "io_device", 0.0,
    ),
    "a banner does not outweigh traffic": (
        [talk(OTHER, ME)], [claim(ME, "software", "Ignition SCADA", "http")], "controller", 1.0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_role_and_level(case):
    rows, claims, role, level = CASES[case]
    asset = me(rows, claims)
    assert (asset.role, asset.level) == (role, level), asset.role_evidence
    assert asset.role_evidence
    assert asset.level_evidence


def test_one_identity_request_does_not_make_an_engineer_of_an_office_host():
    rows = [conn(ME, OTHER, "dns"), *plcs(1, action="identify", count=1)]
    assert me(rows).level is None


def test_evidence_counts_what_was_seen():
    asset = me([*plcs(3, count=500), *plcs(1, action="write", count=2)])
    assert asset.role_evidence == "polls 3 devices by Modbus (1,500 reads, 2 changes)"


def test_an_office_host_among_controllers_gets_no_level():
    rows = [talk(OTHER, "10.0.0.1"), conn(ME, "10.9.0.1", "dns")]
    asset = me(rows)
    assert (asset.role, asset.level) == ("it_host", None)
    assert "10.0.0.0/24 also holds controllers" in asset.level_evidence


def test_declared_control_networks_place_engineering_and_hosts():
    rows = plcs(1, "s7comm", action="program")
    assert me(rows, control_networks=["10.0.0.0/26"]).level == 2.0
    assert me(rows, control_networks=["10.8.0.0/16"]).level == 3.0


def test_engineering_from_another_network_is_level_3():
    rows = [talk("10.7.0.1", f"10.0.0.{i}", "s7comm", action="program") for i in (1, 2)]
    assert by_address(assets(rows))["10.7.0.1"].level == 3.0


def test_server_of_the_plant_is_level_3_from_afar_and_2_nearby():
    def broker(ip):
        rows = [talk("10.0.0.1", "10.0.0.2"), conn("10.0.0.2", ip, "mqtt", port=1883)]
        return by_address(assets(rows))[ip]

    assert broker("10.4.0.9").level == 3.0
    assert broker("10.0.0.9").level == 2.0


def test_services_are_listed_only_where_the_server_answered():
    rows = [
        talk(OTHER, ME),
        conn(OTHER, ME, "ssh", "rejected", port=22),
        conn(OTHER, ME, "http", "no_reply", port=80),
        conn(OTHER, ME, "tcp/1234", port=1234),
    ]
    assert me(rows).services_offered == ("modbus/502", "tcp/1234")
    assert by_address(assets(rows))[OTHER].services_used == ("modbus/502", "tcp/1234")


def test_a_claimed_role_hint_counts():
    assert me([conn(ME, OTHER, "tcp/9")], [claim(ME, "role_hint", "historian")]).role == "historian"
