"""The page: inert whatever it is fed, the same bytes for the same data, and small enough."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from report_plant import CARDS, alert, asset, at, incidents, plant

from gaugeglass.report.build import render, write
from gaugeglass.report.data import ReportData
from gaugeglass.report.text import visible

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=http://203.0.113.9/x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "=cmd|' /C calc'!A0",
    "\x1b[31mred\x1b[0m \x00 \x7f \x85 \u2028 \u202egnp.exe \u200b \ud800",
    "line\r\nbreak\ttab",
    "Z\u0310\u0311\u0312\u0313\u0314\u0315\u0316algo",
    "A" * 1_000_000,
    "&lt;b&gt; &amp;",
    "<!-- --> ]]> <![CDATA[",
]  # fmt: skip

#: Attributes through which a page can load or go somewhere.
LOADING = {"src", "srcset", "href", "xlink:href", "action", "formaction", "data", "poster",
           "background", "cite", "ping", "manifest", "style"}  # fmt: skip
LIMIT = 3_000_000


class Page(HTMLParser):
    """What a browser would see: elements, attributes, scripts, text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inside: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        self.inside.append(tag)
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        holder = self.inside[-1] if self.inside else ""
        if holder in self.raw:
            self.raw[holder][-1] += data
        else:
            self.text.append(data)


def inert(text: str) -> Page:
    """Assert that the page does nothing but show; give what was parsed."""
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == names.count("style") == 1
    refused = {"iframe", "object", "embed", "link", "img", "base", "form", "image", "foreignobject"}
    assert not refused & set(names)
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name, value)
            if name in LOADING:
                assert re.fullmatch(r"#[a-z0-9_-]+", value), (tag, name, value)
    for bad in ("\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u200b", "\r"):
        assert bad not in text
    policy = next(a["content"] for _, a in page.tags if "http-equiv" in a)
    for kind in ("script", "style"):
        digest = hashlib.sha256(page.raw[kind][0].encode()).digest()
        assert f"{kind}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    return page


def poisoned(value: Any, text: str) -> Any:
    """``value`` with every string in it replaced by ``text``, and nothing else changed."""
    if isinstance(value, str):
        return text
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: poisoned(getattr(value, f.name), text) for f in fields(value)}
        )
    if isinstance(value, dict):
        return {k: poisoned(v, text) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(poisoned(v, text) for v in value)
    return value


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: repr(t[:24]))
def test_hostile_values_are_inert_everywhere(text: str) -> None:
    page = render(poisoned(plant(), text))
    inert(page)
    assert len(page) < LIMIT


def test_hostile_value_is_still_legible_and_keeps_identities_apart() -> None:
    found = asset(1, "<b>\x1b[31mpump\u202e", "controller", 1, "10.0.0.1")
    page = inert(render(replace(plant(), assets=[found], alerts=[], incidents=[])))
    assert any("<b>\\x1b[31mpump\\u202e" in text for text in page.text)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_inert(name: str, value: str) -> None:
    one = alert(1, "new_conduit", 1, "high", 50, title=value, summary=name, client=name,
                server=value, service=value, operation=name, object=value)  # fmt: skip
    data = ReportData(
        site=name, generated=at(0), version="1", judged=(at(0), at(1)),
        assets=[asset(1, value, "hmi", 2, name, facts={"vendor": value}, offers=(name,))],
        alerts=[one], incidents=incidents([one]),
        conduits=[{"client": name, "server": value, "service": value, "actions": [name]}],
        rejects=[{"file": value, "line": 3, "reason": name, "excerpt": value}],
        logs=[{"file": name, "read": 1, "rejected": {value: 1}, "remarks": [name]}],
    )  # fmt: skip
    inert(render(data))


def test_visible_spells_out_what_acts_and_leaves_the_rest() -> None:
    assert visible("Pumpe 3 Süd 泵") == "Pumpe 3 Süd 泵"
    assert visible("a\x00b\x1b[1m\u2028\u202e") == "a\\x00b\\x1b[1m\\u2028\\u202e"
    assert "\u0310" not in visible("Z" + "\u0310" * 9)


def test_same_data_same_bytes_whatever_the_order() -> None:
    data = plant()
    page = render(data)
    assert page == render(plant())
    turned = replace(
        data, assets=data.assets[::-1], alerts=data.alerts[::-1], incidents=data.incidents[::-1],
        conduits=data.conduits[::-1], logs=data.logs[::-1],
    )  # fmt: skip
    assert page == render(turned)


def test_first_screen_names_the_worst_three_with_their_first_check() -> None:
    page = inert(render(plant()))
    words = " ".join("".join(page.text).split())
    assert "3 incidents need attention: 1 critical, 1 high, 1 medium." in words
    first = words.index("Do first")
    assert words.index(CARDS["controller_stop"].check[0]) < words.index("Address scan of the")
    assert first < words.index("Controller stopped") < words.index("How far to trust this")
    assert "Baseline is not complete" in words
    assert "these may be industrial: iec104" in words


def test_links_lead_somewhere() -> None:
    page = inert(render(plant()))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for _, a in page.tags if "href" in a}
    assert targets <= set(ids)


