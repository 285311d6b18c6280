from __future__ import annotations

import json

import pytest

from gaugeglass.attack import table


def test_sizes_and_order_are_mitres() -> None:
    tactics = table.tactics()
    assert [t.shortname for t in tactics][:2] == ["initial-access", "execution"]
    assert len(tactics) == 12
    assert {t.id for t in tactics} == {
        i for ts in table.matrix().values() for t in ts for i, _ in t.tactics
    }


def test_sub_technique_stands_after_its_parent_and_names_it() -> None:
    control = next(t for t in table.tactics() if t.id == "TA0106")
    ids = [t.id for t in table.matrix()[control]]
    at = ids.index("T1692")
    assert ids[at : at + 3] == ["T1692", "T1692.001", "T1692.002"]
    parents = [t.name for t in table.matrix()[control] if t.parent is None]
    assert parents == sorted(parents)
    assert table.technique("T1692.001").full_name == "Unauthorized Message: Command Message"
    assert table.technique("T1692.001").url.endswith("/techniques/T1692/001/")


def test_technique_of_two_tactics_stands_in_both_in_matrix_order() -> None:
    assert table.technique("T0858").tactics == (("TA0104", "Execution"), ("TA0103", "Evasion"))
    assert sum(t.id == "T0858" for ts in table.matrix().values() for t in ts) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [("T0855", "T1692.001"), ("T0856", "T1692.002"), ("T0805", "T1695.001"),
     ("T0857", "T1693.001"), ("T0812", "T1694.001")],
)  # fmt: skip
def test_revoked_ids_lead_to_current_ones(old: str, new: str) -> None:
    assert not table.is_current(old)
    assert table.crosswalk(old) == (new,)
    with pytest.raises(table.UnknownTechnique, match=new):
        table.technique(old)


def test_current_and_foreign_ids() -> None:
    assert table.crosswalk("T0858") == ("T0858",)
    assert table.crosswalk("T1059") == ()
    with pytest.raises(table.UnknownTechnique, match="not in the table"):
        table.technique("T9999")


def test_resolve_translates_once_and_leaves_out_the_unknown() -> None:
    found = table.resolve([" T0855", "T1692.001", "T1059", "", "T0846"])
    assert [t.id for t in found] == ["T1692.001", "T0846"]


def test_every_successor_and_parent_is_current() -> None:
    data = json.loads(
        (table.resources.files("gaugeglass.attack") / "ics-19.1.json").read_text("utf-8")
    )
    assert len(data["revoked"]) == 9
    assert all(table.is_current(r["v19"]) for r in data["revoked"])
    assert all(t["parent"] is None or table.is_current(t["parent"]) for t in data["techniques"])
