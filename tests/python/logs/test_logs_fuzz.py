"""Whatever happens to a log's bytes: no reader raises, no row is unaccounted for, and no sound row
is lost. ``HYPOTHESIS_PROFILE=fuzz`` tries a hundred times as many examples."""

from __future__ import annotations

import json
import zlib
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from logkit import (
    DETAILED,
    MODBUS,
    Bench,
    conn,
    count_rows,
    detailed,
    events,
    examples,
    gz,
    jsonl,
    modbus,
    tsv,
    value,
    zst,
)

LOGS = {
    "conn.log": tsv(conn(30), close=True),
    "modbus.log": tsv(modbus(15), "modbus", MODBUS),
    "modbus_detailed.log": tsv(detailed(20), "modbus_detailed", DETAILED),
    "conn_json.log": jsonl(conn(30)),
    "mixed.log": b"".join(
        jsonl([c], "conn") + jsonl([d], "modbus_detailed")
        for c, d in zip(conn(15), detailed(15), strict=True)
    ),
    "eve.json": jsonl(events(30)),
}
TSV = {name for name, data in LOGS.items() if data.startswith(b"#")}

SPICE = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b"\n", b"\r\n", b"\r", b"\t", b"\0", b"\xff\xfe", b"#", b"\n#", b"-", b'"', b"{", b"}",
        b"[", b"\\", b"\\u0000", b"\\ud800", b"NaN", b"1e999", b"-Infinity", b"null", b"(empty)",
        b"9999999999999999999999", b"\xed\xa0\x80", b"\x1b[31m", b"=cmd|'/c calc'!A1", b"<script>",
        b"\n{}\n", b"\n[]\n", b"\nnull\n", b"'", b",", b"\\x09", b"\xef\xbb\xbf", b"\n\n",
    ]),
)  # fmt: skip
SPOT = st.floats(0, 1, allow_nan=False)
EDITS = st.lists(
    st.tuples(st.sampled_from(["flip", "delete", "insert", "copy", "cut"]), SPOT, SPOT, SPICE),
    min_size=1,
    max_size=4,
)


def damage(data: bytes, edits, start: int = 0) -> bytes:
    """``data`` with edits at relative places behind ``start``."""
    for what, where, how_much, spice in edits:
        at = start + int(where * max(0, len(data) - start))
        n = int(how_much**3 * 200)
        if what == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 + n % 255)]) + data[at + 1 :]
        elif what == "delete":
            data = data[:at] + data[at + n :]
        elif what == "insert":
            data = data[:at] + spice + data[at:]
        elif what == "copy":
            data = data[: at + n] + data[at:]
        elif what == "cut":
            data = data[: max(at, start)]
    return data


def rows_start(name: str) -> int:
    data = LOGS[name]
    return data.index(b"\n", data.index(b"#types")) + 1 if name in TSV else 0


def sound(name: str, data: bytes) -> int:
    """Lines of ``data`` that are rows of the undamaged log."""
    was = Counter(LOGS[name][rows_start(name) :].split(b"\n"))
    now = Counter(data[rows_start(name) :].split(b"\n")[:-1])  # the last has no end
    return sum(min(n, now[line]) for line, n in was.items() if line and line[:1] != b"#")


WAYS = st.sampled_from(
    [{}, {"segment_bytes": 700}, {"slice_bytes": 700}, {"slice_bytes": 700, "straight": True}]
)


def check(bench: Bench, name: str, data: bytes, **how: int):
    got = bench.bytes(data, name, name.split(".")[0], **how)
    assert got.read == got.used + got.ignored.total() + got.rejected.total()
    for account in got.accounts.values():
        assert account.used >= 0
        assert len(account.samples) <= 20
    return got


@pytest.mark.parametrize("name", LOGS)
@given(edits=EDITS, how=WAYS)
@examples(6)
def test_damaged_rows(bench: Bench, name: str, edits, how: dict[str, int]) -> None:
    data = damage(LOGS[name], edits, rows_start(name))
    got = check(bench, name, data, **how)
    if not got.accounts[next(iter(got.accounts))].format:  # too little of it is left to know it
        assert got.remarks
        assert sound(name, data) == 0
        return
    assert got.read == count_rows(data, name in TSV)
    # a copied piece may hold a line of the header; then other columns are in force behind it
    assert got.used + got.ignored.total() >= sound(name, data)


@pytest.mark.parametrize("name", LOGS)
@given(edits=EDITS)
@examples(4)
def test_damage_anywhere(bench: Bench, name: str, edits) -> None:
    data = damage(LOGS[name], edits)
    got = check(bench, name, data)
    if got.read:
        # a damaged header may make a TSV log one of another kind, never one with other lines
        assert got.read == count_rows(data, name in TSV)
    else:
        assert got.remarks or count_rows(data, name in TSV) == 0


