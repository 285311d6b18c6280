"""S7comm: jobs with every variable and block, user data with what it names, connection requests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.zeek.compare import Operation, span
from tests.zeek.tshark import Frame, Node

LAYERS = ("cotp", "s7comm")
SERVICES = ("s7comm",)
SCRIPTS = ("protocols/s7comm.zeek",)
ANALYZERS = ("s7comm",)

PORT = 102
JOB, USER = 1, 7
REQUEST, PUSH = 4, 0
JOBS = {
    0x00: "cpu_services", 0x04: "read_variable", 0x05: "write_variable",
    0x1A: "request_download", 0x1B: "download_block", 0x1C: "download_ended",
    0x1D: "start_upload", 0x1E: "upload", 0x1F: "end_upload", 0x29: "plc_stop",
    0xF0: "setup_communication",
}  # fmt: skip
SERVICES_INVOKED = {
    "P_PROGRAM": "plc_start", "_INSE": "plc_control_insert_block",
    "_INS2": "plc_control_insert_block", "_DELE": "plc_control_delete_block",
    "_MODU": "plc_control_copy_ram_to_rom", "_GARB": "plc_control_compress_memory",
    "_N_LOGIN_": "plc_control_login", "_N_NEWPWD": "plc_control_new_password",
}  # fmt: skip
GROUPS = {
    0: "mode_transition", 1: "programmer_controls", 2: "cyclic_services", 3: "block_functions",
    4: "cpu_functions", 5: "security", 6: "pbc_bsend_brecv", 7: "time_functions",
    15: "nc_programming",
}  # fmt: skip
USER_FUNCTIONS = {
    0: {0: "mode_transition_stop", 1: "mode_transition_warm_restart", 2: "mode_transition_run",
        3: "mode_transition_hot_restart", 4: "mode_transition_hold",
        6: "mode_transition_cold_restart", 9: "mode_transition_run_r",
        11: "mode_transition_link_up", 12: "mode_transition_update"},
    1: {1: "block_status", 2: "variable_status", 3: "output_istack", 4: "output_bstack",
        5: "output_lstack", 6: "time_measurement", 7: "force_selection", 8: "modify_variable",
        9: "force", 10: "breakpoint", 11: "exit_hold", 12: "memory_reset", 13: "disable_job",
        14: "enable_job", 15: "delete_job", 16: "read_job_list", 17: "read_job",
        18: "replace_job", 19: "block_status_v2", 22: "flash_led"},
    2: {1: "cyclic_transfer", 4: "unsubscribe", 5: "change_driven_transfer",
        7: "change_driven_transfer_modify", 8: "rdrec"},
    3: {1: "list_blocks", 2: "list_blocks_of_type", 3: "get_block_info"},
    4: {1: "read_szl", 2: "message_service", 3: "diagnostic_message", 4: "alarm_8_indication",
        5: "notify_indication", 6: "alarm_8_lock", 7: "alarm_8_unlock", 8: "scan_indication",
        11: "alarm_s_indication", 12: "alarm_sq_indication", 13: "alarm_query", 14: "alarm_ack",
        17: "alarm_ack_indication", 18: "alarm_lock_indication", 19: "alarm_unlock_indication",
        22: "notify_8_indication"},
    5: {1: "plc_password"},
    7: {1: "read_clock", 2: "set_clock", 3: "read_clock_following", 4: "set_clock_2"},
}  # fmt: skip
AREAS = {
    0x03: "system_info", 0x05: "system_flag", 0x06: "analog_input", 0x07: "analog_output",
    0x1C: "counter", 0x1D: "timer", 0x1E: "iec_counter", 0x1F: "iec_timer", 0x80: "peripheral",
    0x81: "input", 0x82: "output", 0x83: "flag", 0x86: "local_data", 0x87: "previous_local_data",
}  # fmt: skip
WIDTHS = {4: 2, 5: 2, 9: 2, 12: 2, 6: 4, 7: 4, 8: 4, 10: 4, 11: 4, 15: 8}
BLOCKS = {
    "08": "organization_block", "0A": "data_block", "0B": "system_data_block", "0C": "function",
    "0D": "system_function", "0E": "function_block", "0F": "system_function_block",
}  # fmt: skip
TABLE_AREAS = ("flag", "input", "output", "peripheral", "", "timer", "counter")


@dataclass
class Session:
    """What a session has been asked for that later PDUs refer to."""

    block: str = ""
    asked: str = ""
    uploads: dict[int, str] = field(default_factory=dict)
    status: str = ""
    parts: dict[int, str] = field(default_factory=dict)


def _block(name: str) -> str:
    found = re.match(r"_?(\w\w)(\d{5})", name)
    return f"{BLOCKS.get(found[1], 'unknown')}:{int(found[2])}" if found else name


def _variable(item: Node) -> str:
    syntax = item.num("s7comm.param.item.syntaxid") or 0
    area = item.num("s7comm.param.item.area")
    if syntax != 0x10 or area is None:
        return f"syntax_0x{syntax:02x}"
    number = item.num("s7comm.param.item.db") or 0
    blocks = {0x84: f"data_block:{number}", 0x85: f"instance_data_block:{number}"}
    name = AREAS.get(area) or blocks.get(area) or f"area_0x{area:02x}"
    kind, count = item.num("s7comm.param.item.transp_size"), item.num("s7comm.param.item.length")
    at = item.num("s7comm.param.item.address") or 0
    count = count or 0
    if 0x1C <= area <= 0x1F:
        return f"{name}:{span(at, count)}"
    if kind != 1:
        return f"{name}:{span(at // 8, count * WIDTHS.get(kind or 0, 1))}"
    if count <= 1:
        return f"{name}:{at // 8}.{at % 8}"
    return f"{name}:{span(at // 8, (at + count - 1) // 8 - at // 8 + 1)}"


def _watched(item: Node) -> str:
    """A variable of a programmer function's table."""
    kind, block, at, count = (
        item.num(f"s7comm.varstat.req.{part}") or 0
        for part in ("memory_area", "db_number", "startaddress", "repetition_factor")
    )
    area = kind >> 4
    name = f"data_block:{block}" if area == 7 else TABLE_AREAS[area]
    if kind in (0x54, 0x64):
        return f"{name}:{span(at, count)}"
    if kind & 15 == 0:
        return f"{name}:{at}.{item.num('s7comm.varstat.req.bitpos') or 0}"
    return f"{name}:{span(at, count * (0, 1, 2, 4)[kind & 15])}"


