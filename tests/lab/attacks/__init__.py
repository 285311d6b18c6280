"""The attacks, one a file.

Each module says TITLE, TECHNIQUES (ATT&CK for ICS v19.1, primary first), ORIGIN
(the host it is run from), ENTITIES (hosts, actor first), EVIDENCE (a tshark
filter that finds its packets, see judge.py) and has `run(node)`, which is
bounded in count and time. A label covers run() alone, so what takes long to
load is imported at the top.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

# The order of the standard run: as an intrusion would unfold.
ORDER = (
    "vendor_remote_access",
    "c2_beacon",
    "office_pivot",
    "port_scan",
    "identity_enumeration",
    "modbus_function_scan",
    "cip_tag_enumeration",
    "s7_program_upload",
    "modbus_unauthorised_write",
    "opcua_browse_write",
    "mqtt_command_publish",
    "bacnet_write",
    "cip_tag_write",
    "camera_default_login",
    "telnet_spread",
    "modbus_brute_force",
    "s7_program_download",
    "s7_stop_start",
    "cip_reset",
    "bacnet_reinitialize",
    "iec104_commands",
    "dnp3_rogue_operate",
    "dnp3_disable_unsolicited",
    "dnp3_cold_restart",
    "firmware_update",
    "exfiltration",
    "modbus_flood",
    "arp_spoof",
    "device_silent",
)
# Families that nothing was tuned on: `run --held-out` stages them instead of the standard ones.
HELD_OUT = (
    "hmi_setpoint_range",
    "historian_register_walk",
    "hmi_fast_polls",
    "s7_delete_and_clock",
    "dnp3_time_and_files",
    "opcua_login_guessing",
    "bacnet_search_and_clock",
    "iec104_reset_and_parameter",
    "mqtt_topic_sweep",
    "dns_tunnel",
    "snmp_walk",
)
# What leaves the plant changed stays at the end of any order.
LAST = ("arp_spoof", "device_silent")


@dataclass(frozen=True)
class Attack:
    """What a module says about itself."""

    name: str
    title: str
    techniques: tuple[str, ...]
    origin: str
    entities: tuple[str, ...]
    evidence: str


def load(name: str) -> Attack:
    """Read one attack's constants."""
    module = importlib.import_module(f"{__name__}.{name}")
    return Attack(
        name, module.TITLE, module.TECHNIQUES, module.ORIGIN, module.ENTITIES, module.EVIDENCE
    )
