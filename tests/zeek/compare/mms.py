"""MMS: every request and report with what it names, and how associations begin and end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame, Node

LAYERS = ("cotp", "ses", "mms")
SERVICES = ("mms",)
SCRIPTS = ("protocols/mms.zeek",)
ANALYZERS = ("mms",)
#: Where an association's start is not in the capture, its context 3 is MMS's, as everywhere.
OPTIONS = ("-o", 'uat:pres_context_list:"3","1.0.9506.2.3"')

PORT = 102
CALL = 0x0E
COTP = {5: "cotp_reject", 7: "cotp_tpdu_error", 8: "cotp_disconnect_request",
        12: "cotp_disconnect_confirm"}  # fmt: skip
FINISH, ABORT = 9, 25
#: Of an object so much is kept.
LONGEST = 256
NAMES = (
    "status", "get_name_list", "identify", "rename", "read", "write",
    "get_variable_access_attributes", "define_named_variable", "define_scattered_access",
    "get_scattered_access_attributes", "delete_variable_access", "define_named_variable_list",
    "get_named_variable_list_attributes", "delete_named_variable_list", "define_named_type",
    "get_named_type_attributes", "delete_named_type", "input", "output", "take_control",
    "relinquish_control", "define_semaphore", "delete_semaphore", "report_semaphore_status",
    "report_pool_semaphore_status", "report_semaphore_entry_status", "initiate_download_sequence",
    "download_segment", "terminate_download_sequence", "initiate_upload_sequence",
    "upload_segment", "terminate_upload_sequence", "request_domain_download",
    "request_domain_upload", "load_domain_content", "store_domain_content", "delete_domain",
    "get_domain_attributes", "create_program_invocation", "delete_program_invocation", "start",
    "stop", "resume", "reset", "kill", "get_program_invocation_attributes", "obtain_file",
    "define_event_condition", "delete_event_condition", "get_event_condition_attributes",
    "report_event_condition_status", "alter_event_condition_monitoring", "trigger_event",
    "define_event_action", "delete_event_action", "get_event_action_attributes",
    "report_event_action_status", "define_event_enrollment", "delete_event_enrollment",
    "alter_event_enrollment", "report_event_enrollment_status", "get_event_enrollment_attributes",
    "acknowledge_event_notification", "get_alarm_summary", "get_alarm_enrollment_summary",
    "read_journal", "write_journal", "initialize_journal", "report_journal_status",
    "create_journal", "delete_journal", "get_capability_list", "file_open", "file_read",
    "file_close", "file_rename", "file_delete", "file_directory",
)  # fmt: skip
REPORTS = ("information_report", "unsolicited_status", "event_notification")
KINDS = (
    "named_variable", "scattered_access", "named_variable_list", "named_type", "semaphore",
    "event_condition", "event_action", "event_enrollment", "journal", "domain",
    "program_invocation", "operator_station",
)  # fmt: skip
TEXTS = ("mms.domainName", "mms.programInvocationName", "mms.operatorStationName")
FILES = ("mms.fileName", "mms.filenName", "mms.sourceFile", "mms.currentFileName",
         "mms.fileSpecification", "mms.fileDelete")  # fmt: skip
OPENING = {30: 29, 31: 29, 73: 72, 74: 72}
HANDLES = {29: "mms.ulsmID", 72: "mms.frsmID"}
ASKING = {"mms.initiate_RequestPDU_element": "initiate", "mms.cancel_RequestPDU": "cancel",
          "mms.conclude_RequestPDU_element": "conclude"}  # fmt: skip


@dataclass
class Session:
    """What a connection has been asked for that later PDUs refer to."""

    call: Operation | None = None
    seen: bool = False
    #: An association was asked for: to abort it is an answer.
    initiating: bool = False
    asked: dict[tuple[str, int], str] = field(default_factory=dict)
    opened: dict[tuple[int, int], str] = field(default_factory=dict)


def _objects(node: Node) -> list[str]:
    found = []
    for n in node.all("mms.domain_specific_element", "mms.vmd_specific", "mms.aa_specific"):
        if n.name == "mms.domain_specific_element":
            found.append(f"{n.get('mms.domainId') or ''}/{n.get('mms.itemId') or ''}")
        else:
            found.append(("@" if n.name == "mms.aa_specific" else "") + n.show)
    return found


def _selection(node: Node) -> str:
    """One selection within a variable; the first of an access's own fields."""
    for n in node.all("mms.component", "mms.index", "mms.indexRange_element",
                      "mms.allElements_element"):  # fmt: skip
        if n.name == "mms.component":
            return f"${n.show}"
        if n.name == "mms.index":
            return f"[{n.show}]"
        if n.name == "mms.indexRange_element":
            low = n.num("mms.lowIndex") or 0
            count = n.num("mms.nmberOfElements") or n.num("mms.numberOfElements") or 0
            return f"[{low}-{low + max(count, 1) - 1}]"
        return "[]"
    return ""


