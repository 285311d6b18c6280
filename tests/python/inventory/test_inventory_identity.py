"""What is one device and what is not: MACs, routers, moves, conflicts, serials, instances."""

from __future__ import annotations

from inventory_kit import assets, by_address, claim, conn, talk

M1, M2, M3 = "00:0e:8c:00:00:01", "00:0e:8c:00:00:02", "00:0e:8c:00:00:03"
ROUTER = "00:80:63:5a:10:01"
HMI = "10.0.0.5"


def seen(ip: str, mac: str | None, minute: float = 0, **more):
    return talk(HMI, ip, server_mac=mac, minute=minute, **more)


def test_two_addresses_of_one_mac_are_one_asset():
    found = by_address(assets([seen("10.0.0.6", M1), seen("10.0.0.7", M1)]))
    assert found["10.0.0.6"] is found["10.0.0.7"]
    assert found[M1].ips == ("10.0.0.6", "10.0.0.7")
    assert found[M1].macs == (M1,)


def test_ipv6_beside_ipv4_on_one_mac_is_one_asset_in_any_spelling():
    found = by_address(
        assets([
            seen("10.0.0.6", M1),
            seen("fe80::20e:8cff:fe00:1", M1.upper()),
            seen("FE80:0000:0000:0000:020e:8cff:fe00:0001", None),
        ])
    )  # fmt: skip
    assert found[M1].ips == ("10.0.0.6", "fe80::20e:8cff:fe00:1")


def test_the_mac_of_many_networks_is_a_router_and_joins_nobody():
    rows = [talk(f"10.{i}.0.9", "10.0.0.6", client_mac=ROUTER, server_mac=M1) for i in (1, 2, 3)]
    found = by_address(assets(rows))
    assert len({found[f"10.{i}.0.9"].id for i in (1, 2, 3)}) == 3
    assert found[ROUTER].role == "router"
    assert found[ROUTER].ips == ()
    assert "3 networks" in found[ROUTER].role_evidence
    assert all(found[f"10.{i}.0.9"].macs == () for i in (1, 2, 3))


def test_two_networks_at_once_are_a_router_and_one_after_the_other_a_move():
    at_once = [
        seen("10.1.0.6", M1, 0), seen("10.2.0.6", M1, 5),
        seen("10.1.0.6", M1, 10), seen("10.2.0.6", M1, 15),
    ]  # fmt: skip
    found = by_address(assets(at_once))
    assert found["10.1.0.6"] is not found["10.2.0.6"]
    assert found[M1].role == "router"
    moved = by_address(assets([seen("10.1.0.6", M1, 0), seen("10.2.0.6", M1, 15)]))
    assert moved["10.1.0.6"] is moved["10.2.0.6"]


def test_an_outside_address_does_not_get_the_routers_mac():
    found = by_address(assets([conn(HMI, "198.51.100.77", "tls", server_mac=ROUTER)]))
    assert found["198.51.100.77"].macs == ()
    assert ROUTER not in found
    two = [conn(HMI, f"198.51.100.{i}", "tls", server_mac=ROUTER) for i in (7, 8)]
    assert by_address(assets(two))[ROUTER].role == "router"


def test_the_routers_own_address_is_found_in_the_network_at_hand():
    rows = [
        seen("10.0.0.6", M1), seen("10.0.0.7", M2),
        talk("10.3.0.10", "10.0.0.6", client_mac=ROUTER),
        talk("10.3.0.20", "10.0.0.6", client_mac=ROUTER),
        conn("10.0.0.6", "198.51.100.77", "tls", server_mac=ROUTER),
        conn("10.0.0.6", "10.0.0.1", "dns", server_mac=ROUTER),
    ]  # fmt: skip
    found = by_address(assets(rows))
    assert found["10.0.0.1"].macs == (ROUTER,)
    assert found["10.0.0.1"].role == "router"
    assert found["10.3.0.10"].macs == ()


