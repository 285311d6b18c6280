"""OPC UA's side logs: which nodes a request named, and what became of each.

ICSNPP ties them by link ids. The n-th result under a response's link answers the n-th node under
its request's.
"""

from __future__ import annotations

from collections.abc import Mapping

from gaugeglass.protocols.base import FLOAT, INT, STR, snake


def _node(prefix: str) -> str:
    """SQL: a node id in its standard text form, ``ns=2;s=Tag``."""
    return (
        f"concat(CASE WHEN {prefix}namespace_idx > 0 THEN concat('ns=', {prefix}namespace_idx,"
        f" ';') END, CASE WHEN {prefix}string IS NOT NULL THEN concat('s=', {prefix}string)"
        f" WHEN {prefix}guid IS NOT NULL THEN concat('g=', {prefix}guid)"
        f" WHEN {prefix}opaque IS NOT NULL THEN concat('b=', {prefix}opaque)"
        f" ELSE concat('i=', coalesce({prefix}numeric, 0)) END)"
    )


def _node_columns(prefix: str) -> Mapping[str, str]:
    names = ("string", "guid", "opaque")
    return {f"{prefix}namespace_idx": INT, f"{prefix}numeric": INT} | {
        f"{prefix}{n}": STR for n in names
    }


#: Value is the attribute that is meant where none is named.
_ATTRIBUTE = (
    f"CASE WHEN attribute_id_str <> 'Value' THEN concat('/', {snake('attribute_id_str')}) END"
)
NTH = "row_number() OVER (PARTITION BY {0} ORDER BY rowid) AS nth"

#: The nodes of each request, in order, by the request's link id; written values with them.
NODES = f"""
    SELECT r.opcua_link_id AS link, nth, object, NULL::DOUBLE AS number
    FROM opcua_binary_read r JOIN (
        SELECT nodes_to_read_link_id AS id, concat({_node("node_id_")}, {_ATTRIBUTE}) AS object,
               {NTH.format("nodes_to_read_link_id")}
        FROM opcua_binary_read_nodes_to_read) n ON r.nodes_to_read_link_id = n.id
    UNION ALL
    SELECT b.opcua_link_id, nth, object, NULL FROM opcua_binary_browse b JOIN (
        SELECT browse_description_link_id AS id, {_node("browse_description_")} AS object,
               {NTH.format("browse_description_link_id")}
        FROM opcua_binary_browse_description) d ON b.browse_description_link_id = d.id
    UNION ALL
    SELECT m.opcua_link_id, nth, object, NULL FROM opcua_binary_create_monitored_items m JOIN (
        SELECT create_item_link_id AS id, {_node("item_to_monitor_node_id_")} AS object,
               {NTH.format("create_item_link_id")}
        FROM opcua_binary_create_monitored_items_create_item
        WHERE item_to_monitor_attribute_id IS NOT NULL) i ON m.create_item_link_id = i.id
    UNION ALL
    SELECT w.opcua_link_id, nth, object, v.number FROM (
        SELECT *, concat({_node("node_id_")}, {_ATTRIBUTE}) AS object,
               {NTH.format("opcua_link_id")}
        FROM opcua_binary_write WHERE attribute_id_str IS NOT NULL) w
    LEFT JOIN (
        SELECT m.variant_source_data_link_id AS id, min(coalesce(
                 variant_data_value_signed_numeric, variant_data_value_unsigned_numeric,
                 variant_data_value_decimal)) AS number
        FROM opcua_binary_variant_metadata m JOIN opcua_binary_variant_data d
        ON m.variant_data_link_id = d.variant_data_link_id GROUP BY ALL HAVING count(*) = 1
    ) v ON w.write_results_variant_metadata_link_id = v.id
    UNION ALL
    SELECT opcua_link_id, 1, CASE ext_obj_type_id_str
             WHEN 'AnonymousIdentityToken' THEN 'anonymous'
             WHEN 'UserNameIdentityToken' THEN 'username'
             WHEN 'X509IdentityToken' THEN 'certificate'
             WHEN 'IssuedIdentityToken' THEN 'issued_token'
             ELSE {snake("ext_obj_type_id_str")} END, NULL
    FROM opcua_binary_activate_session WHERE ext_obj_type_id_str IS NOT NULL
"""

