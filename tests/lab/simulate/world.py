"""The frame of a simulated run: its clock, its dice, its process values and its connections."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from .plant import Host, host, macs
from .zeeklog import DAY, SECOND, Fixed, Ints, Logs, Mute, Pick

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
#: A Monday.
EPOCH = int(datetime(2026, 9, 7, tzinfo=UTC).timestamp()) * SECOND
Floats = npt.NDArray[np.float64]


@dataclass
class Channel:
    """The connections from a client to a service of a server, one after the other."""

    client: Host
    server: Host
    port: int
    service: str | None  # as Zeek names it in conn.log
    proto: str
    starts: Ints  # when each connection begins
    uids: list[str]
    sports: list[str]
    client_mac: str
    server_mac: str
    state: str = "SF"
    times: list[Ints] = field(default_factory=list)
    loads: list[tuple[Ints, Ints]] = field(default_factory=list)

    def at(self, ts: Ints) -> Ints:
        """Which connection each moment falls in."""
        return np.maximum(np.searchsorted(self.starts, ts, side="right") - 1, 0)

    def fields(self, ts: Ints) -> dict[str, object]:
        """The five columns that say which connection."""
        codes = self.at(ts)
        return {
            "uid": Pick(codes, self.uids), "id.orig_h": self.client.ip,
            "id.orig_p": Pick(codes, self.sports), "id.resp_h": self.server.ip,
            "id.resp_p": self.port,
        }  # fmt: skip

    def packet(self, ts: Ints, reply: bool = False) -> dict[str, object]:
        """The same with ICSNPP's direction of the packet."""
        out = self.fields(ts)
        there = (self.client.ip, out["id.orig_p"], self.server.ip, self.port)
        back = (self.server.ip, self.port, self.client.ip, out["id.orig_p"])
        names = ("source_h", "source_p", "destination_h", "destination_p")
        ends = back if reply else there
        return {**out, "is_orig": "F" if reply else "T", **dict(zip(names, ends, strict=True))}

    def carried(self, ts: Ints, up: int | Ints, down: int | Ints) -> None:
        """Count payload bytes towards the connections' totals."""
        if len(ts):
            self.times.append(ts)
            self.loads.append(
                (np.broadcast_to(np.asarray(up, np.int64), ts.shape),
                 np.broadcast_to(np.asarray(down, np.int64), ts.shape))
            )  # fmt: skip