def test_a_virtual_routers_mac_is_a_routers():
    found = by_address(assets([seen("10.0.0.6", "00:00:5e:00:01:05")]))
    assert found["00:00:5e:00:01:05"].role == "router"
    assert found["10.0.0.6"].macs == ()


def test_what_a_device_says_of_its_own_mac_holds_across_networks():
    rows = [seen("10.1.0.6", None), seen("10.2.0.6", None)]
    claims = [claim(ip, "mac", M1, "dhcp") for ip in ("10.1.0.6", "10.2.0.6")]
    found = by_address(assets(rows, claims))
    assert found["10.1.0.6"] is found["10.2.0.6"]


def test_an_address_that_passed_on_belongs_to_two_assets_in_turn():
    found = assets(
        [seen("10.0.0.6", M1, 0), seen("10.0.0.6", M1, 10), seen("10.0.0.6", M2, 20)],
        [claim("10.0.0.6", "model", "OLD", minute=5), claim("10.0.0.6", "model", "NEW", minute=25)],
    )
    old, new = by_address(found)[M1], by_address(found)[M2]
    assert (old.ips, old.former_ips, old.best("model")) == ((), ("10.0.0.6",), "OLD")
    assert (new.ips, new.former_ips, new.best("model")) == (("10.0.0.6",), (), "NEW")
    assert any("passed to" in n for n in old.notes)
    assert old.role == "controller"


def test_a_host_that_took_another_address_keeps_one_identity():
    rows = [seen("10.0.0.6", M1, 0), seen("10.0.0.7", M1, 20), seen("10.0.0.6", M2, 30)]
    found = by_address(assets(rows))
    assert found[M1].ips == ("10.0.0.7",)
    assert found[M1].former_ips == ("10.0.0.6",)


def test_an_address_claimed_by_two_at_once_is_a_conflict_and_merges_nothing():
    rows = [
        seen("10.0.0.6", M1, 0), seen("10.0.0.6", M1, 60),
        seen("10.0.0.6", M2, 30), seen("10.0.0.9", M2, 31),
    ]  # fmt: skip
    found = by_address(assets(rows))
    assert found["10.0.0.6"].macs == (M1,)
    assert found["10.0.0.9"].macs == (M2,)
    assert any(M2 in n for n in found[M1].notes)
    assert any("conflict" in n for n in found[M2].notes)


def test_one_serial_on_two_addresses_is_one_device():
    rows = [seen("10.0.0.6", M1), seen("10.0.0.7", M2)]
    claims = [claim(ip, "serial", "00A1B2C3") for ip in ("10.0.0.6", "10.0.0.7")]
    assert by_address(assets(rows, claims))[M1].ips == ("10.0.0.6", "10.0.0.7")


def test_serials_that_prove_nothing_join_nothing():
    rows = [seen("10.0.0.6", M1), seen("10.0.0.7", M2)]
    for serial in ("0", "0x00000000", "ffffffff", "unknown", "N/A", "12"):
        claims = [claim(ip, "serial", serial) for ip in ("10.0.0.6", "10.0.0.7")]
        found = by_address(assets(rows, claims))
        assert found["10.0.0.6"] is not found["10.0.0.7"], serial
    # Different models, or a banner instead of an identification.
    claims = [claim(ip, "serial", "A1B2C3") for ip in ("10.0.0.6", "10.0.0.7")]
    kinds = [claim("10.0.0.6", "model", "X"), claim("10.0.0.7", "model", "Y")]
    assert len(by_address(assets(rows, [*claims, *kinds]))["10.0.0.6"].ips) == 1
    banner = [{**c, "source": "http"} for c in claims]
    assert len(by_address(assets(rows, banner))["10.0.0.6"].ips) == 1


def test_a_host_outside_cannot_join_a_controller_by_its_serial():
    rows = [seen("10.0.0.6", M1), talk("203.0.113.7", "10.0.0.6")]
    claims = [claim(ip, "serial", "A1B2C3") for ip in ("10.0.0.6", "203.0.113.7")]
    found = by_address(assets(rows, claims))
    assert found["10.0.0.6"] is not found["203.0.113.7"]


