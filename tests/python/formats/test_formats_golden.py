"""Whole documents, byte for byte. ``GAUGEGLASS_GOLDEN=write`` rewrites them: read the diff."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from formats.formatkit import ASSETS, LAPTOP, PLC, SITE, sample

from gaugeglass.attack.navigator import layer
from gaugeglass.formats import cef, csv, ecs, ocsf

GOLDEN = Path(__file__).parent / "golden"


def pretty(doc: object) -> str:
    return json.dumps(doc, indent=1) + "\n"


@pytest.fixture(autouse=True)
def version(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (cef, ecs, ocsf):
        monkeypatch.setattr(module, "__version__", "1.2.3")


MAKE = {
    "alert.ecs.json": lambda: pretty(ecs.alert(sample(), ASSETS, SITE)),
    "alert-bare.ecs.json": lambda: pretty(ecs.alert(sample(techniques=()), {}, SITE)),
    "asset.ecs.json": lambda: pretty(ecs.asset(PLC, SITE)),
    "alert.ocsf.json": lambda: pretty(ocsf.alert(sample(), ASSETS, SITE)),
    "alert.cef": lambda: cef.alert(sample(), ASSETS, SITE) + "\n",
    "alerts.csv": lambda: csv.alerts([sample()]),
    "assets.csv": lambda: csv.assets([PLC, LAPTOP]),
    "layer.json": lambda: pretty(layer([sample()], "north")),
}


@pytest.mark.parametrize("name", MAKE)
def test_golden(name: str) -> None:
    path, text = GOLDEN / name, MAKE[name]()
    if os.environ.get("GAUGEGLASS_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
