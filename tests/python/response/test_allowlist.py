"""The allowlist holds what was learned to change devices, and nothing a sensor would misread."""

from __future__ import annotations

import duckdb
import pytest

from gaugeglass.response.allowlist import Entry, entries, text


def known(*rows: tuple[str, str, str, str, str]) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute(
        "CREATE TABLE known_operation(client VARCHAR, server VARCHAR, service VARCHAR,"
        " operation VARCHAR, action VARCHAR)"
    )
    db.executemany("INSERT INTO known_operation VALUES (?, ?, ?, ?, ?)", rows)
    return db


WRITE = ("10.0.0.5", "10.0.0.9", "modbus", "write_single_register", "write")


def test_changes_are_listed_and_reads_are_not() -> None:
    db = known(WRITE, (*WRITE[:3], "read_coils", "read"), (*WRITE[:3], "set_clock", "time"))
    assert entries(db) == [
        Entry("10.0.0.5", "10.0.0.9", "modbus", "set_clock"),
        Entry("10.0.0.5", "10.0.0.9", "modbus", "write_single_register"),
    ]


@pytest.mark.parametrize("hostile", ["*", "", "-", "#fields", "a\tb", "a\nb", "\\x2a", "(empty)"])
def test_what_was_observed_cannot_widen_the_list(hostile: str) -> None:
    assert entries(known((hostile, *WRITE[1:]))) == []
    assert entries(known((*WRITE[:3], hostile, "write"))) == []


def test_the_file_is_what_the_sensor_reads() -> None:
    assert text([Entry(*WRITE[:4])]) == (
        "#fields\tclient\tserver\tservice\toperation\tobject\n"
        "10.0.0.5\t10.0.0.9\tmodbus\twrite_single_register\t*\n"
    )
