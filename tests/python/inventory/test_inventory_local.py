"""What is local: declared, private or learned, and the same in SQL as in Python."""

from __future__ import annotations

from ipaddress import ip_network

import duckdb
import kit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_kit import assets, by_address, config, conn, talk

from gaugeglass.config import ConfigError
from gaugeglass.inventory.local import PRIVATE, LocalNetworks


def learned(*rows: dict) -> LocalNetworks:
    return LocalNetworks.of(kit.ledger(rows), config())


def test_private_ranges_are_local_and_documentation_ranges_are_not():
    local = learned()
    for ip in ("10.1.2.3", "172.31.0.1", "192.168.9.9", "fd00::1", "fe80::1%eth0", "127.0.0.1"):
        assert local.is_local(ip), ip
    for ip in ("192.0.2.1", "198.51.100.77", "203.0.113.5", "2001:db8::1", "8.8.8.8", "172.32.0.1"):
        assert not local.is_local(ip), ip


def test_groups_and_layer_2_addresses_are_never_outside():
    local = LocalNetworks([ip_network("10.1.0.0/16")])
    for ip in ("224.0.0.251", "255.255.255.255", "ff02::1", "0.0.0.0", "00:80:63:5a:10:01"):
        assert local.is_local(ip), ip
    assert not local.is_local("10.2.0.1")


def test_declared_networks_replace_private_ones():
    local = LocalNetworks.of(kit.ledger(), config(local_networks=["141.81.0.0/16", "10.1.0.5"]))
    assert local.is_local("141.81.3.4")
    assert local.is_local("10.1.0.5")
    assert not local.is_local("10.1.0.6")
    assert [str(n) for n in local.networks] == ["10.1.0.5/32", "141.81.0.0/16"]


def test_a_wrong_network_is_named():
    with pytest.raises(ConfigError, match=r"site\.local_networks.*10\.1\.0\.0/99"):
        LocalNetworks.of(kit.ledger(), config(local_networks=["10.1.0.0/99"]))


def test_public_plant_is_learned_from_talk_within_it():
    local = learned(talk("141.81.0.10", "141.81.0.86"))
    assert local.is_local("141.81.0.200")
    assert not local.is_local("141.81.1.1")
    assert "speak an industrial protocol" in local.why[ip_network("141.81.0.0/24")]


def test_attacker_outside_stays_outside_though_he_speaks_modbus():
    rows = [talk("141.81.0.10", "141.81.0.86")]
    rows += [talk("203.0.113.7", f"141.81.0.{i}", count=5000) for i in range(80, 90)]
    local = learned(*rows)
    assert local.is_local("141.81.0.86")
    assert not local.is_local("203.0.113.7")


def test_attacker_outside_stays_outside_a_private_plant():
    local = learned(*(talk("141.81.0.7", f"10.0.0.{i}", count=900) for i in range(1, 20)))
    assert not local.is_local("141.81.0.7")
    assert local.networks == tuple(sorted(PRIVATE, key=lambda n: (n.version, n)))


def test_a_drop_site_stays_outside_whatever_port_it_uses():
    upload = {"bytes_to_server": 10**9, "bytes_to_client": 4000, "count": 500}
    local = learned(
        talk("10.0.0.5", "10.0.0.6"),
        conn("10.0.0.5", "198.51.100.77", "tls", **upload),
        conn("10.0.0.5", "198.51.100.77", "modbus", **upload),
        conn("10.0.0.6", "198.51.100.78", "opcua", **upload),
        talk("10.0.0.5", "198.51.100.77", "modbus", count=5000),
    )
    assert not local.is_local("198.51.100.77")


def test_public_controllers_polled_from_inside_are_learned_only_when_several_answer_often():
    polled = [talk("10.0.0.5", f"141.81.7.{i}", count=40) for i in (1, 2)]
    assert learned(*polled).is_local("141.81.7.1")
    assert not learned(polled[0]).is_local("141.81.7.1")
    seldom = [talk("10.0.0.5", f"141.81.7.{i}", count=4) for i in (1, 2)]
    assert not learned(*seldom).is_local("141.81.7.1")
    silent = [talk("10.0.0.5", f"141.81.7.{i}", count=99, outcome="no_reply") for i in (1, 2, 3)]
    assert not learned(*silent).is_local("141.81.7.1")


def test_hosts_with_macs_of_their_own_are_near_and_hosts_behind_one_router_are_not():
    near = [
        conn("10.0.0.5", f"141.81.7.{i}", "http", server_mac=f"00:0e:8c:00:00:0{i}")
        for i in (1, 2, 3)
    ]
    assert learned(*near).is_local("141.81.7.9")
    far = [{**row, "server_mac": "00:80:63:5a:10:01"} for row in near]
    assert not learned(*far).is_local("141.81.7.1")


def test_one_network_is_not_widened_and_three_neighbours_are():
    def plant(*thirds: int) -> LocalNetworks:
        return learned(*(talk(f"141.81.{t}.10", f"141.81.{t}.20") for t in thirds))

    assert not plant(1, 2).is_local("141.81.3.1")
    wide = plant(1, 2, 3)
    assert str(wide.networks[1]) == "141.81.0.0/22"
    assert str(plant(1, 2, 200).networks[1]) == "141.81.0.0/16"
    apart = learned(*(talk(f"141.{t}.0.10", f"141.{t}.0.20") for t in (1, 2, 3)))
    assert not apart.is_local("141.1.9.9")


def test_ipv6_plant_is_learned_by_its_64():
    local = learned(talk("2a01:4f8:1::10", "2a01:04f8:0001:0000:0000:0000:0000:0020"))
    assert local.is_local("2a01:4f8:1::99")
    assert not local.is_local("2a01:4f8:1:1::99")


def test_an_outside_asset_is_external():
    found = by_address(assets([talk("10.0.0.5", "10.0.0.6"), talk("203.0.113.7", "10.0.0.6")]))
    assert (found["203.0.113.7"].role, found["203.0.113.7"].local) == ("external", False)
    assert found["203.0.113.7"].level is None
    assert "used Modbus" in found["203.0.113.7"].role_evidence


_IPS = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.ip_addresses(v=6).map(lambda ip: ip.exploded),
    st.ip_addresses(v=4).map(lambda ip: f"::ffff:{ip}"),
    st.ip_addresses(network="10.1.0.0/16").map(str),
    st.ip_addresses(network="2001:db8:0:1::/64").map(str),
    st.sampled_from(["", "x", "999.1.1.1", "1.2.3", "01.2.3.4", "::", "aa:bb:cc:dd:ee:ff", "é%"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(_IPS, min_size=1, max_size=60))
def test_sql_says_what_python_says(ips: list[str]):
    rows = _DB.execute(
        f"SELECT a, {_LOCAL.sql('a')} FROM (SELECT unnest(?::VARCHAR[]) AS a)", [ips]
    ).fetchall()
    assert dict(rows) == {ip: _LOCAL.is_local(ip) for ip in ips}


def test_sql_keeps_null():
    assert _DB.execute(f"SELECT {_LOCAL.sql('NULL::VARCHAR')}").fetchone() == (None,)


_DB = duckdb.connect()
_LOCAL = LocalNetworks(
    [ip_network(n) for n in ("10.1.2.0/23", "141.81.0.0/16", "2001:db8:0:1::/64", "172.16.0.0/12")]
)
