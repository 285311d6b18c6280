"""Ingest against zat: the same log, the same group-by, both sides in one run.

Usage: python tests/bench/ingest.py [--rows 3000000] [--only conn,json,memory,storm]

Each side runs as a process of its own, timed from outside: seconds by the clock, and seconds of
processor, which say more where the machine does other work. The peak of its memory (proportional
set size of the process and its children, sampled every 20 ms) is measured in a run that is not
timed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

DAY, START = 86_400, 1_790_000_000
FIELDS = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes"
    " conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts"
    " resp_ip_bytes tunnel_parents ip_proto"
).split()
TYPES = (
    "time string addr port addr port enum string interval count count string bool bool count"
    " string count count count count set[string] count"
).split()


def header(path: str, fields: list[str], types: list[str]) -> str:
    """A Zeek TSV header."""
    return (
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        f"#path\t{path}\n#open\t2026-11-22-00-00-00\n#fields\t" + "\t".join(fields) + "\n#types\t"
        + "\t".join(types) + "\n"
    )  # fmt: skip


def conn_rows(rows: int) -> Iterator[dict[str, object]]:
    """A day of a plant: 200 conduits, each asked at its own pace."""
    pick = random.Random(1)
    conduits = []
    for _ in range(200):
        service, port = pick.choice(
            [("modbus", 502), ("-", 102), ("http", 80), ("dns", 53), ("enip", 44818), ("ssl", 443)]
        )
        conduits.append(
            (f"10.20.{pick.randrange(4)}.{pick.randrange(2, 250)}",
             f"10.20.1.{pick.randrange(2, 250)}", service, port, "udp" if port == 53 else "tcp")
        )  # fmt: skip
    for i in range(rows):
        client, server, service, port, proto = conduits[pick.randrange(200)]
        yield {
            "ts": START + i * DAY / rows, "uid": f"C{pick.getrandbits(80):020x}",
            "id.orig_h": client, "id.orig_p": pick.randrange(30000, 60000), "id.resp_h": server,
            "id.resp_p": port, "proto": proto, "service": service, "duration": pick.random(),
            "orig_bytes": pick.randrange(1000), "resp_bytes": pick.randrange(5000),
            "conn_state": "SF" if pick.random() < 0.99 else "S0", "local_orig": "T",
            "local_resp": "T", "missed_bytes": 0, "history": "ShADadFf",
            "orig_pkts": pick.randrange(20), "orig_ip_bytes": pick.randrange(2000),
            "resp_pkts": pick.randrange(20), "resp_ip_bytes": pick.randrange(3000),
            "tunnel_parents": "-", "ip_proto": 17 if proto == "udp" else 6,
        }  # fmt: skip


def write_tsv(path: Path, rows: int) -> None:
    """``conn.log`` as TSV."""
    with path.open("w") as out:
        out.write(header("conn", FIELDS, TYPES))
        for row in conn_rows(rows):
            row["ts"], row["duration"] = f"{row['ts']:.6f}", f"{row['duration']:.6f}"
            out.write("\t".join(map(str, row.values())) + "\n")
        out.write("#close\t2026-11-23-00-00-00\n")


def write_json(path: Path, rows: int) -> None:
    """``conn.log`` as JSON lines, unset fields left out as Zeek does."""
    with path.open("w") as out:
        for row in conn_rows(rows):
            plain = {k: v == "T" if v in ("T", "F") else v for k, v in row.items() if v != "-"}
            out.write(json.dumps(plain) + "\n")


def write_storm(path: Path, rows: int) -> None:
    """``modbus_detailed.log``: a row a register, as a busy plant's sensor writes it."""
    fields = (
        "ts uid id.orig_h id.orig_p id.resp_h id.resp_p tid unit func address quantity"
        " request_values response_values modbus_detailed_link_id matched"
    ).split()
    types = (
        "time string addr port addr port count count string count count vector[count]"
        " vector[count] string bool"
    ).split()
    pick = random.Random(2)
    with path.open("w") as out:
        out.write(header("modbus_detailed", fields, types))
        for i in range(rows):
            plc = i % 40
            out.write(
                f"{START + i * DAY / rows:.6f}\tC{plc:018x}\t10.20.3.10\t{40000 + plc}"
                f"\t10.20.1.{plc + 10}\t502\t{i % 65536}\t1\tREAD_HOLDING_REGISTERS"
                f"\t{i % 120}\t1\t-\t{pick.randrange(65536)}\t-\tT\n"
            )


