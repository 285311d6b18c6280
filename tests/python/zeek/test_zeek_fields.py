"""The package's documentation says what the scripts say."""

from __future__ import annotations

from tests.zeek import fields


def test_page_is_renewed() -> None:
    written = fields.PAGE.read_text(encoding="utf-8")
    assert written == fields.page(), "python -m tests.zeek.fields"


def test_every_field_and_option_is_explained() -> None:
    mute = [
        f"{path}.{entry.name}"
        for path, entries in {**fields.logs(), **fields.options()}.items()
        for entry in entries
        if not entry.comment
    ]
    assert mute == []


def test_logs_are_found() -> None:
    logs = fields.logs()
    assert {"ot_activity", "ot_identity"} <= set(logs)
    names = [entry.name for entry in logs["ot_activity"]]
    assert names[0] == "ts"
    assert {"client", "server", "operation", "object", "outcome", "events", "gap_sq"} <= set(names)
