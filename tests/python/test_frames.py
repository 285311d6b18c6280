"""Frames for analysts: as zat reads where zat reads right, and sound where it does not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from zat.log_to_dataframe import LogToDataFrame

from gaugeglass import frames

HEAD = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    "#open\t2026-11-22-00-00-00\n"
    "#fields\tts\tuid\tid.orig_h\tid.resp_p\tservice\tduration\torig_bytes\tlocal_orig\n"
    "#types\ttime\tstring\taddr\tport\tstring\tinterval\tcount\tbool\n"
)
ROWS = [
    "1795305600.250000\tC1\t10.0.0.1\t502\tmodbus\t1.500000\t18446744073709551615\tT",
    "1795305601.000000\tC2\t10.0.0.2\t80\t-\t-\t-\tF",
]


def test_as_zat_reads(tmp_path: Path) -> None:
    log = tmp_path / "conn.log"
    log.write_text(HEAD + "\n".join(ROWS) + "\n#close\t2026-11-22-01-00-00\n")
    ours, account = frames.read(log)
    theirs = LogToDataFrame().create_dataframe(str(log), ts_index=False)
    assert account.read == account.used == 2
    assert list(ours.columns) == list(theirs.columns)
    for column in ("ts", "duration"):
        assert list(ours[column].astype("int64")) == list(
            theirs[column].astype(ours[column].dtype).astype("int64")
        )
    assert list(ours["orig_bytes"].dropna()) == [2**64 - 1]
    assert [str(t) for t in ours.dtypes[["orig_bytes", "id.resp_p", "local_orig"]]] == [
        str(t) for t in theirs.dtypes[["orig_bytes", "id.resp_p", "local_orig"]]
    ]


def test_where_zat_does_not(tmp_path: Path) -> None:
    log = tmp_path / "conn.log.gz"
    text = HEAD + ROWS[0].replace("modbus", "mod#bus") + "\nbroken\n" + ROWS[1] + "\n"
    log.write_bytes(gzip.compress(text.encode()))
    frame, account = frames.read(log)
    assert list(frame["service"].astype(object).fillna("")) == ["mod#bus", ""]
    assert account.read == 3
    assert account.rejected.total() == 1


@pytest.mark.parametrize("content", ["", '{"ts": 1.0}\n', "nothing\n"])
def test_what_is_no_zeek_log_is_told(tmp_path: Path, content: str) -> None:
    log = tmp_path / "conn.log"
    log.write_text(content)
    with pytest.raises(frames.NotZeekError, match=r"conn\.log"):
        frames.read(log)
