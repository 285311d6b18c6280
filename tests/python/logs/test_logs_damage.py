"""A damaged row costs that row: it is named with its line, and everything else is in the ledger."""

from __future__ import annotations

import json

import pytest
from logkit import (
    CONN,
    DETAILED,
    UNKNOWN,
    Bench,
    conn,
    count_rows,
    detailed,
    events,
    gz,
    jsonl,
    tsv,
    unknown,
    zst,
)  # fmt: skip

from gaugeglass.logs.segment import MAX_LINE

ROWS = conn(12)
HEADER = 8  # lines of the header that logkit writes
HOW = pytest.mark.parametrize(
    "how",
    [{}, {"segment_bytes": 900}, {"slice_bytes": 400}, {"slice_bytes": 400, "straight": True}],
)


def spoilt(line: int, text: bytes, *, end: bytes = b"\n") -> bytes:
    """The log with its row ``line`` (1-based) replaced."""
    lines = tsv(ROWS).split(b"\n")
    lines[HEADER + line - 1] = text
    return b"\n".join(lines[:-1]) + end


def row_of(line: int, **changes: bytes) -> bytes:
    values = dict(zip(CONN, tsv(ROWS).split(b"\n")[HEADER + line - 1].split(b"\t"), strict=True))
    values |= {k.replace("__", "."): v for k, v in changes.items()}
    return b"\t".join(values.values())


@HOW
@pytest.mark.parametrize(
    ("text", "reason", "excerpt"),
    [
        (b"x", "1 columns where the header names 14", "x"),
        (row_of(5) + b"\tmore", "15 columns where the header names 14", "1795341629.240000"),
        (row_of(5, ts=b"soon"), "column ts has a value that is not a time", "soon"),
        (row_of(5, ts=b"nan"), "column ts has a value that is not a time", "nan"),
        (row_of(5, ts=b"1e300"), "column ts has a value that is not a time", "1e300"),
        (row_of(5, ts=b"-"), "column ts has a value that is not a time", ""),
        (row_of(5, id__orig_p=b"http"), "column id.orig_p has a value that is not a port number",
         "http"),
        (row_of(5, duration=b"long"), "column duration has a value that is not a number", "long"),
        (row_of(5, duration=b"inf"), "column duration has a value that is not a number", "inf"),
        (row_of(5, orig_bytes=b"9" * 40), "column orig_bytes has a value that is not a number",
         "9" * 40),
        (row_of(5, id__resp_h=b"-"), "row names no host", ""),
        (b"\x00" * 70, "1 columns where the header names 14", "\\x00"),
    ],
)  # fmt: skip
def test_a_bad_tsv_row_is_named_and_alone(bench: Bench, how, text, reason, excerpt) -> None:
    data = spoilt(5, text)
    got = bench.bytes(data, "conn.log", **how)
    assert (got.read, got.used) == (count_rows(data, tsv=True), 11)
    [reject] = got.rejects
    assert (reject.line, reject.reason) == (HEADER + 5, reason)
    assert reject.excerpt.startswith(excerpt)
    assert reject.file.endswith("conn.log")
    assert got.events == 11


@pytest.mark.parametrize("how", [{"segment_bytes": 900}])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "cut off mid-line"), (b'{"ts":1', "cut off mid-line"), (b"x", "cut off mid-line"),
        (b"{x}", "not JSON: Expecting property name enclosed in double quotes"),
        (b"[1,2]", "cut off mid-line"), (b"null", "cut off mid-line"), (b'"{}"', "x"),
        (b"{}", "column ts has a value that is not a time"),
        (b'{"ts":"x"}', "column ts has a value that is not a time"),
        (b'{"ts":true,"uid":[]}', "column ts has a value that is not a time"),
        (b'{"ts":1e999}', "column ts has a value that is not a time"),
        (b'{"ts":1,"id.orig_h":"a","id.orig_p":{"a":1}}',
         "column id.orig_p has a value that is not a port number"),
        (b'{"ts":1}', "row names no host"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "JSON nested more than 256 deep"),
        (b'{"n":' + b"9" * 5000 + b"}", "not JSON"),
    ],
)  # fmt: skip
def test_a_bad_json_row_is_named_and_alone(bench: Bench, how, text, reason) -> None:
    lines = jsonl(ROWS).split(b"\n")
    lines[4] = text
    got = bench.bytes(b"\n".join(lines), "conn.log", "conn", **how)
    assert (got.read, got.used, got.events) == (12, 11, 11)
    [reject] = got.rejects
    assert reject.line == 5
    if text in (b"[1,2]", b"null", b'"{}"'):
        assert reject.reason == "not a JSON object"
    else:
        assert reject.reason.startswith(reason)


