"""OPC UA binary: ICSNPP ``opcua_binary`` and the logs that hang from it by link ids.

One row of ``opcua_binary`` is a request with its response. A service that names nodes becomes one
activity per node, each with its own status where the response tells one: the n-th result answers
the n-th node. Names are those of OPC 10000-4 and -6. The columns for passwords, signatures and
certificates of ``opcua_binary_activate_session`` are never read.
"""

from __future__ import annotations

from gaugeglass.protocols.base import CONN_ID, INT, ORIENTED, PACKET, STR, Source, snake
from gaugeglass.protocols.opcua_nodes import BESIDE, FAULTS, NODES, NTH, RESULTS
from gaugeglass.protocols.registry import ignoring

FIXED = {"service": "opcua", "transport": "tcp"}


#: Nodes of a server's own BuildInfo (OPC 10000-6, namespace 0).
_BUILD_INFO = {
    "i=2261": "model", "i=2263": "vendor", "i=2264": "firmware", "i=2262": "software",
}  # fmt: skip
_BUILD_NODES = ", ".join(f"'{n}'" for n in _BUILD_INFO)

#: SQL over ``operation`` and ``object``: what a service amounts to.
ACTION = f"""
    CASE WHEN operation = 'read' THEN CASE WHEN object IN ({_BUILD_NODES}, 'i=2260')
                                           THEN 'identify' ELSE 'read' END
         WHEN operation IN ('write', 'history_update', 'add_nodes', 'delete_nodes',
                            'add_references', 'delete_references') THEN 'write'
         WHEN operation = 'call' THEN 'command'
         WHEN operation = 'activate_session' THEN 'authenticate'
         WHEN operation IN ('hello', 'open_secure_channel', 'close_secure_channel',
                            'create_session', 'close_session') THEN 'connect'
         WHEN operation = 'get_endpoints' THEN 'identify'
         WHEN operation LIKE 'find_servers%' OR operation LIKE 'browse%'
              OR operation LIKE 'translate_browse%' OR operation LIKE 'query_%' THEN 'discover'
         WHEN operation IN ('publish', 'republish') THEN 'report'
         WHEN operation = 'set_publishing_mode' OR operation LIKE 'set_monitoring_mode%'
           THEN 'other'
         WHEN operation LIKE 'create_%' OR operation LIKE 'modify_%' OR operation = 'history_read'
           THEN 'read'
         ELSE 'other' END
"""

BINARY = f"""
    SELECT ts, uid, client, server, port, operation, object, outcome, {ACTION} AS action,
           number AS value_min, number AS value_max, req_size AS bytes_to_server,
           res_size AS bytes_to_client, msg_type = 'ACK' AS reply,
           CASE WHEN msg_type IN ('HEL', 'ACK') THEN hash(uid) ELSE hash(uid, line) END AS pair,
           CASE WHEN msg_type <> 'HEL' OR msg_type IS NULL THEN outcome END AS alone
    FROM (
        SELECT b.ts, b.uid, client, server, port, msg_type, line, i.number,
               CASE WHEN i.nth IS NULL OR i.nth = 1 THEN req_msg_size ELSE 0 END AS req_size,
               CASE WHEN i.nth IS NULL OR i.nth = 1 THEN res_msg_size ELSE 0 END AS res_size,
               CASE WHEN msg_type IN ('HEL', 'ACK') THEN 'hello'
                    WHEN msg_type = 'OPN' THEN 'open_secure_channel'
                    WHEN msg_type = 'CLO' THEN 'close_secure_channel'
                    WHEN msg_type = 'ERR' THEN 'error'
                    WHEN req_identifier_str IS NOT NULL
                      THEN {snake("regexp_replace(req_identifier_str, 'Request$', '')")}
                    WHEN res_identifier_str IS NOT NULL
                      THEN {snake("regexp_replace(res_identifier_str, 'Response$', '')")}
                    WHEN coalesce(req_identifier, res_identifier) IS NOT NULL
                      THEN concat('service_', coalesce(req_identifier, res_identifier))
                    ELSE 'encrypted_message' END AS operation,
               CASE WHEN msg_type = 'OPN' AND sec_policy_uri IS NOT NULL
                    THEN concat('security:', lower(regexp_extract(sec_policy_uri, '[^#/]*$')))
                    ELSE i.object END AS object,
               coalesce(f.fault, h.fault,
                    CASE WHEN msg_type = 'ERR' THEN printf('status_0x%08x', coalesce(error, 0))
                         WHEN res_identifier_str = 'ServiceFault' THEN 'service_fault'
                         WHEN msg_type = 'MSG' AND req_identifier_str IS NOT NULL
                              AND res_opcua_link_id IS NULL AND req_identifier_str NOT LIKE 'Publish%'
                           THEN 'no_reply' END, 'ok') AS outcome
        FROM {ORIENTED.replace("FROM rows", "FROM (SELECT rowid AS line, * FROM rows)")} b
        LEFT JOIN ({NODES}) i ON b.req_opcua_link_id = i.link
        LEFT JOIN ({RESULTS}) r ON b.res_opcua_link_id = r.link AND r.nth = coalesce(i.nth, 1)
        LEFT JOIN ({FAULTS}) f ON r.status = f.id
        LEFT JOIN ({FAULTS}) h ON b.status_code_link_id = h.id
    )
"""

