"""Every form a sensor may write its log in gives the same ledger, and no row is lost."""

from __future__ import annotations

import pytest
from logkit import (
    CONN,
    DETAILED,
    MODBUS,
    UNKNOWN,
    Bench,
    conn,
    count_rows,
    detailed,
    events,
    gz,
    header,
    jsonl,
    modbus,
    tsv,
    unknown,
    zst,
)  # fmt: skip

ROWS = conn(40)


def plain(data: bytes) -> bytes:
    return data


PACK = pytest.mark.parametrize(("pack", "end"), [(plain, ""), (gz, ".gz"), (zst, ".zst")])


def form(name: str) -> bytes:
    return tsv(ROWS) if name == "tsv" else jsonl(ROWS, form=name)


@PACK
@pytest.mark.parametrize("name", ["tsv", "epoch", "iso"])
def test_every_format_gives_the_same_ledger(bench: Bench, name: str, pack, end: str) -> None:
    got = bench.bytes(pack(form(name)), "conn.log" + end, "conn")
    assert (got.read, got.used, got.rejects, got.remarks) == (40, 40, [], [])
    assert got.tables == bench.bytes(tsv(ROWS), "conn.log").tables
    assert got.events == 40


def test_millis_lose_no_row_and_less_than_a_millisecond(bench: Bench) -> None:
    got = bench.bytes(jsonl(ROWS, form="millis"), "conn.log", "conn")
    exact = bench.bytes(tsv(ROWS), "conn.log")
    assert got.used == 40
    for a, b in zip(got.activity, exact.activity, strict=True):
        assert a["count"] == b["count"]
        assert abs((a["first"] - b["first"]).total_seconds()) < 0.001


def test_iso_times_with_an_offset_are_converted(bench: Bench) -> None:
    utc = b'{"ts":"2026-11-22T10:00:00.000001Z","uid":"C1","id.orig_h":"1.1.1.1",'
    rest = b'"id.orig_p":9,"id.resp_h":"2.2.2.2","id.resp_p":502,"proto":"tcp"}\n'
    east = utc.replace(b"T10:00:00.000001Z", b"T12:00:00.000001+02:00")
    firsts = {bench.bytes(x + rest, "conn.log", "conn").activity[0]["first"] for x in (utc, east)}
    assert [str(f) for f in firsts] == ["2026-11-22 10:00:00.000001"]
    mixed = bench.bytes(utc + rest + b"oops\n" + east + rest, "conn.log", "conn")
    assert mixed.events == 2
    assert mixed.activity[0]["first"] == mixed.activity[0]["last"]


@PACK
def test_eve_in_every_wrapping(bench: Bench, pack, end: str) -> None:
    got = bench.bytes(pack(jsonl(events(30))), "eve.json" + end, "eve")
    assert {k: a.read for k, a in got.accounts.items()} == {
        "eve:flow": 10, "eve:alert": 10, "eve:frobnicate": 10,
    }  # fmt: skip
    assert got.ignored == {"unknown log kind": 10}
    assert got.events == 10
    assert sum(n["count"] for n in got.tables["notices"]) == 10


def test_kind_comes_from_content_before_the_name(bench: Bench) -> None:
    for data in (tsv(ROWS), jsonl(ROWS, path="conn")):
        got = bench.bytes(data, "dns.log", "dns")
        assert list(got.accounts) == ["conn"]
        assert got.used == 40
    assert bench.bytes(jsonl(ROWS), "conn.log", "conn").used == 40  # the name is the last resort
    found = bench.bytes(jsonl(events(3)), "conn.log", "conn").accounts
    assert all(kind.startswith("eve:") for kind in found)
    headless = tsv(ROWS).replace(b"#path\tconn\n", b"")
    assert list(bench.bytes(headless, "conn.log", "conn").accounts) == ["conn"]


