"""The response card for what a sensor's rule says it matched (``ot_operation`` in its metadata).

What to check after a stop is the same whoever noticed it, so the cards are those of the detections
that ask the ledger for the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping

from gaugeglass.detections import (
    broadcast_discovery,
    controller_mode_change,
    default_credentials,
    device_restart,
    firmware_update,
    flood,
    identity_enumeration,
    object_enumeration,
    program_transfer,
    protocol_violations,
    remote_access,
    reporting_suppressed,
    write_by_new_client,
)
from gaugeglass.detections.base import Card

CARDS: Mapping[str, Card] = {
    "discover": broadcast_discovery.DETECTION.card,
    "identify": identity_enumeration.DETECTION.card,
    "diagnose": identity_enumeration.DETECTION.card,
    "read": object_enumeration.DETECTION.card,
    "report": object_enumeration.DETECTION.card,
    "write": write_by_new_client.DETECTION.card,
    "force": write_by_new_client.DETECTION.card,
    "command": write_by_new_client.DETECTION.card,
    "mode": controller_mode_change.DETECTION.card,
    "stop": controller_mode_change.DETECTION.card,
    "start": controller_mode_change.DETECTION.card,
    "program": program_transfer.DETECTION.card,
    "firmware": firmware_update.DETECTION.card,
    "restart": device_restart.DETECTION.card,
    "suppress": reporting_suppressed.DETECTION.card,
    "authenticate": default_credentials.DETECTION.card,
    "remote_access": remote_access.DETECTION.card,
    "malformed": protocol_violations.DETECTION.card,
    "flood": flood.DETECTION.card,
    "time": Card(
        meaning="A device's clock was set over the network. Records of events no longer line up,"
        " and what runs by the clock (schedules, tariffs, time-stamped commands) shifts with it.",
        check=(
            "Is the client the site's time source, or the device's own master?",
            "Compare the device's clock with the site's: how far off is it, and since when?",
            "Which events were recorded around the change, and in which order did they happen?",
        ),
        avoid=(
            "Don't set the clock back before the event records are saved: they can't be ordered"
            " afterwards",
        ),
    ),
    "file": Card(
        meaning="A file on the device was opened, written, renamed or deleted over the network."
        " Programs, recipes, configurations and event records are files on many controllers.",
        check=(
            "Which file, and what does the device do with it: configuration, program, record?",
            "Is it planned work from an engineering station, or a backup that runs every night?",
            "Compare the device's files with the last released backup, offline",
        ),
        avoid=(
            "Don't restart the device: it may load the changed file when it starts",
            "Don't copy the backup over it at once: the changed file is evidence",
        ),
    ),
    "exploit": Card(
        meaning="The messages use a fault in a device's or computer's software to run something"
        " on it. Whether that worked is not seen here; what the target does next tells.",
        check=(
            "Is the target's software a version with this fault?",
            "Does the target open new connections, restart, or answer differently since then?",
            "Is the sender a scanner of your own, and was the scan agreed for this network?",
        ),
        avoid=(
            "Don't patch or restart a controller in the middle of a batch without operations",
            "Don't isolate the target before the process can run without it",
        ),
    ),
    "malware": Card(
        meaning="The messages are those of a known attack tool made for plants like this one. It"
        " was brought here on purpose, and acts on the process, not on data.",
        check=(
            "Who can put the process into a safe state by hand, and is that person told?",
            "What do the controllers do now: modes, outputs, protection relays?",
            "Which computer sent it, and which others has that computer reached?",
        ),
        avoid=(
            "Don't trust the screens: read values on site",
            "Don't wipe the sender: its memory and disk are the evidence of how they came in",
        ),
    ),
}


def card(operation: str | None) -> Card | None:
    """The card for an operation; None where the rule says none or one that is not known."""
    return CARDS.get(operation or "")
