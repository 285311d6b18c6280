"""Connections: who asked whom, whichever side the sensor saw first."""

from __future__ import annotations

from pathlib import Path

import pytest
from logkit import CONN, Bench, conn, jsonl, tsv

MACS = {"orig_l2_addr": "string", "resp_l2_addr": "string"}
PLC, HMI = ("10.2.0.1", 502, "00:00:00:00:00:02"), ("10.1.0.1", 40000, "00:00:00:00:00:01")


def row(first: tuple[str, int, str], second: tuple[str, int, str], sent: int, got: int):
    """A connection whose originator is whoever was seen first."""
    return {
        **conn(1)[0], "id.orig_h": first[0], "id.orig_p": first[1], "orig_l2_addr": first[2],
        "id.resp_h": second[0], "id.resp_p": second[1], "resp_l2_addr": second[2],
        "orig_bytes": sent, "resp_bytes": got, "duration": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["tsv", "json"])
@pytest.mark.parametrize("straight", [False, True])
def test_a_session_joined_at_its_server(tmp_path: Path, form: str, straight: bool) -> None:
    bench = Bench(tmp_path)
    rows = [row(HMI, PLC, 100, 7000), row(PLC, HMI, 3000, 20)]
    data = tsv(rows, "conn", {**CONN, **MACS}) if form == "tsv" else jsonl(rows, "conn")
    [got] = bench.bytes(data, "conn.log", "conn", straight=straight).activity
    bench.close()
    assert (got["client"], got["server"], got["port"]) == (HMI[0], PLC[0], 502)
    assert (got["client_mac"], got["server_mac"]) == (HMI[2], PLC[2])
    assert (got["bytes_to_server"], got["bytes_to_client"]) == (120, 10_000)
    assert got["count"] == 2
    assert (got["last"] - got["first"]).total_seconds() == 1.5


@pytest.mark.parametrize("form", ["tsv", "json"])
def test_bytes_that_no_session_carries(tmp_path: Path, form: str) -> None:
    bench = Bench(tmp_path)
    rows = [row(HMI, PLC, sent, sent) for sent in (-5, 1 << 60, 10, 1 << 53)]
    rows += [{k: v for k, v in rows[0].items() if k not in ("orig_bytes", "resp_bytes")}]
    if form == "tsv":
        rows[-1].update(orig_bytes="-", resp_bytes="-")
    data = tsv(rows, "conn", {**CONN, **MACS}) if form == "tsv" else jsonl(rows, "conn")
    [got] = bench.bytes(data, "conn.log", "conn").activity
    bench.close()
    assert got["count"] == 5
    assert got["bytes_to_server"] == got["bytes_to_client"] == 2 * (1 << 53) + 10
