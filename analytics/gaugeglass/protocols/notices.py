"""What the sensors themselves concluded: Zeek ``notice`` and ``weird``, EVE ``alert``, ``anomaly``.

They go to the ledger's notices, with the techniques they were tagged with, for the detections to
pass on.
"""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, EVE_ORIENTED, INT, LIST, STR, Source
from gaugeglass.protocols.ports import named

#: ATT&CK ids anywhere in a text, joined by ';'.
_IDS = (
    "array_to_string(list_sort(list_distinct(regexp_extract_all("
    "{0}, '\\bT[01]\\d{{3}}(?:\\.\\d{{3}})?\\b'))), ';')"
)

NOTICE = f"""
    SELECT ts, uid, 'zeek_notice' AS origin, note AS name, 'medium' AS severity,
           coalesce(id_orig_h, src) AS client, coalesce(id_resp_h, dst) AS server,
           coalesce(id_resp_p, p) AS port, concat_ws(' ', msg, sub) AS message,
           nullif({_IDS.format("concat_ws(' ', array_to_string(ot_techniques, ' '), techniques, msg, sub)")}, '') AS techniques
    FROM rows
"""

WEIRD = """
    SELECT ts, uid, 'zeek_weird' AS origin, name, 'info' AS severity, id_orig_h AS client,
           id_resp_h AS server, id_resp_p AS port, addl AS message
    FROM rows
"""

#: Suricata's severity 1 is the worst (suricata.yaml, classification.config).
_SEVERITY = """
    CASE lower(body->>'$.alert.metadata.signature_severity[0]')
         WHEN 'critical' THEN 'critical' WHEN 'major' THEN 'high' WHEN 'minor' THEN 'low'
         WHEN 'informational' THEN 'info'
         ELSE CASE TRY_CAST(body->>'$.alert.severity' AS INTEGER)
              WHEN 1 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END END
"""


def _eve(extracted: str) -> str:
    """EVE rows by role with what the event says; the event itself is left behind early, as a join
    would drag it along."""
    inner = (
        f"(SELECT ts, uid, client, server, port, proto, app_proto AS said, {extracted}"
        f" FROM {EVE_ORIENTED})"
    )
    return named(inner)


_ALERT = f"""
    body->>'$.alert.signature' AS name,
    concat_ws(':', coalesce(body->>'$.alert.gid', '1'), body->>'$.alert.signature_id',
              coalesce(body->>'$.alert.rev', '0')) AS rule_id,
    {_SEVERITY} AS severity, body->>'$.alert.category' AS message,
    nullif({_IDS.format("(body->'$.alert.metadata')::VARCHAR")}, '') AS techniques,
    lower(body->>'$.alert.metadata.ot_operation[0]') AS operation
"""
_ANOMALY = """
    coalesce(body->>'$.anomaly.event', body->>'$.anomaly.type', 'unknown') AS name,
    body->>'$.anomaly.layer' AS message
"""

ALERT = f"""
    SELECT ts, uid, 'suricata_alert' AS origin, coalesce(name, 'unnamed rule') AS name, rule_id,
           severity, client, server, port, service, message, techniques, operation
    FROM {_eve(_ALERT)}
"""

ANOMALY = f"""
    SELECT ts, uid, 'suricata_anomaly' AS origin, name, 'info' AS severity, client, server, port,
           service, message
    FROM {_eve(_ANOMALY)}
"""

SOURCES = (
    Source(
        kind="notice",
        columns={
            **CONN_ID, "note": STR, "msg": STR, "sub": STR, "src": STR, "dst": STR, "p": INT,
            "techniques": STR, "ot_techniques": LIST,
        },
        notices=(NOTICE,),
    ),
    Source(
        kind="weird",
        columns={**CONN_ID, "name": STR, "addl": STR},
        notices=(WEIRD,),
    ),
    Source(kind="eve:alert", columns=EVE, notices=(ALERT,)),
    Source(kind="eve:anomaly", columns=EVE, notices=(ANOMALY,)),
)  # fmt: skip