@pytest.mark.parametrize("name", ["conn.log", "eve.json"])
@pytest.mark.parametrize("end", [".gz", ".zst"])
@given(edits=EDITS)
@examples(4)
def test_damaged_archives(bench: Bench, name: str, end: str, edits) -> None:
    packed = gz(LOGS[name]) if end == ".gz" else zst(LOGS[name])
    data = damage(packed, edits)
    got = check(bench, name + end, data)
    if end == ".gz" and data.startswith(b"\x1f\x8b"):
        plain = inflate(data)
        assert got.read == count_rows(plain, name in TSV) or not got.read
        if plain.startswith(LOGS[name]):
            assert got.used > 0


def inflate(data: bytes) -> bytes:
    """What a gzip file holds before its first fault, byte by byte."""
    out = b""
    while data.strip(b"\0"):
        codec = zlib.decompressobj(31)
        data = data.lstrip(b"\0") if out else data
        used = 0
        try:
            while used < len(data) and not codec.eof:
                out += codec.decompress(data[used : used + 1])
                used += 1
        except zlib.error:
            return out
        if not codec.eof:
            return out
        data = codec.unused_data + data[used:]
    return out


@given(data=st.binary(max_size=300), name=st.sampled_from(["x.log", "eve.json", "x.log.gz"]))
@examples(8)
def test_any_bytes(bench: Bench, data: bytes, name: str) -> None:
    got = check(bench, name, data)
    assert got.remarks or got.read or not data.strip()


@given(st.binary(max_size=400))
@examples(8)
def test_any_bytes_behind_a_header(bench: Bench, data: bytes) -> None:
    start = LOGS["conn.log"][: rows_start("conn.log")]
    got = check(bench, "conn.log", start + data)
    if not any(line.startswith(b"#") for line in data.split(b"\n")):
        assert got.read == count_rows(data, tsv=True)


TEXT = st.text(st.characters(), max_size=30)  # half pairs of UTF-16 included
HOSTILE = st.one_of(
    TEXT,
    st.sampled_from([
        "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "a\nb", "\x1b[2Jx", "\x00", "x" * 100_000,
        "\ud800", "\udfff\ud800", "'; DROP TABLE rows; --", '"', "\\", "%s%n", "{}", "-",
        "(empty)", "\u2028", "\u202e", "NaN", "a\tb", "\r\n#close", "\ufeff", "𐏿", "${jndi:x}",
    ]),
)  # fmt: skip


@given(st.lists(HOSTILE, min_size=1, max_size=5))
@examples(8)
def test_hostile_values_come_out_as_data(bench: Bench, values: list[str]) -> None:
    """In JSON any text may stand; it is in the ledger, control characters written out."""
    rows = [{**conn(1)[0], "uid": v, "id.orig_h": f"10.9.0.{i}"} for i, v in enumerate(values)]
    data = b"".join(json.dumps(r).encode() + b"\n" for r in rows)
    got = check(bench, "conn.log", data)
    assert (got.used, got.rejects) == (len(values), [])
    assert got.events == len(values)
    for i, text in enumerate(values):
        shown = "".join(
            f"\\x{ord(c):02x}" if ord(c) < 0x20 or c == "\x7f"
            else f"\\u{ord(c):04x}" if 0xD800 <= ord(c) <= 0xDFFF else c
            for c in text
        )  # fmt: skip
        assert [r["uid_min"] for r in got.activity if r["client"] == f"10.9.0.{i}"] == [shown]
    eve = [{**e, "event_type": "alert", "alert": {
        "gid": 1, "signature_id": 1, "rev": 1, "severity": 1, "signature": v, "category": v}}
        for e, v in zip(events(len(values)), values, strict=True)]  # fmt: skip
    got = check(bench, "eve.json", b"".join(json.dumps(e).encode() + b"\n" for e in eve))
    assert got.used == len(values)
    assert sum(n["count"] for n in got.tables["notices"]) == len(values)


@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["ts", "uid", "a"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([*conn(1)[0]]),
)
@example(values=[98204658400.0], column="duration")  # ends in the year 5138
@examples(8)
def test_any_json_in_any_column(bench: Bench, values: list, column: str) -> None:
    rows = [{**conn(1)[0], column: v} for v in values] + conn(2)
    data = b"".join(json.dumps(r).encode() + b"\n" for r in rows)
    got = check(bench, "conn.log", data)
    assert got.read == len(rows)
    assert got.used >= 2
    event = events(1)[0]
    key = {"ts": "timestamp", "uid": "flow_id", "id.orig_h": "src_ip", "proto": "proto"}.get(
        column, "flow"
    )
    rows = [{**event, key: v} for v in values] + events(2)
    data = b"".join(json.dumps(r).encode() + b"\n" for r in rows)
    got = check(bench, "eve.json", data)
    assert got.read == len(rows)


@given(st.lists(st.sampled_from([*conn(1)[0]]), min_size=1, max_size=3), HOSTILE)
@examples(8)
def test_any_text_in_any_tsv_column(bench: Bench, columns: list[str], text: str) -> None:
    clean = text.replace("\t", " ").replace("\n", " ")
    rows = [{**conn(1)[0], **dict.fromkeys(columns, clean)}, *conn(2)]
    got = check(bench, "conn.log", tsv(rows))
    assert value(None) == "-"
    assert got.read == 3
    assert got.used >= 2
