"""HTTP: Zeek ``http``, EVE ``http``. Basic credentials leave only that there were some, and whose."""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, EVE, EVE_ORIENTED, INT, ORIENTED, STR, Source

#: SQL over ``method``: what a request amounts to.
_ACTION = """
    CASE WHEN upper(method) IN ('GET', 'HEAD', 'OPTIONS') THEN 'read'
         WHEN upper(method) IN ('POST', 'PUT', 'PATCH', 'DELETE') THEN 'write' ELSE 'other' END
"""
_OPERATION = "coalesce(nullif(regexp_replace(lower(method), '[^a-z]+', '_', 'g'), ''), 'unknown')"
_OUTCOME = (
    "CASE WHEN {0} IS NULL THEN 'no_reply' WHEN {0} < 400 THEN 'ok' ELSE concat('http_', {0}) END"
)

REQUESTS = f"""
    SELECT ts, uid, client, server, port, {_OPERATION} AS operation, {_ACTION} AS action,
           {_OUTCOME.format("status_code")} AS outcome,
           request_body_len AS bytes_to_server, response_body_len AS bytes_to_client
    FROM {ORIENTED}
"""

#: A second fact of the same request: somebody logged in with HTTP Basic, in the clear.
BASIC = f"""
    SELECT ts, uid, client, server, port, 'basic_authentication' AS operation,
           'authenticate' AS action, concat('user:', left(username, 64)) AS object,
           {_OUTCOME.format("status_code")} AS outcome
    FROM {ORIENTED} WHERE username IS NOT NULL
"""

EVE_REQUESTS = f"""
    SELECT ts, uid, client, server, port, {_OPERATION} AS operation, {_ACTION} AS action,
           {_OUTCOME.format("status")} AS outcome, length AS bytes_to_client
    FROM (SELECT *, body->>'$.http.http_method' AS method,
                 TRY_CAST(body->>'$.http.status' AS INTEGER) AS status,
                 TRY_CAST(body->>'$.http.length' AS BIGINT) AS length FROM {EVE_ORIENTED})
"""

SOURCES = (
    Source(
        kind="http",
        columns={
            **CONN_ID, "method": STR, "status_code": INT, "username": STR, "user_agent": STR,
            "request_body_len": INT, "response_body_len": INT, "server_header_names": STR,
        },
        activities=(REQUESTS, BASIC),
        constants={"service": "http", "transport": "tcp"},
        claims=(
            "SELECT ts, uid, id_orig_h AS asset, 'software' AS attribute, user_agent AS value"
            " FROM rows",
        ),
    ),
    Source(
        kind="eve:http",
        columns=EVE,
        activities=(EVE_REQUESTS,),
        constants={"service": "http", "transport": "tcp"},
        claims=(
            "SELECT ts, uid, src_ip AS asset, 'software' AS attribute,"
            " body->>'$.http.http_user_agent' AS value FROM rows",
        ),
        covered_by=("http",),
    ),
)  # fmt: skip
