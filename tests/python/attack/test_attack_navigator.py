from __future__ import annotations

from dataclasses import dataclass

from gaugeglass.attack.navigator import COLOURS, layer
from gaugeglass.attack.table import Technique, technique
from gaugeglass.detections.base import SEVERITIES


@dataclass(frozen=True)
class Fired:
    title: str
    severity: str
    risk: int
    count: int
    techniques: tuple[Technique, ...]


ALERTS = [
    Fired("Port scan", "medium", 50, 3, (technique("T0846.001"),)),
    Fired("Write", "high", 80, 2, (technique("T1692.001"), technique("T0836"))),
    Fired("Other write", "low", 20, 1, (technique("T1692.001"),)),
]


def cells(doc: dict) -> dict[tuple[str, str], dict]:
    return {(c["techniqueID"], c["tactic"]): c for c in doc["techniques"]}


def test_layer_has_what_the_format_requires() -> None:
    doc = layer(ALERTS, "plant")
    assert doc["name"] == "plant"
    assert doc["domain"] == "ics-attack"
    assert doc["versions"] == {"attack": "19", "navigator": "5.1.0", "layer": "4.5"}
    assert doc["gradient"]["minValue"] < doc["gradient"]["maxValue"]
    assert list(COLOURS) == list(SEVERITIES)
    for cell in doc["techniques"]:
        for link in cell.get("links", []):
            assert set(link) == {"label", "url"}
        for entry in cell.get("metadata", []):
            assert isinstance(entry["value"], str)


def test_scores_colours_and_comments() -> None:
    found = cells(layer(ALERTS))
    command = found["T1692.001", "impair-process-control"]
    assert command["score"] == 80
    assert command["color"] == COLOURS["high"]
    assert command["comment"] == "2 alerts: Other write; Write"
    assert found["T1692.001", "evasion"]["score"] == 80  # in every tactic it belongs to
    assert found["T0836", "impair-process-control"]["comment"] == "1 alert: Write"


def test_parent_of_a_fired_sub_technique_is_opened_and_not_scored() -> None:
    found = cells(layer(ALERTS))
    parent = found["T1692", "impair-process-control"]
    assert parent["showSubtechniques"] is True
    assert "score" not in parent
    assert "showSubtechniques" not in found["T0836", "impair-process-control"]


def test_no_alerts_is_an_empty_valid_layer() -> None:
    assert layer([])["techniques"] == []


def test_long_lists_are_cut_openly() -> None:
    many = [Fired(f"t{i}", "low", 1, 1, (technique("T0836"),)) for i in range(9)]
    (cell,) = layer(many)["techniques"]
    assert cell["comment"] == "9 alerts: t0; t1; t2; t3; t4; and 4 more"