def _way(access: Node) -> str:
    items = [n for n in access.children if n.name == "mms.AlternateAccess_item"]
    if not items:
        return ""
    here = _selection(items[0]) + ("..." if len(items) > 1 else "")
    within = next(items[0].all("mms.alternateAccess"), None)
    return here + (_way(within) if within else "")


def _variable(item: Node) -> str:
    access = next((n for n in item.children if n.name == "mms.alternateAccess"), None)
    name = (_objects(item) or [""])[0]
    for n in item.all("mms.numericAddress", "mms.symbolicAddress", "mms.unconstrainedAddress"):
        shown = n.show.replace(":", "")
        name = f"address:{'0x' if n.name == 'mms.unconstrainedAddress' else ''}{shown}"
        break
    if item.has("mms.invalidated_element"):
        name = "invalidated"
    if item.has("mms.scatteredAccessDescription"):
        name = "scattered_access"
    return name + (_way(access) if access else "")


def _variables(node: Node) -> list[str]:
    """The variables of a read, a write or a report, or the one list of them that it names."""
    listed = [_variable(n) for n in node.all("mms.listOfVariable_item_element")]
    return listed or _objects(node)[:1] or [""]


def _kind(node: Node) -> str:
    number = node.num("mms.objectClass") or 0
    kind = KINDS[number] if number < len(KINDS) else f"object_class_{number}"
    domain = node.get("mms.domainSpecific")
    if domain is not None:
        return f"{kind}:{domain}"
    return f"{kind}:@" if node.has("mms.aaSpecific_element") else kind


def _listed(node: Node) -> list[str]:
    """Objects to delete or to tell of: a list, or all of something."""
    listed = [(_objects(n) or [""])[0] for n in node.all("mms.ObjectName")]
    everything = {
        1: "@*", 2: f"{node.get('mms.domainName') or node.get('mms.domain') or ''}/*", 3: "*",
    }  # fmt: skip
    scope = node.num("mms.scopeOfDelete")
    if node.has("mms.aa_specific_element"):
        scope = 1
    elif node.has("mms.domain", "mms.vmd_element"):
        scope = 2 if node.has("mms.domain") else 3
    return listed or _objects(node)[:1] or [everything.get(scope or 0, "")]


def _subject(code: int, node: Node, session: Session) -> list[str]:
    """What a request of a service is about."""
    if code == 1:
        return [_kind(node)]
    if code in (4, 5):
        return _variables(node)
    if code == 6:
        return [_variable(node)]
    if code in (10, 13, 16, 48, 54, 61):
        return _listed(node)
    if code in OPENING:
        key = (OPENING[code], int(node.show, 0))
        return [session.opened.pop(key, "") if code in (31, 74) else session.opened.get(key, "")]
    if code in (27, 29, 36, 37, 39, 45):
        return [node.show]
    if code in (46, 72, 75, 76, 77):
        named = node if node.name in FILES else next(node.all(*FILES), None)
        items = [n.show for n in named.children if n.name == "mms.FileName_item"] if named else []
        return ["/".join(items)]
    texts = [n.show for n in node.all(*TEXTS)] if 17 <= code <= 18 or 26 <= code <= 44 else []
    return (texts or _objects(node) or [""])[:1]