@pytest.mark.parametrize("line", [0, 5])
def test_one_line_does_not_make_a_log_another_format(bench: Bench, line: int) -> None:
    lines = jsonl(ROWS).split(b"\n")
    lines[line] = b"#fields" + lines[line][1:]
    got = bench.bytes(b"\n".join(lines), "conn.log", "conn")
    assert (got.read, got.used) == (12, 11)
    assert [r.line for r in got.rejects] == [line + 1]
    lines = tsv(ROWS).split(b"\n")
    lines[HEADER + line] = b"{" + lines[HEADER + line]
    got = bench.bytes(b"\n".join(lines), "conn.log")
    assert (got.read, got.used) == (12, 11)
    assert [r.line for r in got.rejects] == [HEADER + line + 1]


@pytest.mark.parametrize("how", [{}])
@pytest.mark.parametrize("text", [b"{", b"null", b"{}", b'{"event_type":"flow"}',
                                  b'{"event_type":"flow","timestamp":"x"}'])  # fmt: skip
@pytest.mark.parametrize("line", [1, 4])
def test_a_bad_eve_row_is_named_and_alone(bench: Bench, how, text, line) -> None:
    lines = jsonl(events(12)).split(b"\n")
    lines[line - 1] = text
    got = bench.bytes(b"\n".join(lines), "eve.json", "eve", **how)
    assert (got.read, got.used + got.ignored.total()) == (12, 11)
    [reject] = got.rejects
    assert reject.line == line
    assert "not shown" in reject.excerpt  # EVE rows may hold passwords


def test_damage_before_the_first_row_costs_no_row(bench: Bench) -> None:
    """A broken header line that isn't ``#fields``, a broken first JSON line."""
    lines = tsv(ROWS).split(b"\n")
    for i in range(HEADER):
        if lines[i].startswith((b"#fields", b"#path")):
            continue
        broken = [*lines]
        broken[i] = b"\xff" + broken[i]
        got = bench.bytes(b"\n".join(broken), "conn.log")
        assert got.used == 12, lines[i]
        assert got.read == 13 or lines[i].startswith(b"#types")
    nameless = [b"x" + line if line.startswith(b"#fields") else line for line in lines]
    got = bench.bytes(b"\n".join(nameless), "conn.log")
    assert got.rejected == {"rows before any #fields header": 13}
    got = bench.bytes(b"\xff\xff\n" + jsonl(ROWS), "conn.log", "conn")
    assert (got.read, got.used) == (13, 12)
    got = bench.bytes(b"garbage\n" + jsonl(events(12)), "eve.json", "eve")
    assert (got.read, got.rejected.total()) == (13, 1)


@pytest.mark.parametrize("how", [{}])
@pytest.mark.parametrize(
    "raw", [b"a\rb", b"a\x00b", b"a\xffb", b"a\x1b[31mb", b"\xed\xa0\x80", b"a\x7fb", b"a\x0bb"]
)
def test_stray_bytes_in_a_value_cost_no_row(bench: Bench, how, raw: bytes) -> None:
    expected = "".join(f"\\x{b:02x}" if b < 0x20 or b >= 0x7F else chr(b) for b in raw)
    data = spoilt(5, row_of(5, service=raw))
    got = bench.bytes(data, "conn.log", **how)
    assert (got.read, got.used, got.rejects) == (12, 12, [])
    assert expected in {r["service"] for r in got.activity}
    row = b'"service":"' + raw + b'"'
    lines = jsonl(ROWS).split(b"\n")
    lines[3] = lines[3].replace(b'"service":"modbus"', row)
    assert row in lines[3]
    got = bench.bytes(b"\n".join(lines), "conn.log", "conn", **how)
    assert (got.read, got.used) == (12, 12)
    assert expected in {r["service"] for r in got.activity}


