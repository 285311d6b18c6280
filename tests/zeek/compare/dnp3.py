"""DNP3 (IEEE 1815-2012): one operation for each object header or control of a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("dnp3",)
SERVICES = ("dnp3",)
SCRIPTS = ("protocols/dnp3.zeek",)
ANALYZERS: tuple[str, ...] = ()

#: Function codes (clause 4.4) as Zeek names them.
FUNCTIONS = (
    "confirm", "read", "write", "select", "operate", "direct_operate", "direct_operate_nr",
    "immed_freeze", "immed_freeze_nr", "freeze_clear", "freeze_clear_nr", "freeze_at_time",
    "freeze_at_time_nr", "cold_restart", "warm_restart", "initialize_data", "initialize_appl",
    "start_appl", "stop_appl", "save_config", "enable_unsolicited", "disable_unsolicited",
    "assign_class", "delay_measure", "record_current_time", "open_file", "close_file",
    "delete_file", "get_file_info", "authenticate_file", "abort_file", "activate_config",
    "authenticate_req", "authenticate_req_nr",
)  # fmt: skip
RESPONSE, UNSOLICITED, AUTHENTICATION = 129, 130, 131
#: As many objects of one message as the sensor tells apart.
MOST = 100


def _objects(message: Node, asks: bool) -> Iterator[str]:
    for header in message.all("dnp3.al.obj"):
        group, variation = divmod(int(header.show, 0), 256)
        span = header.num("dnp3.al.range.start"), header.num("dnp3.al.range.stop")
        prefixed = header.num("dnp3.al.objq.prefix")
        if group == 60 and variation:
            yield f"class_{variation - 1}"
        elif group == 0:
            yield f"device_attribute.{variation}"
        elif (group, variation) == (12, 1) and prefixed and asks:
            yield from (f"crob:{n}" for n in header.nums("dnp3.al.index"))
        elif None not in span:
            yield f"g{group}v{variation}:{span[0]}-{span[1]}"
        elif group == 41:
            yield "analog_output"
        else:
            yield f"g{group}v{variation}"
        if group == 41 and asks:
            return


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Requests, unsolicited responses, and responses to what the capture doesn't have."""
    asked: set[tuple[str, str, int]] = set()
    for frame in frames:
        for message in frame.of("dnp3"):
            code = message.num("dnp3.al.func")
            if code is None:
                continue
            ends = str(message.num("dnp3.src")), str(message.num("dnp3.dst"))
            unit = "-".join(ends if message.num("dnp3.ctl.dir") else reversed(ends))
            sequence = message.num("dnp3.al.seq") or 0
            if code in (RESPONSE, AUTHENTICATION):
                key = frame.stream, unit, sequence
                if key not in asked and message.num("dnp3.al.fir"):
                    name = "response" if code == RESPONSE else "authenticate_resp"
                    yield Operation(frame.dst, frame.src, unit, name, "")
                asked.discard(key)
                continue
            asks = code != UNSOLICITED
            if asks:
                asked.add((frame.stream, unit, sequence))
            name = FUNCTIONS[code] if code < len(FUNCTIONS) else f"unknown_{code}"
            client, server = (frame.src, frame.dst) if asks else (frame.dst, frame.src)
            for what in [*_objects(message, asks)][:MOST] or [""]:
                yield Operation(
                    client, server, unit, name if asks else "unsolicited_response", what
                )
