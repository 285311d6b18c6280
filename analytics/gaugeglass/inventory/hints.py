"""What a device's own words say of its role: device type, model, product and software names.

The words come off the wire and may lie, so they are one voice among the evidence; the voice of a
protocol made for identification is louder than a banner's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gaugeglass.inventory.confidence import SELF_REPORT
from gaugeglass.inventory.model import ROLES, Fact

#: What kind of device a type name means; the first match counts.
_TYPES: tuple[tuple[str, str], ...] = (
    (r"\bi/?o\b|remote io|(digital|analog|discrete)[ _-]?(in|out)|valve|\bdrives?\b|inverter|sensor"
     r"|actuator|encoder|transmitter|servo|motor|proximity|photoelectric", "io_device"),
    (r"human.?machine|operator[ _-]?(panel|station|terminal|interface)|\bhmi\b", "hmi"),
    (r"\brtu\b|outstation|remote terminal|protecti(on|ve)|\brelay\b|\bied\b|power meter"
     r"|bay controller", "rtu"),
    (r"gateway|protocol converter|serial server|device server", "gateway"),
    (r"camera|\bnvr\b|\bdvr\b|network video|ip.?cam", "iot_device"),
    (r"\brouter\b|firewall|\bvpn\b", "router"),
    (r"\bswitch\b|bridge", "switch"),
    (r"programmable (logic|automation)|\bplc\b|\bpac\b|controller|soft ?plc", "controller"),
    (r"historian|data archive", "historian"),
    (r"engineering (station|workstation|tool)|programming (device|tool)",
     "engineering_workstation"),
    (r"\bscada\b|supervisory|control server|master station", "scada_server"),
)  # fmt: skip

#: Product names, by the maker's families.
_PRODUCTS: tuple[tuple[str, str], ...] = (
    (r"et ?200|17(34|94|32|38)-a|point i/o|flex i/o|750-3\d\d|\bim ?15[1-9]|io.?link|powerflex"
     r"|sinamics|altivar|micromaster|advantys|\bstb ?n", "io_device"),
    (r"panelview|comfort panel|\bktp\d|\btp\d{3,4}\b|wincc (rt|runtime)|magelis|factorytalk view"
     r"|intouch|movicon|harmony hmi", "hmi"),
    (r"mgate|anybus|nport|kep(ware|server)|matrikon|hms industrial|edge gateway|neuron|node-red",
     "gateway"),
    (r"scalance x|stratix|ruggedcom|hirschmann|\beds-\d|moxa (eds|iks)|catalyst", "switch"),
    (r"scalance [ms]\d|fortigate|eagle ?\d|mguard", "router"),
    (r"step ?7|tia portal|studio 5000|rslogix|rslinx|unity pro|control expert|gx works"
     r"|cx-programmer|codesys development|automation studio|ua ?expert", "engineering_workstation"),
    (r"historian|\bpi (server|data|interface)|canary labs", "historian"),
    (r"ignition|geo ?scada|clearscada|citect|\bifix\b|wincc|zenon|genesis64|intellution|\bscada\b",
     "scada_server"),
    (r"\bcpu ?(3|4|12|15)\d\d|s7-(2|3|4|12|15)00|simatic s7|controllogix|compactlogix|micrologix"
     r"|guardlogix|17(56|68|69|66|62|63)-l|micro8\d\d|modicon|\bbm(x|ep)|\btsx|\bm(221|241|251|258"
     r"|340|580)\b|750-8\d\d|\bcj[12]\w|melsec|\bac ?500|pacdrive|x20 ?cp|\bplc\b|\bopenplc",
     "controller"),
    (r"\bsel-\d|relion|\bre[cfltd]6\d\d|multilin|siprotec|\brtu|dnp3 outstation", "rtu"),
    (r"hikvision|dahua|foscam|\bipcam|ip.?camera|axis .*camera|shelly|tasmota|esp(8266|32)|boa/0",
     "iot_device"),
)  # fmt: skip

#: Role hints that are not roles: what Zeek's ``known_modbus`` calls the two sides.
_ROLE_WORDS: dict[str, tuple[str, int]] = {
    "modbus_slave": ("controller", 60), "modbus_server": ("controller", 60),
    "modbus_master": ("hmi", 40), "modbus_client": ("hmi", 40),
}  # fmt: skip

_TYPES_RE = [(re.compile(p, re.IGNORECASE), r) for p, r in _TYPES]
_PRODUCTS_RE = [(re.compile(p, re.IGNORECASE), r) for p, r in _PRODUCTS]
#: One search that says whether any product is named, for the many values that name none.
_ANY_PRODUCT = re.compile("|".join(p for p, _ in _PRODUCTS), re.IGNORECASE)
_PRODUCT_FIELDS = (
    "model", "application", "software", "description", "name", "product_code", "hostname",
)  # fmt: skip

#: Makers of little but cameras and gadgets, by any vendor claim.
CAMERA_MAKERS = re.compile(
    r"hikvision|dahua|axis communications|hanwha|vivotek|foscam|mobotix|reolink|amcrest|avigilon"
    r"|uniview|geovision|arecont",
    re.IGNORECASE,
)
#: Makers of controllers, outstations and building automation.
CONTROLLER_MAKERS = re.compile(
    r"siemens|rockwell|allen.?bradley|schneider|telemecanique|modicon|wago|beckhoff|phoenix contact"
    r"|omron|mitsubishi electric|\babb\b|hitachi energy|honeywell|emerson|yokogawa|delta controls"
    r"|johnson controls|automated logic|elau|b&r industrial|bernecker|schweitzer|general electric"
    r"|ge fanuc|keyence|bosch rexroth|festo|hollysys|unitronics|opto ?22|koyo|automationdirect"
    r"|saia|sauter|kieback|distech|tridium|trane|reliable controls|vipa|lenze|sick ag",
    re.IGNORECASE,
)
#: Makers of little but network equipment.
NETWORK_MAKERS = re.compile(
    r"cisco|hirschmann|ruggedcom|westermo|juniper|aruba|extreme networks|mikrotik|ubiquiti"
    r"|allied telesis|netgear|huawei tech|brocade|hewlett packard enterprise|korenix|belden",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hint:
    """A role that an asset's words speak for."""

    role: str
    score: int
    why: str