def test_windows_line_ends_cost_no_row(bench: Bench) -> None:
    expected = bench.bytes(tsv(ROWS), "conn.log").tables
    for data in (tsv(ROWS, close=True), jsonl(ROWS)):
        got = bench.bytes(data.replace(b"\n", b"\r\n"), "conn.log", "conn")
        assert (got.used, got.tables) == (12, expected)
    one = tsv(ROWS).replace(b"\n", b"\r\n", HEADER + 3).replace(b"\r\n", b"\n", HEADER)
    assert bench.bytes(one, "conn.log").tables == expected


@pytest.mark.parametrize(
    ("data", "name"),
    [(tsv(ROWS), "conn.log"), (jsonl(ROWS), "conn.log"), (jsonl(events(12)), "eve.json")],
)
def test_cut_off_mid_line(bench: Bench, data: bytes, name: str) -> None:
    for cut in (1, 2, 9):
        short = data[:-cut]
        got = bench.bytes(short, name, "conn")
        whole_object = cut == 1 and not data.startswith(b"#")
        assert got.read == 12
        assert got.rejected == ({} if whole_object else {"cut off mid-line": 1})
        if not whole_object:
            assert got.rejects[0].line == data.count(b"\n")


def test_a_line_too_long_costs_only_itself(bench: Bench) -> None:
    for size in (MAX_LINE + 10, 3 * MAX_LINE):
        long = row_of(5, service=b"x" * size)
        data = spoilt(5, long) + b"bad\n"
        for how in ({}, {"segment_bytes": 300}):
            got = bench.bytes(data, "conn.log", **how)
            assert (got.read, got.used) == (13, 11)
            assert [(r.line, r.reason) for r in got.rejects] == [
                (HEADER + 5, "line longer than 2 MiB"),
                (HEADER + 13, "1 columns where the header names 14"),
            ]
        lines = jsonl(ROWS).split(b"\n")
        lines[4] = json.dumps({"ts": 1, "uid": "x" * size}).encode()
        got = bench.bytes(b"\n".join([*lines[:-1], b"bad", b""]), "conn.log", "conn")
        assert (got.read, got.used) == (13, 11)
        assert [r.line for r in got.rejects] == [5, 13]
    got = bench.bytes(spoilt(12, b"x" * (3 * MAX_LINE), end=b""), "conn.log")
    assert (got.read, got.used, got.rejected) == (12, 11, {"line longer than 2 MiB": 1})
    got = bench.bytes(gz(spoilt(5, b"x" * (9 * MAX_LINE))), "conn.log.gz")
    assert (got.read, got.used) == (12, 11)


def test_a_value_the_engine_cannot_work_with_costs_only_its_row(bench: Bench) -> None:
    """A duration of 10^300 s passes as a number and overflows in the protocol's arithmetic."""
    rows = [row_of(i + 1) for i in range(12)]
    for bad in ([5], [1, 12], [2, 3, 9]):
        lines = [row_of(i, duration=b"1e300") if i in bad else rows[i - 1] for i in range(1, 13)]
        data = tsv([]) + b"\n".join(lines) + b"\n"
        got = bench.bytes(data, "conn.log")
        assert [r.line for r in got.rejects] == [HEADER + i for i in bad]
        assert "cannot be worked with" in got.rejects[0].reason
        assert got.events == 12 - len(bad)


def test_huge_counts_do_not_overflow_the_sums(bench: Bench) -> None:
    rows = [{**ROWS[0], "orig_bytes": (1 << 63) - 1, "resp_bytes": -5} for _ in range(2000)]
    got = bench.bytes(tsv(rows), "conn.log")
    assert got.used == 2000
    assert got.activity[0]["bytes_to_server"] == (1 << 63) - 1
    assert got.activity[0]["bytes_to_client"] == 0
    rows = [{**ROWS[0], "orig_bytes": 1 << 64}]
    assert bench.bytes(tsv(rows), "conn.log").rejected.total() == 1


def test_many_bad_rows_keep_few_samples(bench: Bench) -> None:
    data = tsv(ROWS) + b"".join(b"bad %d\n" % i for i in range(3000))
    got = bench.bytes(data, "conn.log")
    assert (got.read, got.used, got.rejected.total()) == (3012, 12, 3000)
    assert [r.line for r in got.rejects] == list(range(HEADER + 13, HEADER + 33))


