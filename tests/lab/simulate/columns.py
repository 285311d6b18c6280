"""The columns of the logs that the simulated plant has, as Zeek and ICSNPP name and type them."""

from __future__ import annotations


def _columns(text: str) -> dict[str, str]:
    return dict(word.split(":") for word in text.split())


_ID = "uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port "
_PACKET = "is_orig:bool source_h:addr source_p:port destination_h:addr destination_p:port "

#: Log -> column -> type, after ``ts``.
KINDS: dict[str, dict[str, str]] = {
    "conn": _columns(
        _ID + "proto:enum service:string duration:interval orig_bytes:count resp_bytes:count"
        " conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string"
        " orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count"
        " tunnel_parents:set[string] orig_l2_addr:string resp_l2_addr:string"
    ),
    "modbus_detailed": _columns(
        _ID + "tid:count unit:count func:string address:count quantity:count"
        " request_values:vector[count] response_values:vector[count]"
        " modbus_detailed_link_id:string matched:bool exception_code:string mei_type:string"
    ),
    "s7comm": _columns(
        _ID + _PACKET + "rosctr_code:count rosctr_name:string pdu_reference:count"
        " function_code:string function_name:string subfunction_code:string"
        " subfunction_name:string error_class:string error_code:string"
    ),
    "s7comm_upload_download": _columns(
        _ID + _PACKET + "rosctr:string pdu_reference:count function_name:string"
        " function_status:string session_id:count blocklength:count filename:string"
        " block_type:string block_number:string destination_filesystem:string"
    ),
    "cip": _columns(
        _ID + _PACKET + "packet_correlation_id:string cip_sequence_count:count direction:string"
        " cip_service_code:string cip_service:string cip_status_code:string cip_status:string"
        " class_id:string class_name:string instance_id:string attribute_id:string"
    ),
    "dnp3": _columns(_ID + "fc_request:string fc_reply:string iin:count"),
    "dnp3_control": _columns(
        _ID + _PACKET + "block_type:string function_code:string index_number:count"
        " trip_control_code:string operation_type:string clear_bit:bool execute_count:count"
        " on_time:count off_time:count status_code:string"
    ),
    "iec104-asdu-ident": _columns(
        _ID + "is_orig:bool apdu:count ident.type_id:enum ident.nobj:count ident.sq:bool"
        " ident.cot:enum ident.pn:bool ident.test:bool ident.originator_address:count"
        " ident.common_address:count"
    ),
    "iec104-M_ME_NC_1": _columns(
        _ID + "is_orig:bool apdu:count type_id:enum io.obj_addr:count io.r32:double"
    ),
    "iec104-C_IC_NA_1": _columns(
        _ID + "is_orig:bool apdu:count type_id:enum io.obj_addr:count io.qoi:count"
    ),
    "iec104-C_SC_NA_1": _columns(
        _ID + "is_orig:bool apdu:count type_id:enum io.obj_addr:count io.sco.scs:bool"
        " io.sco.qu:count io.sco.se:bool"
    ),
    "iec104-C_CS_NA_1": _columns(_ID + "is_orig:bool apdu:count type_id:enum io.obj_addr:count"),
    "iec104-apci_u": _columns(
        _ID + "is_orig:bool apdu:count startdt:count stopdt:count testfr:count"
    ),
    "bacnet": _columns(
        _ID + _PACKET + "bvlc_function:string pdu_type:string pdu_service:string invoke_id:count"
        " result_code:string"
    ),
    "bacnet_property": _columns(
        _ID + _PACKET + "invoke_id:count pdu_service:string object_type:string"
        " instance_number:count property:string array_index:count value:string"
    ),
    "bacnet_discovery": _columns(
        _ID + _PACKET + "pdu_service:string device_id_type:string device_id_number:count"
        " object_type:string instance_number:count vendor:string range:string object_name:string"
    ),
    "mqtt_connect": _columns(
        _ID + "proto_name:string proto_version:string client_id:string connect_status:string"
    ),
    "mqtt_publish": _columns(
        _ID + "from_client:bool retain:bool qos:string status:string topic:string payload:string"
        " payload_len:count"
    ),
    "mqtt_subscribe": _columns(
        _ID + "action:enum topics:vector[string] qos_levels:vector[count] ack:bool"
    ),
    "opcua_binary": _columns(
        _ID + _PACKET + "msg_type:string error:count sec_policy_uri:string"
        " req_opcua_link_id:string req_msg_size:count req_identifier:string"
        " req_identifier_str:string res_opcua_link_id:string res_msg_size:count"
        " res_identifier:string res_identifier_str:string status_code_link_id:string"
    ),
    "dns": _columns(
        _ID + "proto:enum trans_id:count rtt:interval query:string qclass:count"
        " qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string"
        " answers:vector[string] rejected:bool"
    ),
    "ntp": _columns(_ID + "version:count mode:count stratum:count poll:interval num_exts:count"),
    "http": _columns(
        _ID + "trans_depth:count method:string host:string uri:string referrer:string"
        " version:string user_agent:string request_body_len:count response_body_len:count"
        " status_code:count status_msg:string username:string resp_mime_types:vector[string]"
    ),
    "ssh": _columns(
        _ID + "version:count auth_success:bool auth_attempts:count client:string server:string"
    ),
    "rdp": _columns(_ID + "cookie:string result:string security_protocol:string"),
    "ssl": _columns(
        _ID + "version:string cipher:string server_name:string resumed:bool established:bool"
    ),
    "snmp": _columns(
        _ID + "duration:interval version:string community:string get_requests:count"
        " get_bulk_requests:count get_responses:count set_requests:count display_string:string"
    ),
    "dhcp": _columns(
        "uids:set[string] client_addr:addr server_addr:addr mac:string host_name:string"
        " client_fqdn:string assigned_addr:addr msg_types:vector[string] duration:interval"
    ),
    "smb_files": _columns(_ID + "fuid:string action:enum path:string name:string size:count"),
}
