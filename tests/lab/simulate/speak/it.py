"""The traffic of offices and networks: names, time, web, shells, desktops, leases, files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..plant import host
from ..world import Channel, World
from ..zeeklog import Fixed, Ints, Pick


def plain(world: World, channel: Channel, ts: Ints, up: int | Ints, down: int | Ints) -> None:
    """Bytes that no analyzer tells more about."""
    channel.carried(ts, up, down)


def dns(
    world: World, client: str, ts: Ints, names: Sequence[str], codes: Ints, size: int = 40
) -> None:
    """A name asked of the site's server at each of ``ts``: ``names[codes]``."""
    channel = world.once(client, "server", 53, "dns", ts, "udp")
    world.logs.add(
        "dns",
        ts,
        {
            **channel.fields(ts), "proto": "udp", "trans_id": np.arange(len(ts)) % 65536,
            "rtt": "0.001200", "query": Pick(codes, list(names)), "qclass": 1,
            "qclass_name": "C_INTERNET", "qtype": 1, "qtype_name": "A", "rcode": 0,
            "rcode_name": "NOERROR", "answers": "10.40.3.10", "rejected": "F",
        },
    )  # fmt: skip
    channel.carried(ts, size, size + 30)


def ntp(world: World, client: str, ts: Ints) -> None:
    """The time asked of the site's server."""
    channel = world.once(client, "server", 123, "ntp", ts, "udp")
    for mode, stratum, at in ((3, 0, ts), (4, 2, ts + 900)):
        world.logs.add(
            "ntp",
            at,
            {**channel.fields(ts), "version": 4, "mode": mode, "stratum": stratum,
             "poll": "64.000000", "num_exts": 0},
        )  # fmt: skip
    channel.carried(ts, 48, 48)


def http(
    world: World, client: str, server: str, ts: Ints, paths: Sequence[str], codes: Ints,
    down: int | Ints = 4000, up: int = 300, method: str = "GET", status: int = 200,
    agent: str = "Mozilla/5.0", port: int = 80, user: str | None = None, own: str = "",
) -> None:  # fmt: skip
    """A page asked for at each of ``ts``."""
    channel = world.once(client, server, port, "http", ts, own=own)
    world.logs.add(
        "http",
        ts,
        {
            **channel.fields(ts), "trans_depth": 1, "method": method,
            "host": host(server).ip, "uri": Pick(codes, list(paths)), "version": "1.1",
            "user_agent": agent, "request_body_len": max(up - 300, 0), "response_body_len": down,
            "status_code": status, "status_msg": "OK" if status == 200 else "Unauthorized",
            "username": user,
        },
    )  # fmt: skip
    channel.carried(ts, up, down)


def login(
    world: World, client: str, server: str, ts: Ints, kind: str, success: bool = True,
    up: int = 3000, down: int = 9000,
) -> Channel:  # fmt: skip
    """A session of ssh or rdp begun at each of ``ts``."""
    port = {"ssh": 22, "rdp": 3389}[kind]
    channel = world.once(client, server, port, kind, ts)
    if kind == "ssh":
        world.logs.add(
            "ssh",
            ts,
            {**channel.fields(ts), "version": 2, "auth_success": "T" if success else "F",
             "auth_attempts": 1, "client": "SSH-2.0-OpenSSH_9.6", "server": "SSH-2.0-OpenSSH_9.2"},
        )  # fmt: skip
    else:
        world.logs.add(
            "rdp",
            ts,
            {**channel.fields(ts), "cookie": "operator", "result": "encrypted",
             "security_protocol": "HYBRID"},
        )  # fmt: skip
    channel.carried(ts, up, down)
    return channel


def tls(
    world: World, client: str, server: str, ts: Ints, up: int | Ints, down: int | Ints, name: str
) -> None:
    """A TLS session at each of ``ts``."""
    channel = world.once(client, server, 443, "ssl", ts)
    world.logs.add(
        "ssl",
        ts,
        {**channel.fields(ts), "version": "TLSv13", "cipher": "TLS_AES_256_GCM_SHA384",
         "server_name": name, "resumed": "F", "established": "T"},
    )  # fmt: skip
    channel.carried(ts, up, down)


def snmp(
    world: World, client: str, server: str, ts: Ints, community: str = "plant-ro", gets: int = 12,
    sets: int = 0,
) -> None:  # fmt: skip
    """A poll of counters at each of ``ts``, or the setting of ``sets`` variables."""
    channel = world.once(client, server, 161, "snmp", ts, "udp")
    world.logs.add(
        "snmp",
        ts,
        {**channel.fields(ts), "duration": Fixed(np.full(len(ts), 0.04), 6), "version": "2c",
         "community": community, "get_requests": gets, "get_bulk_requests": 0,
         "get_responses": gets + sets, "set_requests": sets},
    )  # fmt: skip
    channel.carried(ts, 45 * (gets + sets), 52 * (gets + sets))


def lease(world: World, client: str, ts: Ints, server: str = "server") -> None:
    """A DHCP lease renewed at each of ``ts``."""
    who = host(client)
    channel = world.once(client, server, 67, "dhcp", ts, "udp")
    world.logs.add(
        "dhcp",
        ts,
        {"uids": Pick(np.arange(len(ts)), channel.uids), "client_addr": who.ip,
         "server_addr": host(server).ip, "mac": who.mac, "host_name": who.name,
         "assigned_addr": who.ip, "msg_types": "REQUEST,ACK", "duration": "0.020000"},
    )  # fmt: skip
    channel.carried(ts, 300, 300)


def backup(world: World, client: str, ts: Ints, size: Ints, server: str = "server") -> Channel:
    """A file written to a share at each of ``ts``."""
    channel = world.once(client, server, 445, "smb", ts)
    world.logs.add(
        "smb_files",
        ts,
        {**channel.fields(ts), "action": "SMB::FILE_WRITE", "path": "\\\\server\\backup",
         "name": f"{client}.bak", "size": size},
    )  # fmt: skip
    channel.carried(ts, size, size // 200)
    channel.carried(ts + 90_000_000, 0, 100)
    return channel


def files(
    world: World, client: str, server: str, ts: Ints, action: str, path: str,
    names: Sequence[str], size: Ints,
) -> None:  # fmt: skip
    """Files read, written or deleted (``action``) on a share within one session: file
    ``names[n % len(names)]`` of ``size[n]`` bytes at the n-th of ``ts``."""
    channel = world.channel(client, server, 445, "smb", hours=0, own=f"{path} {ts[0]}")
    world.logs.add(
        "smb_files",
        ts,
        {**channel.fields(ts), "action": f"SMB::FILE_{action}", "path": path,
         "name": Pick(np.arange(len(ts)) % len(names), list(names)), "size": size},
    )  # fmt: skip
    channel.carried(ts, size if action == "WRITE" else 180, size if action == "READ" else 160)
