"""A tiny site's logs for command-line tests: half an hour of polling, then an unasked write."""

from __future__ import annotations

import json
from pathlib import Path

START = 1_795_305_600  # 2026-11-22T00:00:00Z
MINUTES, ATTACK = 60, 50


def modbus(folder: Path, name: str = "modbus.log") -> int:
    """A Zeek modbus.log; returns its number of rows."""
    lines = [
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
        "#path\tmodbus", "#open\t2026-11-22-00-00-00",
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttid\tunit\tfunc\tpdu_type"
        "\texception",
        "#types\ttime\tstring\taddr\tport\taddr\tport\tcount\tcount\tstring\tstring\tstring",
    ]  # fmt: skip
    rows = 0

    def pair(at: float, client: str, func: str, tid: int) -> None:
        nonlocal rows
        for delay, kind in ((0.0, "REQ"), (0.02, "RESP")):
            lines.append(
                f"{at + delay:.6f}\tC{client[-2:]}\t{client}\t40000\t10.0.0.20\t502\t{tid}\t1"
                f"\t{func}\t{kind}\t-"
            )
            rows += 1

    for i in range(MINUTES * 6):
        pair(START + i * 10 + 1, "10.0.0.10", "READ_HOLDING_REGISTERS", i)
        if i // 6 == ATTACK and i % 6 < 3:
            pair(START + i * 10 + 5, "10.0.0.66", "WRITE_SINGLE_REGISTER", i)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n#close\t2026-11-22-01-00-00\n")
    return rows


def hostile_http(folder: Path, values: list[str]) -> None:
    """A Zeek http.log in JSON whose user agents are ``values``."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "http.log").open("w") as out:
        for i, value in enumerate(values):
            row = {
                "ts": START + i * 30.0, "uid": f"CH{i}", "id.orig_h": "10.0.0.77",
                "id.orig_p": 50000 + i, "id.resp_h": "10.0.0.20", "id.resp_p": 80,
                "method": "GET", "status_code": 200, "user_agent": value,
            }  # fmt: skip
            out.write(json.dumps(row) + "\n")
        row = {**row, "username": "admin", "password": "hunter2-secret"}
        out.write(json.dumps(row) + "\n")