def test_a_file_of_several_kinds_is_one_file() -> None:
    row = {"file": "/srv/eve.json", "format": "eve", "read": 5, "used": 4, "ignored": {}}
    logs = [{**row, "kind": f"eve:{k}", "rejected": {"x": 1}} for k in ("flow", "alert", "dns")]
    page = inert(render(replace(plant(), logs=logs)))
    words = " ".join("".join(page.text).split())
    assert "from 1 log file" in words
    assert "3 of 15 rows rejected, in 1 log file." in words


def test_an_empty_report_says_so() -> None:
    page = inert(render(ReportData(site="s", generated=at(0), version="1")))
    words = " ".join("".join(page.text).split())
    for sentence in ("Nothing was judged yet", "No baseline", "No alert was raised.",
                     "Sensor health is not known", "No log files are on record."):  # fmt: skip
        assert sentence in words


def test_a_storm_of_alerts_still_opens_and_counts_all() -> None:
    alerts = [
        alert(i, "new_conduit", i % 700, "medium", i % 90, title="New conduit", client="10.0.0.9",
              summary=f"10.0.0.9 opened port {i} of 10.0.0.{i % 200}", minute=i / 100,
              server=f"10.0.0.{i % 200}")
        for i in range(10_000)
    ]  # fmt: skip
    text = render(replace(plant(), alerts=alerts, incidents=incidents(alerts)))
    assert len(text) < LIMIT
    words = " ".join("".join(inert(text).text).split())
    assert "of 10,000 alerts are told in full" in words
    assert "The 60 incidents of highest risk are told, of 700." in words


def test_a_large_plant_is_capped_and_says_so() -> None:
    many = [
        asset(i, f"PLC-{i}", "controller", 1, f"10.{i // 250}.0.{i % 250}") for i in range(5000)
    ]
    paths = [{"client": "10.0.0.1", "server": a.ips[0], "service": "modbus", "port": 502,
              "bytes": 1, "actions": ["read"]} for a in many]  # fmt: skip
    text = render(replace(plant(), assets=many, conduits=paths))
    assert len(text) < LIMIT
    words = " ".join("".join(inert(text).text).split())
    assert "1,500 of 5,000 assets are listed" in words
    assert "800 of 5,000 conduits are listed" in words
    assert "are grouped by level and role" in words


def test_alerts_of_an_unknown_incident_are_not_lost() -> None:
    data = replace(plant(), incidents=[])
    words = " ".join("".join(inert(render(data)).text).split())
    assert "3 incidents need attention" in words


def test_log_sums_that_do_not_add_up_are_told() -> None:
    log = {"file": "conn.log", "kind": "conn", "read": 10, "used": 7, "ignored": {"x": 1},
           "rejected": {"y": 1}}  # fmt: skip
    assert "The sums do not add up." in render(replace(plant(), logs=[log]))
    assert "The sums do not add up." not in render(plant())


def test_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, plant())
    assert path.read_text("utf-8") == render(plant())
    bad = replace(plant(), alerts=[object()])  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        write(path, bad)
    assert path.read_text("utf-8") == render(plant())
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.chromium
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_a_browser_runs_it_without_a_word(tmp_path: Path) -> None:
    """No console message (an error or a CSP violation is one), and our script ran.

    That messages would be heard is shown first, by a page whose policy is broken.
    """
    good, broken = tmp_path / "good.html", tmp_path / "broken.html"
    page = render(poisoned(plant(), HOSTILE[1]))
    good.write_text(page, "utf-8")
    broken.write_text(page.replace("script-src &#39;sha256-", "script-src &#39;sha256-A"), "utf-8")
    dom, said = _browse(broken, tmp_path)
    assert "Content Security Policy" in said
    assert "Unfold all" not in dom.split("<script>")[0]
    dom, said = _browse(good, tmp_path)
    assert "CONSOLE" not in said
    assert "Content Security Policy" not in said
    assert "Unfold all" in dom.split("<script>")[0]


@pytest.mark.chromium
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_sorting_filtering_and_folding_work(tmp_path: Path) -> None:
    act = """<script>
        const table = document.getElementById("assets-table"), said = [];
        const first = () => table.tBodies[0].rows[0].cells[0].firstChild.textContent.trim();
        const heads = [...table.tHead.rows[0].cells];
        const press = (name) => heads.find((h) => h.textContent === name).firstChild.click();
        press("Alerts"); press("Alerts"); said.push(first());
        press("Asset"); said.push(first());
        const box = document.querySelector("[data-filter=assets-table] input");
        box.value = "cam-gate"; box.dispatchEvent(new Event("input"));
        said.push([...table.tBodies[0].rows].filter((r) => !r.hidden).length);
        [...document.querySelectorAll("[data-fold] button")][1].click();
        said.push(document.querySelectorAll("details.incident[open]").length);
        location.hash = "#incident-4";
        addEventListener("hashchange", () => {
          said.push(document.querySelectorAll("details.incident[open]").length);
          document.title = said.join("; ");
        });
        </script></body>"""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", render(plant()))
    path = tmp_path / "driven.html"
    path.write_text(page.replace("</body>", act), "utf-8")
    dom, _ = _browse(path, tmp_path)
    title = re.search("<title>([^<]*)</title>", dom)
    assert title is not None
    assert title[1] == "dc01.plant.example; 10.20.9.77; 1; 0; 1"


def _browse(path: Path, home: Path) -> tuple[str, str]:
    """The DOM after scripts ran, and what the browser said on stderr."""
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         "--v=0", f"--user-data-dir={home / 'profile'}", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout, done.stderr