#: What a server answered when asked for its build.
BUILD = f"""
    SELECT b.ts, b.uid, b.server AS asset,
           CASE n.object {" ".join(f"WHEN '{n}' THEN '{a}'" for n, a in _BUILD_INFO.items())} END
             AS attribute, d.variant_data_value_string AS value
    FROM {ORIENTED} b JOIN ({NODES}) n ON b.req_opcua_link_id = n.link
    JOIN opcua_binary_read r ON b.res_opcua_link_id = r.opcua_link_id
    JOIN (SELECT results_link_id AS id, read_results_variant_metadata_link_id AS variant,
                 {NTH.format("results_link_id")} FROM opcua_binary_read_results) v
      ON r.read_results_link_id = v.id AND v.nth = n.nth
    JOIN opcua_binary_variant_metadata m ON v.variant = m.variant_source_data_link_id
    JOIN opcua_binary_variant_data d ON m.variant_data_link_id = d.variant_data_link_id
    WHERE n.object IN ({_BUILD_NODES})
"""

#: Application, product and name of whoever sent the row: a client that opens a session, a server
#: that describes its endpoints.
APPLICATION = """
    SELECT ts, uid, source_h AS asset, unnest(['application', 'software', 'name']) AS attribute,
           unnest([application_uri, product_uri, text]) AS value
    FROM rows
"""
_DESCRIBED = {**CONN_ID, **PACKET, "application_uri": STR, "product_uri": STR, "text": STR}

USER = """
    SELECT ts, uid, destination_h AS asset, 'user' AS attribute, ext_obj_user_name AS value
    FROM rows
"""

_JOINED = "opcua_binary tells it, joined by link id"

SOURCES = (
    Source(
        kind="opcua_binary",
        columns={
            **CONN_ID, "msg_type": STR, "error": INT, "sec_policy_uri": STR,
            "req_opcua_link_id": STR, "req_msg_size": INT, "req_identifier": STR,
            "req_identifier_str": STR, "res_opcua_link_id": STR, "res_msg_size": INT,
            "res_identifier": STR, "res_identifier_str": STR, "status_code_link_id": STR,
        },
        activities=(BINARY,),
        claims=(BUILD,),
        constants=FIXED,
        beside=BESIDE,
    ),
    Source(
        kind="opcua_binary_activate_session",
        columns={**CONN_ID, **PACKET, "ext_obj_user_name": STR},
        claims=(USER,),
        used="ext_obj_user_name IS NOT NULL",
        ignored=_JOINED,
    ),
    *(
        Source(
            kind=f"opcua_binary_{kind}",
            columns=_DESCRIBED,
            claims=(APPLICATION,),
            used="coalesce(application_uri, product_uri, text) IS NOT NULL",
            ignored=_JOINED,
        )
        for kind in ("create_session", "create_session_endpoints", "get_endpoints_description")
    ),
    *(
        ignoring(f"opcua_binary_{kind}", _JOINED)
        for kind in (
            "browse", "browse_description", "browse_result", "create_monitored_items",
            "create_monitored_items_create_item", "read", "read_nodes_to_read", "read_results",
            "status_code_detail", "variant_data", "variant_metadata", "write",
        )
    ),
    *(
        ignoring(f"opcua_binary_{kind}", "a service's parameters that the ledger has no use for")
        for kind in (
            "activate_session_client_software_cert", "activate_session_locale_id",
            "aggregate_filter", "browse_request_continuation_point", "browse_response_references",
            "close_session", "create_session_discovery", "create_session_user_token",
            "create_subscription", "data_change_filter", "diag_info_detail", "event_filter",
            "event_filter_attribute_operand", "event_filter_attribute_operand_browse_paths",
            "event_filter_element_operand", "event_filter_literal_operand",
            "event_filter_select_clause", "event_filter_simple_attribute_operand",
            "event_filter_simple_attribute_operand_browse_paths", "event_filter_where_clause",
            "event_filter_where_clause_elements", "get_endpoints", "get_endpoints_discovery",
            "get_endpoints_locale_id", "get_endpoints_profile_uri", "get_endpoints_user_token",
            "opensecure_channel", "variant_array_dims", "variant_data_value",
            "variant_extension_object",
        )
    ),
)  # fmt: skip