class World:
    """One run of the plant, from ``start`` to ``end`` (microseconds of Unix time)."""

    def __init__(self, seed: int, days: float, pace: float = 1.0) -> None:
        self.seed, self.pace = seed, pace
        self.start, self.end = EPOCH, EPOCH + int(days * DAY)
        self.logs = Logs()
        self.overrides: dict[str, list[Callable[[Ints, Floats], Floats]]] = {}
        self.rates: dict[str, list[tuple[int, float]]] = {}  # pair -> from when, period times what
        self.late: list[Channel] = []  # connections that mutes don't concern
        self._channels: dict[tuple[object, ...], Channel] = {}
        self._signals: dict[str, list[tuple[float, float, float]]] = {}

    def rng(self, name: str) -> np.random.Generator:
        """Dice of their own for each name: adding something changes nothing else."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    # -- time ----------------------------------------------------------------------------------

    def polls(
        self, name: str, seconds: float, jitter: float = 0.02, lost: float = 0.001,
        first: int | None = None, last: int | None = None,
    ) -> Ints:  # fmt: skip
        """Moments about ``seconds`` apart with a jitter (share of the period), some lost."""
        rng = self.rng(f"polls {name}")
        low, high = self.start if first is None else first, self.end if last is None else last
        period = seconds * self.pace * SECOND
        count = int((high - low) / period)
        ts = low + (np.arange(count) + rng.random()) * period
        ts = ts + rng.normal(0, jitter * period / 2, count).clip(-0.45 * period, 0.45 * period)
        kept = rng.random(count) >= lost
        return np.sort(ts[kept]).astype(np.int64)

    def chances(
        self, name: str, per_day: float, hours: tuple[float, float] = (0, 24),
        weekend: float = 1.0, first: int | None = None, last: int | None = None,
    ) -> Ints:  # fmt: skip
        """Moments of a Poisson process inside ``hours`` of the day, rarer (or not) on weekends."""
        rng = self.rng(f"chances {name}")
        low, high = self.start if first is None else first, self.end if last is None else last
        out: list[float] = []
        for day in range(int((low - EPOCH) // DAY), int((high - EPOCH - 1) // DAY) + 1):
            free = day % 7 >= 5
            count = rng.poisson(per_day * (weekend if free else 1.0))
            at = EPOCH + day * DAY + rng.uniform(hours[0], hours[1], count) * HOUR
            out.extend(at.tolist())
        ts = np.sort(np.array(out, dtype=np.float64)).astype(np.int64)
        return ts[(ts >= low) & (ts < high)]

    def daily(self, name: str, hour: float, spread: float = 0.02) -> Ints:
        """Once a day at about ``hour``."""
        rng = self.rng(f"daily {name}")
        days = np.arange(int((self.end - self.start) // DAY) + 1)
        at = self.start + days * DAY + (hour + rng.normal(0, spread, len(days))) * HOUR
        ts = at.astype(np.int64)
        return ts[(ts >= self.start) & (ts < self.end)]

    # -- process values ------------------------------------------------------------------------

    def value(self, tag: str, ts: Ints, base: float, swing: float) -> Floats:
        """A process value: day and week, a slow season, waves of its own and noise, about
        ``base`` by ``swing``; overrides last."""
        if tag not in self._signals:
            rng = self.rng(f"value {tag}")
            self._signals[tag] = [
                (float(period), float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.5, 1.0) * w))
                for period, w in ((86_400, 0.35), (604_800, 0.15), (5_400, 0.2), (1_130, 0.15),
                                  (90 * 86_400, 0.5))
            ]  # fmt: skip
        seconds = (ts - EPOCH) / SECOND
        total = np.zeros(len(ts))
        for period, phase, weight in self._signals[tag]:
            total += weight * np.sin(2 * np.pi * seconds / period + phase)
        mixed = (ts.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
        noise = (mixed / float(1 << 24) - 0.5) * 0.2
        out = base + swing * (total + noise)
        for change in self.overrides.get(tag, ()):
            out = change(ts, out)
        return np.asarray(out)

    def override(self, tag: str, change: Callable[[Ints, Floats], Floats]) -> None:
        """Let a tag's values go through ``change`` as well."""
        self.overrides.setdefault(tag, []).append(change)

    # -- connections ---------------------------------------------------------------------------

    def channel(
        self, client: str, server: str, port: int, service: str | None, proto: str = "tcp",
        hours: float = 14.0, own: str = "", mac: str | None = None,
    ) -> Channel:  # fmt: skip
        """The channel of two hosts, with a reconnection every ``hours`` or so (0: one for all).

        ``own`` sets it apart from the usual one (an attacker's own connections); ``mac`` is the
        layer-2 address that its client's frames show, where it isn't the client's.
        """
        key = (client, server, port, proto, own)
        if key not in self._channels:
            rng = self.rng("channel " + " ".join(map(str, key)))
            count = rng.poisson((self.end - self.start) / (hours * HOUR)) if hours else 0
            cuts = np.sort(rng.integers(self.start, self.end, count))
            starts = np.concatenate([[self.start], cuts]).astype(np.int64)
            ends = (host(client), host(server))
            seen = macs(*ends)
            self._channels[key] = Channel(
                *ends, port, service, proto, starts,
                [self.uid(*map(str, key), str(n)) for n in range(len(starts))],
                [str(p) for p in rng.integers(32768, 61000, len(starts))],
                mac or seen[0], seen[1],
            )  # fmt: skip
        return self._channels[key]

    def once(
        self, client: str, server: str, port: int, service: str | None, ts: Ints,
        proto: str = "tcp", own: str = "", mac: str | None = None,
    ) -> Channel:  # fmt: skip
        """A channel with a connection of its own for each moment of ``ts``."""
        key = (client, server, port, proto, "once", own, len(self._channels))
        rng = self.rng("once " + " ".join(map(str, key)))
        ends = (host(client), host(server))
        seen = macs(*ends)
        made = Channel(
            *ends, port, service, proto, ts - 2000,
            [self.uid(*map(str, key), str(n)) for n in range(len(ts))],
            [str(p) for p in rng.integers(32768, 61000, len(ts))], mac or seen[0], seen[1],
        )  # fmt: skip
        self._channels[key] = made
        return made

    def uid(self, *parts: str) -> str:
        """A connection's uid as Zeek writes it."""
        digest = hashlib.blake2b("|".join((str(self.seed), *parts)).encode(), digest_size=12)
        return "C" + base64.b32encode(digest.digest()).decode().rstrip("=")[:17]

    def mute(
        self, client: str | None, server: str | None, first: int, last: int, keep: float = 0.0,
        kinds: tuple[str, ...] = (), only: tuple[str, tuple[object, ...]] | None = None,
    ) -> None:  # fmt: skip
        """Nothing that ``client`` asked of ``server`` between these moments ever happened."""
        names = (host(n).ip if n else None for n in (client, server))
        self.logs.mutes.append(Mute(*names, first, last, keep, kinds, only))

    def close(self) -> None:
        """Log every connection, with what it carried."""
        late = {id(channel) for channel in self.late}
        ready = sorted(self._channels.values(), key=lambda channel: id(channel) in late)
        for channel in ready:
            if id(channel) in late:
                self.logs.silence()
            if channel.times:
                _log(self.logs, channel)
        self._channels.clear()


def _log(logs: Logs, channel: Channel) -> None:
    ts = np.concatenate(channel.times)
    up, down = (np.concatenate([load[i] for load in channel.loads]) for i in (0, 1))
    which = channel.at(ts)
    size = len(channel.starts)
    first = np.full(size, np.iinfo(np.int64).max)
    last = np.full(size, -1)
    np.minimum.at(first, which, ts)
    np.maximum.at(last, which, ts)
    sums = [np.bincount(which, weights=load, minlength=size).astype(np.int64)
            for load in (up, down)]  # fmt: skip
    packets = np.bincount(which, minlength=size)
    used = np.flatnonzero(packets)
    begun = first[used] - 2000
    silent = channel.state in ("S0", "REJ")
    logs.add(
        "conn",
        begun,
        {
            "uid": Pick(used, channel.uids), "id.orig_h": channel.client.ip,
            "id.orig_p": Pick(used, channel.sports), "id.resp_h": channel.server.ip,
            "id.resp_p": channel.port, "proto": channel.proto, "service": channel.service,
            "duration": None if silent else Fixed((last[used] - begun) / SECOND, 6),
            "orig_bytes": sums[0][used], "resp_bytes": sums[1][used],
            "conn_state": channel.state, "local_orig": "T", "local_resp": "T",
            "missed_bytes": 0, "history": "S" if silent else "ShADadFf",
            "orig_pkts": packets[used] + 3, "orig_ip_bytes": sums[0][used] + 52 * packets[used],
            "resp_pkts": 0 if silent else packets[used] + 2,
            "resp_ip_bytes": sums[1][used] + 52 * packets[used] * (not silent),
            "orig_l2_addr": channel.client_mac, "resp_l2_addr": channel.server_mac,
        },
    )  # fmt: skip