#: The status of each node's result, by the response's link id.
RESULTS = f"""
    SELECT r.opcua_link_id AS link, nth, status FROM opcua_binary_read r JOIN (
        SELECT results_link_id AS id, status_code_link_id AS status,
               {NTH.format("results_link_id")}
        FROM opcua_binary_read_results) n ON r.read_results_link_id = n.id
    UNION ALL
    SELECT b.opcua_link_id, nth, status FROM opcua_binary_browse b JOIN (
        SELECT browse_response_link_id AS id, status_code_link_id AS status,
               {NTH.format("browse_response_link_id")}
        FROM opcua_binary_browse_result) d ON b.browse_response_link_id = d.id
    UNION ALL
    SELECT m.opcua_link_id, nth, status FROM opcua_binary_create_monitored_items m JOIN (
        SELECT create_item_link_id AS id, monitoring_parameters_status_code_link_id AS status,
               {NTH.format("create_item_link_id")}
        FROM opcua_binary_create_monitored_items_create_item
        WHERE item_to_monitor_attribute_id IS NULL) i ON m.create_item_link_id = i.id
    UNION ALL
    SELECT opcua_link_id, {NTH.format("opcua_link_id")},
           coalesce(res_status_code_link_id, req_status_code_link_id)
    FROM opcua_binary_write WHERE attribute_id_str IS NULL
"""

#: The first bad code under each status link.
FAULTS = f"""
    SELECT status_code_link_id AS id, min_by({snake("sub_code_str")}, rowid) AS fault
    FROM opcua_binary_status_code_detail
    WHERE severity_str ILIKE '%bad' AND source_str NOT ILIKE '%DiagInfo%' GROUP BY ALL
"""

#: The side logs and their columns.
BESIDE: Mapping[str, Mapping[str, str]] = {
    "opcua_binary_read": {
        "opcua_link_id": STR, "nodes_to_read_link_id": STR, "read_results_link_id": STR,
    },
    "opcua_binary_read_nodes_to_read": {
        "nodes_to_read_link_id": STR, "attribute_id_str": STR, **_node_columns("node_id_"),
    },
    "opcua_binary_read_results": {
        "results_link_id": STR, "status_code_link_id": STR,
        "read_results_variant_metadata_link_id": STR,
    },
    "opcua_binary_browse": {
        "opcua_link_id": STR, "browse_description_link_id": STR,
        "browse_response_link_id": STR,
    },
    "opcua_binary_browse_description": {
        "browse_description_link_id": STR, **_node_columns("browse_description_"),
    },
    "opcua_binary_browse_result": {
        "browse_response_link_id": STR, "status_code_link_id": STR,
    },
    "opcua_binary_create_monitored_items": {
        "opcua_link_id": STR, "create_item_link_id": STR,
    },
    "opcua_binary_create_monitored_items_create_item": {
        "create_item_link_id": STR, "item_to_monitor_attribute_id": STR,
        "monitoring_parameters_status_code_link_id": STR,
        **_node_columns("item_to_monitor_node_id_"),
    },
    "opcua_binary_write": {
        "opcua_link_id": STR, "attribute_id_str": STR, "req_status_code_link_id": STR,
        "res_status_code_link_id": STR, "write_results_variant_metadata_link_id": STR,
        **_node_columns("node_id_"),
    },
    "opcua_binary_activate_session": {
        "opcua_link_id": STR, "ext_obj_type_id_str": STR,
    },
    "opcua_binary_status_code_detail": {
        "status_code_link_id": STR, "source_str": STR, "severity_str": STR,
        "sub_code_str": STR,
    },
    "opcua_binary_variant_metadata": {
        "variant_source_data_link_id": STR, "variant_data_link_id": STR,
    },
    "opcua_binary_variant_data": {
        "variant_data_link_id": STR, "variant_data_value_signed_numeric": FLOAT,
        "variant_data_value_unsigned_numeric": FLOAT,
        "variant_data_value_decimal": FLOAT, "variant_data_value_string": STR,
    },
}  # fmt: skip