OURS = """
import sys, tempfile
from pathlib import Path
from gaugeglass.ledger.ingest import ingest
if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as state:
        report = ingest([Path(sys.argv[1])], Path(state))
        print(sum(a.used for a in report.accounts), report.rows_written["activity"])
"""
_ZAT = """
import sys
from zat.{module} import {reader}
frame = {reader}().create_dataframe(sys.argv[1], ts_index=False)
keys = [frame["ts"].dt.floor("60s"), "id.orig_h", "id.resp_h", "proto", "id.resp_p", "service",
        "conn_state"]
table = frame.groupby(keys, observed=True, dropna=False).agg(
    {"orig_bytes": "sum", "resp_bytes": "sum", "uid": "count", "ts": ["min", "max"]}
)
print(len(frame), len(table))
"""
ZAT_TSV = _ZAT.replace("{module}", "log_to_dataframe").replace("{reader}", "LogToDataFrame")
ZAT_JSON = _ZAT.replace("{module}", "json_log_to_dataframe").replace(
    "{reader}", "JSONLogToDataFrame"
)


def _memory(pid: int) -> int:
    """PSS in bytes of a process and its children."""
    total = 0
    todo = [pid]
    while todo:
        one = todo.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += 1024 * int(
                next(x for x in rollup.splitlines() if x.startswith("Pss:")).split()[1]
            )
            for task in Path(f"/proc/{one}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


def timed(code: str, path: Path) -> tuple[float, float]:
    """Seconds of a program over ``path``, as a process of its own, and its processor seconds."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"a side failed on {path}")
    return seconds, usage.ru_utime + usage.ru_stime


def peak(code: str, path: Path) -> float:
    """Peak MB of a program over ``path``. Looking costs time, so this run is not timed."""
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.02)
    if process.returncode:
        sys.exit(f"a side failed on {path}")
    return most / 1e6


def compare(
    name: str, rows: int, make: Callable[[Path, int], None], other: str, aim: float, rounds: int
) -> None:
    """One table row: ours against the other, on the same file, taking turns, the best round."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "conn.log")
        make(path, rows)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(timed(OURS, path))
            theirs.append(timed(other, path))
        memory = peak(OURS, path), peak(other, path)
    (a, a_cpu), (b, b_cpu) = (tuple(map(min, zip(*side, strict=True))) for side in (ours, theirs))
    print(
        f"{name}: {rows:,} rows:"
        f" ours {a:.2f} s ({a_cpu:.2f} s of processor, {rows / a / 1e6:.2f} M rows/s,"
        f" {memory[0]:.0f} MB),"
        f" zat {b:.2f} s ({b_cpu:.2f} s of processor, {rows / b / 1e6:.2f} M rows/s,"
        f" {memory[1]:.0f} MB):"
        f" {b / a:.2f} times as fast (aim {aim}), {b_cpu / a_cpu:.2f} times by processor"
    )


def flat(name: str, make: Callable[[Path, int], None], rows: int, file: str) -> None:
    """Peak memory at ``rows`` and at ten times the rows."""
    for n in (rows, 10 * rows):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, file)
            make(path, n)
            print(
                f"{name}: {n:,} rows: {timed(OURS, path)[0]:.1f} s, peak {peak(OURS, path):.0f} MB"
            )


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--only", default="conn,json,memory,storm")
    args = parser.parse_args()
    only = set(args.only.split(","))
    if "conn" in only:
        compare("conn.log TSV", args.rows, write_tsv, ZAT_TSV, 2.5, 3)
    if "json" in only:
        # zat holds every row as Python objects: about 4.5 kB each, and time to match
        compare("conn.log JSON", args.rows, write_json, ZAT_JSON, 20, 1)
    if "memory" in only:
        flat("conn.log TSV", write_tsv, args.rows, "conn.log")
    if "storm" in only:
        flat("modbus_detailed", write_storm, 500_000, "modbus_detailed.log")


if __name__ == "__main__":
    main()