def _variables(pdu: Node) -> list[str]:
    return [_variable(item) for item in pdu.all("s7comm.param.item")]


def _job(pdu: Node, session: Session) -> tuple[str, list[str]]:
    code = pdu.num("s7comm.param.func")
    assert code is not None
    if code in (4, 5):
        return JOBS[code], _variables(pdu) or [""]
    if code == 0x28:
        service = pdu.get("s7comm.param.pistart.servicename") or ""
        plain = "plc_control_" + re.sub(r"[^A-Za-z0-9]+", "", service).lower()
        name = SERVICES_INVOKED.get(service, plain.removesuffix("_"))
        blocks = [_block(n.show) for n in pdu.all("s7comm.param.blockcontrol.filename")]
        return name, blocks or [""]
    if 0x1A <= code <= 0x1F:
        number = pdu.num("s7comm.data.blockcontrol.uploadid")
        if filename := pdu.get("s7comm.param.blockcontrol.filename"):
            session.block = _block(filename)
        elif number in session.uploads:
            session.block = session.uploads[number]
        if code == 0x1D:
            session.asked = session.block
        return JOBS[code], [session.block]
    return JOBS.get(code, f"function_0x{code:02x}"), [""]


def _user(pdu: Node, session: Session) -> tuple[str, list[str]]:
    group = pdu.num("s7comm.param.userdata.funcgroup") or 0
    code = pdu.num("s7comm.param.userdata.subfunc") or 0
    unnamed = f"{GROUPS.get(group, 'unknown')}_0x{code:02x}"
    name = USER_FUNCTIONS.get(group, {}).get(code, unnamed)
    if pdu.num("s7comm.param.userdata.type") == PUSH:
        return name, [""]
    if name == "read_szl":
        sequence = pdu.num("s7comm.param.userdata.seq_num") or 0
        identity = pdu.num("s7comm.data.userdata.szl_id")
        session.status = (
            session.parts.get(sequence, "") if identity is None else f"szl:0x{identity:04x}"
        )
        return name, [session.status]
    if name in ("list_blocks_of_type", "get_block_info"):
        kind = pdu.get("s7comm.blockinfo.blocktype")
        number = pdu.get("s7comm.data.blockinfo.block_number")
        named = BLOCKS.get(kind or "", kind or "")
        return name, [named if number is None else f"{named}:{int(number)}"]
    if group == 1 and code in (2, 8, 9):
        return name, [_watched(i) for i in pdu.all("s7comm.param.item")] or [""]
    return name, _variables(pdu) or [""]


def _learn(pdu: Node, session: Session) -> None:
    """What a reply tells that later requests refer to."""
    if pdu.num("s7comm.param.func") == 0x1D and session.asked:
        number = pdu.num("s7comm.data.blockcontrol.uploadid")
        if number:
            session.uploads[number], session.asked = session.asked, ""
    if pdu.num("s7comm.param.userdata.type") == 8 and pdu.num("s7comm.param.userdata.lastdataunit"):
        session.parts[pdu.num("s7comm.param.userdata.seq_num") or 0] = session.status


def _selector(called: str) -> str:
    raw = bytes.fromhex(called.replace(":", ""))
    shown = raw.decode("latin-1") if re.fullmatch(rb"[ -~]+", raw) else raw.hex()
    return f"tsap:{shown}" if shown else ""


def _of_slot(called: str) -> bool:
    raw = bytes.fromhex(called.replace(":", ""))
    return re.fullmatch(rb"[\x01-\x03\x10-\x1f].|SIMATIC-.*", raw, re.S) is not None


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Requests and pushes; a controller's jobs count for whom it asks as well."""
    sessions: dict[str, Session] = defaultdict(Session)
    calls: dict[str, Operation] = {}
    for frame in frames:
        back = frame.sport == PORT and frame.dport != PORT
        client, server = (frame.dst, frame.src) if back else (frame.src, frame.dst)
        for cotp in frame.of("cotp"):
            if cotp.num("cotp.type") == 0x0E:
                called = cotp.get("cotp.dst-tsap-bytes") or ""
                call = Operation(client, server, "", "cotp_connection_request", _selector(called))
                if _of_slot(called):
                    yield call
                else:
                    calls[frame.stream] = call
        for pdu in frame.of("s7comm"):
            session = sessions[frame.stream]
            if frame.stream in calls:
                yield calls.pop(frame.stream)
            kind = pdu.num("s7comm.header.rosctr")
            if kind == JOB and pdu.has("s7comm.param.func"):
                name, objects = _job(pdu, session)
            elif kind == USER and pdu.num("s7comm.param.userdata.type") in (REQUEST, PUSH):
                name, objects = _user(pdu, session)
            else:
                _learn(pdu, session)
                continue
            for what in objects:
                yield Operation(client, server, "", name, what)
