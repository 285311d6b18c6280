"""Modbus/TCP (Modbus Application Protocol Specification V1.1b3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Explained, Operation, span
from tests.zeek.tshark import Frame, Node

LAYERS = ("mbtcp", "modbus")
SERVICES = ("modbus",)
SCRIPTS = ("protocols/modbus.zeek",)
ANALYZERS = ("modbus",)
EXPLAINED = (
    Explained(
        "*fuzz-*.pcap", "", "fuzzed: where a PDU ends and the next begins is anybody's guess"
    ),
    Explained(
        "*4SICS-GeekLounge-151022-min.pcap",
        "read_write_multiple",
        "it names more registers than there are: the sensor counts it without an object",
    ),
    Explained(
        "*modbus_test_data_part1.pcap",
        "10.0.0.57 > 10.0.0.8 .* (read_coils|unknown_42) -",
        "replies that nobody asked for, on a connection that the server's port opened",
    ),
    Explained(
        "*modbus_test_data_part1.pcap",
        "10.0.0.57 > 10.0.0.8 .* read_exception_status",
        "the end of a PDU with a wrong length, which tshark takes for the beginning of another",
    ),
    Explained(
        "*modbus_test_data_part2.pcap",
        "mask_write_register",
        "a request without its masks: the sensor counts it without an object",
    ),
    Explained(
        "*mb2.pcap",
        "141.81.0.10 > 141.81.0.86 .* read_input_registers"
        " (-|input_register:(1-99|41-42|2219-2240|2258-2259))$",
        "four requests that TCP sent for the first time behind a request that it sent again, in"
        " one segment: tshark takes all of it for a repetition, and their replies for unasked",
    ),
)

#: Function codes as Zeek names them, and the table that each addresses.
FUNCTIONS = {
    1: "read_coils", 2: "read_discrete_inputs", 3: "read_holding_registers",
    4: "read_input_registers", 5: "write_single_coil", 6: "write_single_register",
    7: "read_exception_status", 8: "diagnostics", 9: "program_484", 10: "poll_484",
    11: "get_comm_event_counter", 12: "get_comm_event_log", 13: "program_584_984",
    14: "poll_584_984", 15: "write_multiple_coils", 16: "write_multiple_registers",
    17: "report_slave_id", 18: "program_884_u84", 19: "reset_comm_link_884_u84",
    20: "read_file_record", 21: "write_file_record", 22: "mask_write_register",
    23: "read_write_multiple_registers", 24: "read_fifo_queue", 40: "program_concept",
    41: "multiple_function_codes", 43: "encap_interface_transport", 90: "umas",
    91: "object_messaging", 125: "firmware_replacement", 126: "program_584_984_2",
    127: "report_local_address",
}  # fmt: skip
TABLES = {
    1: "coil", 2: "discrete_input", 3: "holding_register", 4: "input_register", 5: "coil",
    6: "holding_register", 15: "coil", 16: "holding_register", 22: "holding_register",
    23: "holding_register", 24: "holding_register",
}  # fmt: skip
#: Sub-functions of Diagnostics (6.8.1).
DIAGNOSTICS = {
    0: "return_query_data", 1: "restart_communications_option", 2: "return_diagnostic_register",
    3: "change_ascii_input_delimiter", 4: "force_listen_only_mode",
    10: "clear_counters_and_diagnostic_register", 11: "return_bus_message_count",
    12: "return_bus_communication_error_count", 13: "return_bus_exception_error_count",
    14: "return_server_message_count", 15: "return_server_no_response_count",
    16: "return_server_nak_count", 17: "return_server_busy_count",
    18: "return_bus_character_overrun_count", 20: "clear_overrun_counter_and_flag",
}  # fmt: skip


def _objects(code: int, pdu: Node) -> list[str]:
    table = TABLES.get(code)
    if code == 8:
        part = pdu.num("modbus.diagnostic_code")
        return [DIAGNOSTICS.get(part or 0, f"subfunction_{part}")]
    if code == 23:
        # What it writes names it; what it reads is an operation of its own.
        at, quantity = pdu.num("modbus.write_reference_num"), pdu.num("modbus.write_word_cnt")
    else:
        at = pdu.num("modbus.reference_num")
        quantity = pdu.num("modbus.word_cnt") or pdu.num("modbus.bit_cnt") or 1
    if table is None or at is None:
        return [""]
    return [f"{table}:{span(at, quantity or 1)}"]


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """A request each, and replies to what the capture doesn't have; the port tells which."""
    asked: set[tuple[str, int | None, str]] = set()
    for frame in frames:
        replies = frame.sport == 502 and frame.dport != 502
        heads = [(h.num("mbtcp.trans_id"), str(h.num("mbtcp.unit_id"))) for h in frame.of("mbtcp")]
        for (number, unit), pdu in zip(heads, frame.of("modbus"), strict=False):
            code = pdu.num("modbus.func_code")
            if code is None:
                continue
            name = FUNCTIONS.get(code, f"unknown_{code}")
            if code == 43 and pdu.num("modbus.mei") == 14:
                name = "read_device_identification"
            if replies:
                if (frame.stream, number, unit) not in asked:
                    yield Operation(frame.dst, frame.src, unit, name, "")
                continue
            asked.add((frame.stream, number, unit))
            for what in _objects(code, pdu):
                yield Operation(frame.src, frame.dst, unit, name, what)
