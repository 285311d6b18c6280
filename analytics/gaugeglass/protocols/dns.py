"""DNS (and NetBIOS, mDNS and LLMNR names, which Zeek logs as DNS): Zeek ``dns``, EVE ``dns``."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, STR, Source

#: By port, as Zeek's ``dns`` carries the name services of neighbouring ports too. The asked port
#: decides the direction: both ends of mDNS and NetBIOS use the same one.
_SERVICE = """
    CASE id_resp_p WHEN 137 THEN 'netbios' WHEN 5353 THEN 'mdns' WHEN 5355 THEN 'llmnr'
                   ELSE 'dns' END
"""

SOURCES = (
    Source(
        kind="dns",
        columns={**CONN_ID, "proto": STR, "query": STR, "qtype_name": STR, "rcode_name": STR},
        activities=(
            f"""SELECT ts, uid, id_orig_h AS client, id_resp_h AS server, id_resp_p AS port,
                proto AS transport, {_SERVICE} AS service, 'query' AS operation, 'read' AS action,
                CASE WHEN rcode_name IS NULL THEN 'no_reply' WHEN rcode_name = 'NOERROR' THEN 'ok'
                     ELSE lower(rcode_name) END AS outcome
                FROM rows""",
        ),
    ),
    Source(
        kind="eve:dns",
        columns=EVE,
        # a reply is an event of its own; the query is the one counted
        activities=(
            """SELECT ts, uid, src_ip AS client, dest_ip AS server, dest_port AS port,
                proto AS transport, 'dns' AS service, 'query' AS operation, 'read' AS action,
                'unknown' AS outcome FROM rows""",
        ),
        used="coalesce(body->>'$.dns.type', 'query') IN ('query', 'request')",
        ignored="the reply to a query that is counted",
        covered_by=("dns",),
    ),
)