def test_hosts_with_different_serials_behind_one_mac_stay_apart():
    rows = [seen("10.0.0.6", M1), seen("10.0.0.7", M1)]
    claims = [claim("10.0.0.6", "serial", "A1B2C3"), claim("10.0.0.7", "serial", "D4E5F6")]
    found = by_address(assets(rows, claims))
    assert found["10.0.0.6"] is not found["10.0.0.7"]
    assert "different serial" in found[M1].role_evidence


def test_a_bacnet_instance_joins_its_addresses_but_not_a_bacnet_router():
    rows = [seen("10.0.0.6", None), seen("10.0.0.7", None), seen("10.0.0.8", None)]
    claims = [claim(f"10.0.0.{i}", "instance", "1234", "bacnet_discovery") for i in (6, 7, 8)]
    claims.append(claim("10.0.0.8", "instance", "99", "bacnet_discovery"))
    found = by_address(assets(rows, claims))
    assert found["10.0.0.6"].ips == ("10.0.0.6", "10.0.0.7")
    assert found["10.0.0.8"].ips == ("10.0.0.8",)


def test_a_unique_hostname_joins_a_bare_mac_and_a_bare_ip():
    rows = [seen("10.0.0.6", None)]
    claims = [
        claim("10.0.0.6", "hostname", "PANEL02", "ntlm"),
        claim(M1, "hostname", "panel02", "dhcp"),
    ]
    assert by_address(assets(rows, claims))[M1].ips == ("10.0.0.6",)
    two = [*rows, seen("10.0.0.7", None)]
    more = [*claims, claim("10.0.0.7", "hostname", "PANEL02", "ntlm")]
    assert by_address(assets(two, more))[M1].ips == ()


def test_what_nobody_answered_for_is_no_asset():
    rows = [seen("10.0.0.6", M1)]
    rows += [conn(HMI, f"10.0.1.{i}", "modbus", "no_reply", count=1) for i in range(1, 250)]
    rows += [talk(HMI, "10.0.0.255", "bacnet", transport="udp"), talk(HMI, "224.0.0.251", "mdns")]
    rows += [conn(HMI, "10.0.2.9", "ssh", "rejected", count=1)]
    claims = [claim("10.0.0.255", "instance", "7", "bacnet_discovery")]
    assert sorted(ip for a in assets(rows, claims) for ip in a.ips) == [HMI, "10.0.0.6", "10.0.2.9"]


def test_a_collector_of_datagrams_is_an_asset():
    rows = [
        conn(HMI, "10.0.0.8", "syslog", "no_reply", minute=m, transport="udp", bytes_to_server=90)
        for m in (0, 20)
    ]
    assert "10.0.0.8" in by_address(assets(rows))


def test_a_name_looked_up_is_no_asset():
    claims = [claim("93.184.216.34", "hostname", "example.com", "dns")]
    assert assets([], claims) == []


def test_addresses_that_are_none_are_passed_over():
    rows = [talk(bad, "10.0.0.6") for bad in ("", "<script>", "1.2.3.4.5", "x" * 5000, "0.0.0.0")]
    assert [a.ips for a in assets(rows)] == [("10.0.0.6",)]


def test_ids_do_not_change_when_more_is_learned():
    rows = [seen("10.0.0.6", M1), talk("10.0.0.7", "10.0.0.6")]
    before = by_address(assets(rows))
    after = by_address(
        assets(
            [*rows, seen("10.0.0.6", M1, 500), talk("10.0.0.7", "10.0.0.8", minute=9)],
            [claim("10.0.0.6", "serial", "A1B2C3", minute=700)],
        )
    )
    for address in ("10.0.0.6", "10.0.0.7"):
        assert before[address].id == after[address].id
