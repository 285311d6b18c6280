"""State-changing operations that tshark can name, and the techniques an alert of each may show.

An operation is a display filter that matches its requests. A technique fits by itself, by its
parent or by a sub-technique.
"""

from __future__ import annotations

from dataclasses import dataclass

WRITE = ("T0836", "T1692.001", "T0831", "T0832", "T0835", "T0806")
STOP = ("T0858", "T0881", "T0816", "T0826", "T0813", "T1692.001")
START = ("T0858", "T0816", "T0889", "T1692.001")
RESTART = ("T0816", "T0814")
DOWNLOAD = ("T0843", "T0889", "T0821", "T0867")
DELETE = ("T0809", "T0872", "T0889", "T0843")
TIME = ("T0836", "T0831", "T1692.001", "T0814")
COMMAND = ("T1692.001", "T0831", "T0836", "T0806", "T0813")
SUPPRESS = ("T1691.002", "T0878", "T0838", "T0814", "T1691")
CONFIG = ("T0836", "T0889", "T0821", "T0838", "T0878", "T0858", "T1691.002")
FILES = ("T0867", "T0843", "T0889", "T0809", "T0872", "T1693.001", "T1693.002")
FORCE = ("T0835", "T0831", "T1692.001", "T0836", "T0806")
MODE = ("T0858", "T0868", "T0816")


@dataclass(frozen=True)
class Operation:
    """What tshark is asked for, and what an alert on the same flow should say it is."""

    protocol: str
    name: str
    filter: str
    techniques: tuple[str, ...]


def _numbered(
    protocol: str, field: str, also: str, entries: dict[str, tuple[str, tuple[str, ...]]]
) -> list[Operation]:
    """Operations that differ by the value of one field."""
    return [
        Operation(protocol, name, f"({field} == {value}{also})", techniques)
        for value, (name, techniques) in entries.items()
    ]


_MODBUS = _numbered(
    "modbus",
    "modbus.func_code",
    " && mbtcp && tcp.dstport == 502",
    {
        "5": ("write single coil", WRITE),
        "6": ("write single register", WRITE),
        "15": ("write multiple coils", WRITE),
        "16": ("write multiple registers", WRITE),
        "21": ("write file record", (*WRITE, *FILES)),
        "22": ("mask write register", WRITE),
        "23": ("read/write multiple registers", WRITE),
    },
)
_MODBUS += _numbered(
    "modbus",
    "modbus.diagnostic_code",
    " && tcp.dstport == 502",
    {
        "1": ("diagnostics: restart communications", RESTART),
        "4": ("diagnostics: force listen only", (*SUPPRESS, "T0816", "T0826")),
        "10": ("diagnostics: clear counters", ("T0872", "T0809", "T0814", "T0836")),
    },
)

_DNP3 = _numbered(
    "dnp3",
    "dnp3.al.func",
    "",
    {
        "2": ("write", (*WRITE, *CONFIG, *FILES)),
        "3": ("select", COMMAND),
        "4": ("operate", COMMAND),
        "5": ("direct operate", COMMAND),
        "6": ("direct operate, no reply", COMMAND),
        "7": ("freeze", (*COMMAND, "T0832")),
        "8": ("freeze, no reply", (*COMMAND, "T0832")),
        "9": ("freeze and clear", (*COMMAND, "T0832", "T0809")),
        "10": ("freeze and clear, no reply", (*COMMAND, "T0832", "T0809")),
        "13": ("cold restart", RESTART),
        "14": ("warm restart", RESTART),
        "15": ("initialise data", (*CONFIG, "T0809", "T0816")),
        "16": ("initialise application", (*START, *STOP)),
        "17": ("start application", START),
        "18": ("stop application", STOP),
        "19": ("save configuration", CONFIG),
        "20": ("enable unsolicited", (*CONFIG, *COMMAND, "T0801", "T0802")),
        "21": ("disable unsolicited", SUPPRESS),
        "22": ("assign class", (*CONFIG, *SUPPRESS)),
        "27": ("delete file", DELETE),
        "31": ("activate configuration", (*CONFIG, *DOWNLOAD)),
    },
)
_DNP3 += [
    Operation(
        "dnp3", "open file for writing", "dnp3.al.func == 25 && dnp3.al.file.mode >= 2", FILES
    )
]