def test_several_kinds_in_one_json_file(bench: Bench) -> None:
    """What a Zeek that writes to one file, or a log shipper, leaves: rows interleaved."""
    mixed: list[bytes] = []
    for c, u, m in zip(conn(20), unknown(20), detailed(20), strict=True):
        mixed += [jsonl([u], "frobnicate"), jsonl([c], "conn"), jsonl([m], "modbus_detailed")]
    got = bench.bytes(b"".join(mixed), "all.log", "all")
    assert {k: a.read for k, a in got.accounts.items()} == {
        "conn": 20, "modbus_detailed": 20, "frobnicate": 20,
    }  # fmt: skip
    assert got.ignored == {"unknown log kind": 20}
    assert got.events == 40
    alone = bench.bytes(jsonl(conn(20), "conn"), "conn.log").activity
    assert [r for r in got.activity if r["operation"] == "connection"] == alone


def test_mixed_file_with_faults_names_each_once(bench: Bench) -> None:
    lines = [
        jsonl(conn(1), "conn"), b"{broken\n", jsonl(unknown(1), "nobody_knows"), b"[1]\n",
        b'{"ts":1,"uid":"x"}\n', b'{"ts":1,"_path":7}\n', jsonl(detailed(1), "modbus_detailed"),
        b'{"ts":1,"_path":"conn","uid":"\\ud800","id.orig_h":"1.1.1.1","id.resp_h":"2.2.2.2",'
        b'"id.orig_p":1,"id.resp_p":2,"proto":"tcp"}\n',
    ]  # fmt: skip
    got = bench.bytes(b"".join(lines), "all.log", "all")
    assert got.read == 8
    assert [(r.line, r.reason) for r in got.rejects] == [
        (2, "cut off mid-line"), (4, "not a JSON object"),
        (5, "row without _path among rows of several kinds"),
        (6, "row without _path among rows of several kinds"),
    ]  # fmt: skip
    assert got.events == 3
    assert [r["uid_min"] for r in got.activity if r["client"] == "1.1.1.1"] == ["\\ud800"]


def test_columns_reordered_added_and_missing(bench: Bench) -> None:
    expected = bench.bytes(tsv(ROWS), "conn.log").tables
    backwards = dict(reversed(CONN.items()))
    assert bench.bytes(tsv(ROWS, fields=backwards), "conn.log").tables == expected
    added = {"site_a": "string", **CONN, "site_b": "count"}
    marked = [{**r, "site_a": "x#y", "site_b": 7} for r in ROWS]
    assert bench.bytes(tsv(marked, fields=added), "conn.log").tables == expected
    assert bench.bytes(jsonl(marked), "conn.log", "conn").tables == expected
    fewer = {k: v for k, v in CONN.items() if k not in ("resp_pkts", "orig_pkts", "service")}
    got = bench.bytes(tsv(ROWS, fields=fewer), "conn.log")
    assert got.events == 40
    assert sum(r["bytes_to_server"] for r in got.activity) == sum(r["orig_bytes"] for r in ROWS)


def test_without_a_column_that_every_row_needs_rows_are_rejected(bench: Bench) -> None:
    for missing, reason in (
        ("ts", "column ts has a value that is not a time"), ("id.resp_h", "row names no host"),
    ):  # fmt: skip
        fields = {k: v for k, v in CONN.items() if k != missing}
        got = bench.bytes(tsv(ROWS, fields=fields), "conn.log")
        assert got.rejected == {reason: 40}
        assert got.activity == []
        rows = [{k: v for k, v in r.items() if k != missing} for r in ROWS]
        if missing != "ts":  # a JSON row without ts is no Zeek row at all
            assert bench.bytes(jsonl(rows), "conn.log", "conn").rejected == {reason: 40}


def test_other_separators_and_markers(bench: Bench) -> None:
    expected = bench.bytes(tsv(ROWS), "conn.log").tables
    for separator in ",", "|", ";", "\x01", "~":
        data = tsv(ROWS, separator=separator, unset="UNSET", empty="EMPTY", set_separator="/")
        assert bench.bytes(data, "conn.log").tables == expected
        # and by the exact way
        got = bench.bytes(data + b"x\n", "conn.log")
        assert got.tables == expected
        assert got.rejected.total() == 1
    polls = detailed(20)
    by_comma = bench.bytes(tsv(polls, "modbus_detailed", DETAILED), "m.log").tables
    for how in ({"set_separator": ";"}, {"set_separator": "::"}):
        data = tsv(polls, "modbus_detailed", DETAILED, **how)
        assert bench.bytes(data, "m.log").tables == by_comma
    assert max(r["value_max"] for r in by_comma["activity"]) == 19


