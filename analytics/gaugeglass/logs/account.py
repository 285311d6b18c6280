"""Row accounting: every row of every log is used, ignored by design, or rejected with a reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

MAX_SAMPLES = 20
MAX_EXCERPT = 160
MAX_REMARKS = 20
NO_HOST = "row names no host"

#: Logs whose rows may hold a password (ICSNPP's BACnet, OPC UA, ROC Plus and C12.22, Zeek's HTTP,
#: FTP, SNMP and MQTT, all of EVE): of a rejected row, only its place and the reason are kept.
MAY_HOLD_SECRETS = (
    "http", "ftp", "snmp", "mqtt", "bacnet_device", "opcua_binary_activate", "roc_plus", "c1222",
    "telnet", "login", "smtp", "imap", "pop3", "sip", "irc", "socks", "mysql", "redis",
    "postgresql", "eve",
)  # fmt: skip
WITHHELD = "(not shown: such a row may hold a password)"


_CONTROL = re.compile("[\x00-\x1f\x7f]")


def printable(text: str) -> str:
    """``text`` with control characters written as ``\\xNN``, as Zeek's ASCII writer does."""
    return _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", text)


@dataclass(frozen=True)
class Reject:
    """One row (or the rest of a file) that could not be used. ``line`` is 1-based; 0: the file."""

    file: str
    line: int
    reason: str
    excerpt: str = ""


@dataclass
class Account:
    """What became of one log's rows. ``read == used + ignored + rejected`` always holds."""

    file: str
    kind: str
    format: str
    used: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    samples: list[Reject] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What happened to the file as a whole: a broken tail, a second header, an empty file."""
    withhold: bool = False
    """Show no row: rows of other kinds stand among these."""

    @property
    def read(self) -> int:
        """Rows read."""
        return self.used + self.ignored.total() + self.rejected.total()

    def reject(self, line: int, reason: str, excerpt: bytes | str = "", rows: int = 1) -> None:
        """Count ``rows`` rejected rows and keep a bounded number of samples."""
        if rows <= 0:
            return
        self.rejected[reason] += rows
        if len(self.samples) < MAX_SAMPLES:
            if excerpt and (self.withhold or _secretive(self.kind)):
                excerpt = WITHHELD
            if isinstance(excerpt, bytes):
                excerpt = excerpt[:MAX_EXCERPT].decode("utf-8", "backslashreplace")
            shown = printable(excerpt[:MAX_EXCERPT])[:MAX_EXCERPT]
            self.samples.append(Reject(self.file, line, reason, shown))

    def remark(self, text: str) -> None:
        """Keep a remark on the file as a whole, but a bounded number of them."""
        if len(self.remarks) < MAX_REMARKS and text not in self.remarks:
            self.remarks.append(text)

    def ignore(self, rows: int, reason: str) -> None:
        """Count rows ignored by design."""
        if rows:
            self.ignored[reason] += rows

    def merge(self, other: Account) -> None:
        """Add another account of the same log."""
        self.used += other.used
        self.ignored.update(other.ignored)
        self.rejected.update(other.rejected)
        self.samples = (self.samples + other.samples)[:MAX_SAMPLES]
        for text in other.remarks:
            self.remark(text)


def _secretive(kind: str) -> bool:
    return kind == "" or any(kind.startswith(prefix) for prefix in MAY_HOLD_SECRETS if prefix)