def test_broken_archives(bench: Bench) -> None:
    rows = conn(3000)
    data = tsv(rows)
    for pack, end in ((gz, ".gz"), (zst, ".zst")):
        packed = pack(data)
        got = bench.bytes(packed + b"garbage", "conn.log" + end, "conn")
        assert (got.read, got.used) == (3000, 3000)
        assert "damaged" in got.remarks[0]
        got = bench.bytes(packed[: len(packed) * 2 // 3], "conn.log" + end, "conn")
        assert got.remarks == [f"{'gzip' if end == '.gz' else 'zstd'} data is cut off"]
        assert 500 < got.used < 3000
        assert got.read - got.used <= 1
        got = bench.bytes(packed[:-3], "conn.log" + end, "conn")  # the checksum is hurt
        assert got.remarks
        assert got.used == 3000
        flipped = bytearray(packed)
        flipped[len(packed) // 2] ^= 0x55
        got = bench.bytes(bytes(flipped), "conn.log" + end, "conn")
        assert got.remarks
        assert got.used > 500
        two = bench.bytes(pack(data[:5000]) + pack(data[5000:]), "conn.log" + end, "conn")
        assert (two.used, two.remarks) == (3000, [])
        padded = bench.bytes(packed + b"\0" * 600_000, "conn.log" + end, "conn")
        assert (padded.used, padded.remarks) == (3000, [])


def test_compression_is_told_by_content(bench: Bench) -> None:
    data = tsv(ROWS)
    for name in ("conn.log", "conn.log.gz", "conn.log.zst"):
        for packed in (data, gz(data), zst(data)):
            got = bench.bytes(packed, name, "conn")
            assert (got.used, got.remarks) == (12, []), name


def test_what_is_no_log_is_told(bench: Bench) -> None:
    for data, why in (
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0", "not a text log"),
        (b"hello\nworld\n", "neither a Zeek header nor JSON lines"),
        (b'{"name":"x"}\n', "JSON rows have neither ts nor event_type"),
        (b'{\n "a": 1\n}\n', "no line of the file's start is a JSON object"),
        (b"#!/bin/sh\n", "neither a Zeek header nor JSON lines"),
        (b"#separator \\x09\n" + b"#x\n" * 40000, "no #fields line"),
        (b"#fields\t" + b"\tx" * 40000, "Zeek header longer than 64 KiB"),
    ):
        got = bench.bytes(data, "x.log", "x")
        assert (got.read, got.remarks) == (0, [why])
    got = bench.bytes(b"\x1f\x8bnonsense", "x.log.gz", "x")
    assert "gzip data is damaged" in got.remarks[0]


def test_loaded_scripts_has_no_time_and_is_known_all_the_same(bench: Bench) -> None:
    got = bench.bytes(b'{"name":"/usr/share/zeek/base/init-bare.zeek"}\n', "loaded_scripts.log",
                      "loaded_scripts")  # fmt: skip
    assert got.ignored.total() == 1


def test_excerpts_hold_no_control_character(bench: Bench) -> None:
    got = bench.bytes(tsv(ROWS) + b"\x1b[2J\x00\tx\n", "conn.log")
    assert got.rejects[0].excerpt == "\\x1b[2J\\x00\\x09x"


def test_unset_and_broken_rows_of_an_unknown_kind_are_still_counted(bench: Bench) -> None:
    data = tsv(unknown(5), "frobnicate", UNKNOWN) + b"short\n"
    got = bench.bytes(data, "x.log")
    assert (got.read, got.ignored.total(), got.rejected.total()) == (6, 5, 1)
    got = bench.bytes(jsonl(unknown(5)) + b"short\n[]\n", "frob.log", "frob")
    assert (got.read, got.ignored.total(), got.rejected.total()) == (7, 5, 2)


def test_a_broken_row_among_measured_polls_keeps_the_gaps(bench: Bench) -> None:
    """The exact way gives the same measures as the strict one."""
    polls = tsv(detailed(40), "modbus_detailed", DETAILED)
    got = bench.bytes(polls + b"bad\n\xff\n", "m.log")
    assert got.tables == bench.bytes(polls, "m.log").tables
    assert got.rejected.total() == 2