_CIP = _numbered(
    "cip",
    "cip.sc",
    " && cip.rr == 0",
    {
        "0x02": ("set attributes all", (*WRITE, *CONFIG)),
        "0x04": ("set attribute list", (*WRITE, *CONFIG)),
        "0x05": ("reset", RESTART),
        "0x06": ("start", START),
        "0x07": ("stop", STOP),
        "0x08": ("create", (*DOWNLOAD, *CONFIG)),
        "0x09": ("delete", (*DELETE, *DOWNLOAD)),
        "0x10": ("set attribute single", (*WRITE, *CONFIG)),
        "0x15": ("restore", (*CONFIG, *DOWNLOAD)),
        "0x16": ("save", (*CONFIG, *DOWNLOAD)),
        "0x53": ("write tag fragmented", WRITE),
        "0x4e": ("read modify write tag", WRITE),
    },
)
# 4D is a tag's write where tags and symbols are addressed, and a block's transfer in class A1
_CIP.append(
    Operation("cip", "write tag", "cip.sc == 0x4d && cip.rr == 0 && !(cip.class == 0xa1)", WRITE)
)
_CIP += _numbered(
    "pccc",
    "cip.pccc.fnc.code_0f",
    "",
    {
        "0x00": ("word range write", WRITE),
        "0x07": ("disable forces", FORCE),
        "0x3a": ("set CPU mode", MODE),
        "0x80": ("change mode", MODE),
        "0xa9": ("protected typed write", WRITE),
        "0xaa": ("protected typed write", WRITE),
        "0x8f": ("apply port configuration", CONFIG),
        "0x52": ("download completed", DOWNLOAD),
        "0x50": ("download all request", DOWNLOAD),
        "0x57": ("initialise memory", DELETE),
    },
)

_S7 = _numbered(
    "s7comm",
    "s7comm.param.func",
    " && s7comm.header.rosctr == 1",
    {
        "0x05": ("write variable", WRITE),
        "0x1a": ("request download", DOWNLOAD),
        "0x1b": ("download block", DOWNLOAD),
        "0x1c": ("download ended", DOWNLOAD),
        "0x29": ("PLC stop", STOP),
    },
)
_S7 += _numbered(
    "s7comm",
    "s7comm.param.pistart.servicename",
    "",
    {
        '"P_PROGRAM"': ("PI: start", START),
        '"_INSE"': ("PI: activate block", DOWNLOAD),
        '"_DELE"': ("PI: delete block", DELETE),
        '"_MODU"': ("PI: copy RAM to ROM", (*DOWNLOAD, *CONFIG)),
        '"_GARB"': ("PI: compress memory", (*CONFIG, *DOWNLOAD, "T0809")),
    },
)
_S7 += [
    Operation(
        "s7comm",
        "set clock",
        "s7comm.param.userdata.funcgroup == 7 &&"
        " s7comm.param.userdata.subfunc == 2 && s7comm.param.userdata.type == 4",
        TIME,
    ),
    Operation(
        "s7comm",
        "force or modify variable",
        "s7comm.param.userdata.funcgroup == 1 &&"
        " (s7comm.param.userdata.subfunc == 2 || s7comm.param.userdata.subfunc == 16) &&"
        " s7comm.param.userdata.type == 4",
        (*FORCE, "T0801", "T0868", "T0861", "T0889"),
    ),
]

_IEC104 = _numbered(
    "iec104",
    "iec60870_asdu.typeid",
    " && iec60870_asdu.causetx == 6",
    {
        **{
            str(n): (name, COMMAND)
            for n, name in {
                45: "single command",
                46: "double command",
                47: "regulating step command",
                48: "set point, normalised",
                49: "set point, scaled",
                50: "set point, float",
                51: "bitstring command",
                58: "single command with time",
                59: "double command with time",
                60: "regulating step command with time",
                61: "set point, normalised, with time",
                62: "set point, scaled, with time",
                63: "set point, float, with time",
                64: "bitstring command with time",
            }.items()
        },
        "103": ("clock synchronisation", TIME),
        "105": ("reset process", RESTART),
        "110": ("parameter, normalised", CONFIG),
        "111": ("parameter, scaled", CONFIG),
        "112": ("parameter, float", CONFIG),
        "113": ("parameter activation", CONFIG),
    },
)

_BACNET = _numbered(
    "bacnet",
    "bacapp.confirmed_service",
    " && bacapp.type == 0",
    {
        "7": ("atomic write file", FILES),
        "8": ("add list element", (*CONFIG, *WRITE)),
        "9": ("remove list element", (*CONFIG, *WRITE, *SUPPRESS)),
        "10": ("create object", (*CONFIG, *DOWNLOAD)),
        "11": ("delete object", (*DELETE, *CONFIG)),
        "15": ("write property", (*WRITE, *CONFIG)),
        "16": ("write property multiple", (*WRITE, *CONFIG)),
        "17": ("device communication control", SUPPRESS),
        "20": ("reinitialise device", (*RESTART, *DOWNLOAD, "T0845", "T0893")),
        "0": ("acknowledge alarm", SUPPRESS),
        "27": ("life safety operation", (*COMMAND, *SUPPRESS)),
    },
)
_BACNET += _numbered(
    "bacnet",
    "bacapp.unconfirmed_service",
    "",
    {
        "6": ("time synchronisation", TIME),
        "9": ("UTC time synchronisation", TIME),
        "10": ("write group", (*WRITE, *COMMAND)),
    },
)