def test_unset_in_another_way_is_still_unset(bench: Bench) -> None:
    got = bench.bytes(tsv([{**ROWS[0], "service": None}], unset=""), "conn.log")
    assert [r["service"] for r in got.activity] == ["modbus"]  # by its port
    got = bench.bytes(tsv([{**ROWS[0], "service": "-"}], unset="NIL"), "conn.log")
    assert [r["service"] for r in got.activity] == ["-"]  # the text, where it means nothing


def test_an_unknown_kind_is_ignored_by_design(bench: Bench) -> None:
    for data in (tsv(unknown(9), "frobnicate", UNKNOWN), jsonl(unknown(9), "frobnicate")):
        got = bench.bytes(data, "frobnicate.log")
        assert (got.read, got.ignored) == (9, {"unknown log kind": 9})


def test_hostile_kinds_do_not_reach_the_account(bench: Bench) -> None:
    got = bench.bytes(tsv(unknown(1), "x\x1b[31m<b>", UNKNOWN), "x.log")
    assert all(set(k) <= set("x?31mb[") - {"[", "\x1b"} | {"?"} for k in got.accounts)
    many = b"".join(jsonl([r], f"kind{r['uid']}") for r in unknown(1000))
    got = bench.bytes(many, "x.log")
    assert got.read == 1000
    assert len(got.accounts) < 250


def test_a_second_header_in_mid_file(bench: Bench) -> None:
    first, second = conn(10), conn(10, start=100.0)
    whole = bench.bytes(tsv(first + second), "conn.log").tables
    same = bench.bytes(tsv(first) + tsv(second), "conn.log")
    assert same.tables == whole
    assert same.remarks == ["line 25: a second header (same columns)"]
    backwards = dict(reversed(CONN.items()))
    other = bench.bytes(tsv(first) + tsv(second, fields=backwards), "conn.log")
    assert other.tables == whole
    assert other.remarks == ["line 25: a second header (other columns)"]


def test_a_second_header_of_another_log(bench: Bench) -> None:
    data = (
        tsv(conn(10), close=True)
        + tsv(detailed(5), "modbus_detailed", DETAILED)
        + tsv(unknown(3), "frobnicate", UNKNOWN)
    )
    got = bench.bytes(data, "conn.log")
    assert {k: a.read for k, a in got.accounts.items()} == {
        "conn": 10, "modbus_detailed": 5, "frobnicate": 3,
    }  # fmt: skip
    assert got.events == 15
    assert len(got.remarks) == 2
    assert "of another log, modbus_detailed" in got.remarks[0]


def test_a_bare_fields_line_switches_columns(bench: Bench) -> None:
    """Some tools repeat only ``#fields``; a header that only lost lines in front works too."""
    first, second = conn(3), conn(3, start=50.0)
    backwards = dict(reversed(CONN.items()))
    bare = b"#fields\t" + "\t".join(backwards).encode() + b"\n"
    rows = tsv(second, fields=backwards).split(b"#types")[1].split(b"\n", 1)[1]
    got = bench.bytes(tsv(first) + bare + rows, "conn.log")
    assert got.tables == bench.bytes(tsv(first + second), "conn.log").tables


def test_close_trailer_hash_in_values_and_empty_lines(bench: Bench) -> None:
    rows = [{**r, "service": "a#b"} for r in ROWS[:3]]
    data = tsv(rows, close=True).replace(b"\n" + b"1", b"\n\n1", 2)
    assert data.count(b"\n\n") == 2
    for segment in (0, 50):
        got = bench.bytes(data, "conn.log", segment_bytes=segment)
        assert (got.read, got.used, got.remarks) == (3, 3, [])
        assert {r["service"] for r in got.activity} == {"a#b"}
    got = bench.bytes(b"\n\n" + jsonl(ROWS[:2]) + b"  \n" + jsonl(ROWS[2:3]) + b"\n", "conn.log",
                      "conn")  # fmt: skip
    assert (got.read, got.used) == (3, 3)
    assert count_rows(data, tsv=True) == 3


