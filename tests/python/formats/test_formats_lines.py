"""CEF and CSV: escapes, and what a parser of each gets back; any format cut to a size."""

from __future__ import annotations

import csv as stdlib_csv
import io
import json
import re

import pytest
from formats.formatkit import ASSETS, PLC, SITE, TEXT, hostile, hostile_asset, sample
from formats.test_formats_clean import is_harmless
from hypothesis import given
from hypothesis import strategies as st

from gaugeglass.formats import cef, csv
from gaugeglass.formats.render import FORMATS, SMALLEST, STARTS, header, render


def parse_cef(text: str) -> tuple[list[str], dict[str, str]]:
    """A strict reader: seven header fields, then key=value where keys follow a bare space."""
    parts = re.split(r"(?<!\\)(?:\\\\)*\|", text, maxsplit=7)
    assert len(parts) == 8
    found = list(re.finditer(r"(?:^| )(\w+)(?<!\\)=", parts[7]))
    fields = {}
    for this, following in zip(found, [*found[1:], None], strict=True):
        raw = parts[7][this.end() : following.start() if following else None]
        assert not re.search(r"(?<!\\)(?:\\\\)*=", raw), raw
        fields[this[1]] = raw.replace("\\=", "=").replace("\\\\", "\\")
    return parts[:7], fields


def test_cef_escapes() -> None:
    line = cef.alert(sample(summary="a=b|c\\d\nnext", title="x|y\\z"), ASSETS, SITE)
    head, fields = parse_cef(line)
    assert head[5] == "x\\|y\\\\z"
    assert fields["msg"] == "a=b|c\\d\\nnext"
    assert "\\\\nnext" in line


def test_cef_addresses_by_kind() -> None:
    six = parse_cef(cef.alert(sample(client="fd00::1", server="02:00:00:00:00:01"), {}, SITE))[1]
    assert six["c6a2"] == "fd00::1"
    assert six["c6a2Label"] == "Source IPv6 Address"
    assert six["dmac"] == "02:00:00:00:00:01"
    assert "src" not in six


@given(hostile())
def test_cef_of_hostile_alerts_parses_to_our_keys(alert) -> None:
    line = cef.alert(alert, ASSETS, SITE)
    assert is_harmless(line)
    fields = parse_cef(line)[1]
    assert fields["externalId"] == alert.id
    assert fields["flexString1"] == SITE


def rows(text: str) -> list[list[str]]:
    return list(stdlib_csv.reader(io.StringIO(text), strict=True))


@pytest.mark.parametrize(
    "value",
    ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", "＝1", "a;=1"],
)
def test_no_cell_starts_a_formula(value: str) -> None:
    assert csv.cell(value).startswith("'") or csv.cell(value) == "a;'=1"


def test_numbers_and_plain_text_stay() -> None:
    assert csv.cell(-5) == "-5"
    assert csv.cell(None) == ""
    assert csv.cell(False) == "no"
    assert csv.cell("10.0.0.5 - PLC") == "10.0.0.5 - PLC"


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_cells_round_trip_as_one_line(values: list[str]) -> None:
    cells = [csv.cell(v) for v in values]
    text = csv.text([cells])
    assert text.count("\n") == 1
    assert rows(text) == [cells]
    for made in cells:
        assert is_harmless(made)
        for part in re.split("[;,]", made):
            assert not re.match(r"[\s'\"]*[=+\-@]", part) or part.lstrip().startswith("'")


@given(hostile(), hostile_asset())
def test_tables_keep_their_shape(alert, asset) -> None:
    for text, columns in (
        (csv.alerts([alert, sample()]), csv.ALERT_COLUMNS),
        (csv.assets([asset, PLC]), csv.ASSET_COLUMNS),
    ):
        table = rows(text)
        assert [len(r) for r in table] == [len(columns)] * 3
        assert table[0] == list(columns)


@pytest.mark.parametrize("fmt", FORMATS)
def test_lines_start_as_declared(fmt: str) -> None:
    assert render(sample(), fmt, ASSETS, SITE).startswith(STARTS[fmt])
    assert bool(header(fmt)) is (fmt == "csv")


@pytest.mark.parametrize("fmt", FORMATS)
@given(alert=hostile())
def test_nobody_can_make_an_alert_too_long_to_send(fmt: str, alert) -> None:
    text = render(alert, fmt, ASSETS, SITE, SMALLEST)
    assert len(text.encode()) <= SMALLEST
    assert is_harmless(text)
    assert alert.id in text
    if fmt in ("ecs", "ocsf"):
        json.loads(text)


def test_what_is_shortened_says_so_and_keeps_what_matters() -> None:
    full = render(sample(), "ecs", ASSETS, SITE)
    doc = json.loads(render(sample(), "ecs", ASSETS, SITE, len(full) - 1))
    assert doc["message"] == "10.0.0.66 wrote to 10.0.0.5 [shortened]"
    assert doc["threat"]["technique"]["id"] == ["T1692", "T0836"]
    assert doc["host"]["name"] == "plc-1"
    assert "card" not in doc["gaugeglass"]


def test_errors_name_the_remedy() -> None:
    with pytest.raises(ValueError, match="known: ecs, ocsf, cef, csv"):
        render(sample(), "xml", ASSETS, SITE)
    with pytest.raises(ValueError, match=f"at least {SMALLEST}"):
        render(sample(), "ecs", ASSETS, SITE, 100)