_OPCUA = _numbered(
    "opcua",
    "opcua.servicenodeid.numeric",
    "",
    {
        "673": ("write", WRITE),
        "700": ("history update", (*WRITE, "T0832", "T0809")),
        "712": ("call", (*COMMAND, "T0871")),
        "488": ("add nodes", CONFIG),
        "494": ("add references", CONFIG),
        "500": ("delete nodes", (*DELETE, *CONFIG)),
        "506": ("delete references", (*DELETE, *CONFIG)),
    },
)

_MMS = _numbered(
    "mms",
    "mms.confirmedServiceRequest",
    "",
    {
        "5": ("write", (*WRITE, *COMMAND)),
        "13": ("delete named variable list", (*CONFIG, *DELETE)),
        "26": ("initiate download", DOWNLOAD),
        "36": ("delete domain", DELETE),
        "40": ("start", START),
        "41": ("stop", STOP),
        "43": ("reset", RESTART),
        "44": ("kill", STOP),
        "46": ("obtain file", FILES),
        "75": ("rename file", FILES),
        "76": ("delete file", DELETE),
        "11": ("define named variable list", (*CONFIG, "T0801", "T0802", "T0861")),
    },
)

_OTHER = [
    Operation(
        "profinet",
        "write",
        "pn_io.opnum == 3 && dcerpc.pkt_type == 0 && udp",
        (*WRITE, *CONFIG, *DOWNLOAD),
    ),
    Operation(
        "profinet",
        "connect",
        "pn_io.opnum == 0 && dcerpc.pkt_type == 0 && udp",
        (*COMMAND, *CONFIG, *WRITE, "T0848", "T0843", "T0869", "T0888"),
    ),
    Operation(
        "profinet",
        "release",
        "pn_io.opnum == 1 && dcerpc.pkt_type == 0 && udp",
        (*SUPPRESS, *STOP, "T0815", "T0827", "T0814"),
    ),
    Operation("snmp", "set", "snmp.data == 3", (*WRITE, *CONFIG)),
    Operation(
        "mqtt",
        "publish to a command topic",
        "mqtt.msgtype == 3 && mqtt.topic matches"
        ' "(?i)(^|/)(cmd|cmnd|command|set|write|control)(/|$)"',
        COMMAND,
    ),
    Operation("tftp", "write request", "tftp.opcode == 2", FILES),
    *_numbered(
        "fins",
        "omron.command",
        " && (udp.dstport == 9600 || tcp.dstport == 9600)",
        {
            "0x0102": ("memory area write", WRITE),
            "0x0103": ("memory area fill", WRITE),
            "0x0202": ("parameter area write", CONFIG),
            "0x0203": ("parameter area clear", (*CONFIG, *DELETE)),
            "0x0307": ("program area write", DOWNLOAD),
            "0x0308": ("program area clear", DELETE),
            "0x0401": ("run", START),
            "0x0402": ("stop", STOP),
            "0x0403": ("reset", RESTART),
            "0x0702": ("clock write", TIME),
            "0x2301": ("forced set/reset", FORCE),
            "0x2203": ("file write", FILES),
            "0x2205": ("file delete", DELETE),
        },
    ),
    *_numbered(
        "hart-ip",
        "hart_ip.pt.command",
        " && hart_ip.message_type == 0",
        {
            str(n): (name, (*WRITE, *CONFIG))
            for n, name in {
                6: "write polling address",
                17: "write message",
                18: "write tag",
                19: "write final assembly",
                22: "write long tag",
                34: "write damping",
                35: "write range",
                36: "set upper range",
                37: "set lower range",
                40: "fixed current",
                44: "write units",
                45: "trim zero",
                46: "trim gain",
                47: "write transfer function",
            }.items()
        },
    ),
    Operation(
        "hart-ip", "device reset", "hart_ip.pt.command == 42 && hart_ip.message_type == 0", RESTART
    ),
]

OPERATIONS: tuple[Operation, ...] = (
    *_MODBUS,
    *_DNP3,
    *_CIP,
    *_S7,
    *_IEC104,
    *_BACNET,
    *_OPCUA,
    *_MMS,
    *_OTHER,
)