def test_comment_lines_anywhere_are_no_rows(bench: Bench) -> None:
    data = (
        tsv(ROWS[:2])
        + b"#close\tx\n# a remark\n"
        + tsv(ROWS[2:3]).split(b"#types")[1].split(b"\n", 1)[1]
    )
    got = bench.bytes(data, "conn.log")
    assert (got.read, got.used) == (3, 3)


def test_empty_files_and_headers_alone(bench: Bench) -> None:
    for data in (b"", b"\n \n"):
        got = bench.bytes(data, "conn.log", "conn")
        assert (got.read, got.remarks) == (0, ["empty file"])
    got = bench.bytes(header("conn", CONN), "conn.log")
    assert (got.read, got.remarks, got.rejects) == (0, [], [])
    got = bench.bytes(gz(b""), "conn.log.gz", "conn")
    assert (got.read, got.remarks) == (0, ["empty file"])
    got = bench.bytes(header("conn", CONN)[:-20], "conn.log")
    assert got.read == 0
    assert got.remarks


def test_duplicate_column_names(bench: Bench) -> None:
    fields = list(CONN)
    head = header("conn", CONN).decode()
    row = tsv(ROWS[:1]).splitlines()[-1].decode()
    for extra in ("uid", "UID", "TS", "", "_line", "uid#2"):
        named = head.replace("\t".join(fields), "\t".join([*fields, extra]))
        named = named.replace("\ncount\n", "\ncount\tstring\n")
        for tail in (b"", b"short\n"):  # strict and exact
            got = bench.bytes((named + row + "\tz\n").encode() + tail, "conn.log")
            assert got.used == 1, extra
            assert got.activity[0]["uid_min"] == "C00000x"
        ahead = head.replace("\t".join(fields), "\t".join([extra, *fields]))
        if extra not in ("uid",):
            got = bench.bytes((ahead + "z\t" + row + "\n").encode(), "conn.log")
            assert got.activity[0]["uid_min"] == "C00000x", extra


def test_rows_without_reply_wait_for_the_end_of_the_log_only(bench: Bench) -> None:
    """A ``#close`` line, another kind or a cut between a request and its reply changes nothing."""
    rows = modbus(40)
    whole = bench.bytes(tsv(rows, "modbus", MODBUS), "modbus.log")
    assert whole.events == 40
    outcomes = {r["outcome"] for r in whole.activity}
    assert outcomes == {"ok", "illegal_function", "no_reply", "unknown"}
    closed = tsv(rows, "modbus", MODBUS, close=True)
    for how in ({}, {"segment_bytes": 1500}):
        assert bench.bytes(closed, "modbus.log", **how).activity == whole.activity
        assert bench.bytes(gz(closed), "modbus.log.gz", **how).activity == whole.activity
    followed = closed + tsv(unknown(3), "frobnicate", UNKNOWN)
    assert bench.bytes(followed, "modbus.log").activity == whole.activity
    mixed = jsonl(rows, "modbus") + jsonl(unknown(3), "frobnicate")
    for how in ({}, {"segment_bytes": 3000}):
        assert bench.bytes(mixed, "x.log", **how).activity == whole.activity


def test_a_header_between_request_and_reply(bench: Bench) -> None:
    rows = modbus(80)
    at = next(i for i, r in enumerate(rows) if i > 20 and r["pdu_type"] == "RESP")
    parts = tsv(rows[:at], "modbus", MODBUS) + tsv(rows[at:], "modbus", MODBUS)
    got = bench.bytes(parts, "modbus.log")
    assert got.activity == bench.bytes(tsv(rows, "modbus", MODBUS), "modbus.log").activity


def test_times_far_ahead_and_before_1970(bench: Bench) -> None:
    """A clock that is far off is believed; one that could not be, is not."""
    rows = [{**ROWS[0], "ts": t} for t in (-5.0, 0.0, 4e9, 1e12)]
    for tail in (b"", b"bad\n"):
        got = bench.bytes(tsv(rows) + tail, "conn.log")
        assert got.used == 2
        assert got.rejects[0].line == 9