def hints(facts: tuple[Fact, ...]) -> list[Hint]:
    """What ``facts`` say, the loudest of each role."""
    best: dict[str, Hint] = {}
    for fact in facts:
        hint = _hint(fact)
        if hint and (hint.role not in best or hint.score > best[hint.role].score):
            best[hint.role] = hint
    return [best[r] for r in ROLES if r in best]


def _hint(fact: Fact) -> Hint | None:
    text = fact.value[:200]
    if fact.attribute == "role_hint":
        word = text.strip().lower().replace(" ", "_").replace("-", "_")
        role, score = (word, 72) if word in ROLES else _ROLE_WORDS.get(word, ("", 0))
    elif fact.attribute == "device_type":
        role, score = next((r for p, r in _TYPES_RE if p.search(text)), ""), 88
    elif fact.attribute in _PRODUCT_FIELDS:
        if not _ANY_PRODUCT.search(text):
            return None
        role, score = next((r for p, r in _PRODUCTS_RE if p.search(text)), ""), 82
        if fact.attribute in ("name", "hostname", "description"):
            score = 66  # free text that somebody typed
    else:
        return None
    if not role:
        return None
    if fact.confidence < SELF_REPORT and fact.attribute != "role_hint":
        score = min(score * 3 // 4, 61)
    shown = text if len(text) <= 40 else text[:39] + "…"
    return Hint(role, score, f"says {fact.attribute} “{shown}” ({fact.source})")


def made_by(facts: tuple[Fact, ...], makers: re.Pattern[str]) -> str | None:
    """The vendor claim that matches ``makers``."""
    return next(
        (f.value for f in facts if f.attribute == "vendor" and makers.search(f.value[:200])), None
    )
