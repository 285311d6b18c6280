"""``ot_identity.log`` of the project's own Zeek scripts: what devices say about themselves."""

from __future__ import annotations

from gaugeglass.ledger.schema import ATTRIBUTES
from gaugeglass.protocols.base import STR, TIME, Source

_KNOWN = ", ".join(f"'{a}'" for a in ATTRIBUTES)

SOURCES = (
    Source(
        kind="ot_identity",
        columns={
            "ts": TIME, "uid": STR, "asset": STR, "attribute": STR, "value": STR, "source": STR,
        },
        claims=("SELECT ts, uid, asset, attribute, value FROM rows",),
        used=f"attribute IN ({_KNOWN})",
        ignored="an attribute this version does not know",
    ),
)  # fmt: skip