def _report(node: Node, code: int) -> list[str]:
    if code != 0:
        return _objects(node)[:1] or [""]
    if node.get("mms.vmd_specific") == "RPT" and not node.has("mms.listOfVariable"):
        first = next(node.all("mms.AccessResult"), None)
        told = first and first.get("mms.data.visible-string")
        return [told or "RPT"]
    return _variables(node)


def _learn(pdu: Node, frame: Frame, session: Session) -> None:
    """What a response opens that later requests refer to."""
    code = pdu.num("mms.confirmedServiceResponse")
    handle = pdu.num(HANDLES[code]) if code in HANDLES else None
    asked = session.asked.get((frame.dst, pdu.num("mms.invokeID") or 0))
    if code is not None and handle is not None and asked:
        session.opened[code, handle] = asked


def _told(pdu: Node, frame: Frame, session: Session) -> Iterator[tuple[str, str, list[str]]]:
    """Who is the client, what is done, and with what, in one PDU of MMS."""
    back = frame.sport == PORT and frame.dport != PORT
    for part in pdu.children:
        if part.name in ASKING:
            yield frame.src, ASKING[part.name], [""]
        elif part.name == "mms.confirmed_RequestPDU_element":
            asked = next(part.all("mms.confirmedServiceRequest"), None)
            if asked and asked.children:
                code = int(asked.show)
                objects = _subject(code, asked.children[0], session)
                session.asked[frame.src, part.num("mms.invokeID") or 0] = objects[0]
                yield (frame.dst if back and code in (27, 28) else frame.src), NAMES[code], objects
        elif part.name == "mms.unconfirmed_PDU_element":
            said = next(part.all("mms.unconfirmedService"), None)
            if said:
                yield frame.dst, REPORTS[int(said.show)], _report(said, int(said.show))
        elif part.name == "mms.rejectPDU_element":
            if not part.has("mms.confirmed_requestPDU"):
                yield (frame.dst if back else frame.src), "reject", [""]
        else:
            _learn(pdu, frame, session)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Requests count for their sender, reports for whom they are sent to."""
    sessions: dict[str, Session] = defaultdict(Session)
    for frame in frames:
        session = sessions[frame.stream]
        back = frame.sport == PORT and frame.dport != PORT
        client, server = (frame.dst, frame.src) if back else (frame.src, frame.dst)
        for pdu in frame.of("mms"):
            if session.call:
                yield session.call
            session.call, session.seen = None, True
            for asker, name, objects in _told(pdu, frame, session):
                asked = frame.src if asker == frame.dst else frame.dst
                for what in objects:
                    shown = what[:LONGEST] + "..." if len(what) > LONGEST else what
                    yield Operation(asker, asked, "", name, shown)
                session.initiating = name == "initiate"
            if pdu.has("mms.initiate_ResponsePDU_element", "mms.initiate_ErrorPDU_element"):
                session.initiating = False
        kinds = [n for s in frame.of("ses") for n in s.nums("ses.type")] if session.seen else []
        if FINISH in kinds:
            yield Operation(frame.src, frame.dst, "", "release", "")
        if ABORT in kinds and not session.initiating:
            yield Operation(client, server, "", "abort", "")
        for cotp in frame.of("cotp"):
            kind = cotp.num("cotp.type")
            if kind == CALL and not session.seen:
                raw = bytes.fromhex((cotp.get("cotp.dst-tsap-bytes") or "").replace(":", ""))
                shown = raw.decode() if raw.isascii() and raw.decode().isprintable() else raw.hex()
                selector = f"tsap:{shown}" if raw else ""
                session.call = Operation(
                    client, server, "", "cotp_connection_request", selector
                )  # fmt: skip
            elif kind in COTP and session.seen:
                yield Operation(client, server, "", COTP[kind], "")
