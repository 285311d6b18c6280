"""Suricata rules as data: header, options in order, and what their metadata says.

The grammar is Suricata's: ``action protocol source ports direction target ports (options)``, an
option ends at a ``;`` that no backslash escapes, metadata is a comma-separated list of pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gaugeglass.errors import Told

#: The sids the rules may use: a thousand a protocol.
OURS = range(1_920_000, 1_951_000)

#: The file of second forms of rules in other files (see :mod:`~gaugeglass.rules.midstream`).
TWINS = "ot-midstream.rules"

#: What a rule's ``ot_operation`` may say it matched.
OPERATIONS: tuple[str, ...] = (
    "discover", "identify", "read", "write", "force", "command", "mode", "stop", "start", "program",
    "firmware", "restart", "time", "suppress", "file", "authenticate", "diagnose", "report",
    "remote_access", "exploit", "malware", "malformed", "flood",
)  # fmt: skip

#: ``signature_severity``, the worst first.
SEVERITIES: tuple[str, ...] = ("Critical", "Major", "Minor", "Informational")

_RULE = re.compile(
    r"^(?P<off>#\s*)?(?P<action>alert|pass|drop|reject\w*|config)\s+(?P<protocol>\S+)\s+"
    r"(?P<source>\[[^\]]*\]|\S+)\s+(?P<source_ports>\[[^\]]*\]|\S+)\s+(?P<direction>->|<>|=>)\s+"
    r"(?P<target>\[[^\]]*\]|\S+)\s+(?P<target_ports>\[[^\]]*\]|\S+)\s+\((?P<options>.*)\)\s*$"
)
_END = re.compile(r"(?<!\\);")


class RuleError(Told, ValueError):
    """A line that looks like a rule and is none; says file, line and reason."""


@dataclass(frozen=True)
class Rule:
    """One rule, as it stands on one line of a file."""

    file: Path
    line: int
    text: str
    enabled: bool
    action: str
    protocol: str
    source: str
    source_ports: str
    direction: str
    target: str
    target_ports: str
    options: tuple[tuple[str, str | None], ...]  # in order; a keyword without a value has None

    def option(self, name: str) -> str | None:
        """The value of the first option of this name."""
        return next((value for key, value in self.options if key == name), None)

    @cached_property
    def sid(self) -> int:
        """Its id."""
        return int(self.option("sid") or 0)

    @cached_property
    def rev(self) -> int:
        """Its revision; 0 where it has none."""
        return int(self.option("rev") or 0)

    @cached_property
    def msg(self) -> str:
        """Its text, unquoted and unescaped."""
        return re.sub(r"\\(.)", r"\1", (self.option("msg") or "").strip('"'))

    @cached_property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Pairs in order; keys repeat where a rule shows several techniques."""
        pairs = (pair.strip() for pair in (self.option("metadata") or "").split(","))
        return tuple(
            (key, value.strip()) for key, _, value in (p.partition(" ") for p in pairs) if key
        )

    def meta(self, key: str) -> str | None:
        """The first value of a metadata key."""
        return next(iter(self.metas(key)), None)

    def metas(self, key: str) -> tuple[str, ...]:
        """All values of a metadata key, in order."""
        return tuple(value for name, value in self.metadata if name == key)

    @property
    def ot_protocol(self) -> str | None:
        """Its protocol by the metadata, ``modbus``."""
        return self.meta("ot_protocol")

    @property
    def operation(self) -> str | None:
        """One of :data:`OPERATIONS`."""
        return self.meta("ot_operation")

    @property
    def severity(self) -> str | None:
        """One of :data:`SEVERITIES`."""
        return self.meta("signature_severity")

    @property
    def techniques(self) -> tuple[str, ...]:
        """ATT&CK ids, the primary one first."""
        return self.metas("mitre_technique_id")


def parse(text: str, file: Path, line: int) -> Rule | None:
    """The rule on one line; None for a blank line or a comment that is no disabled rule.

    :raises RuleError: it is neither
    """
    stripped = text.strip()
    match = _RULE.match(stripped)
    if match is None:
        if not stripped or stripped.startswith("#"):
            return None
        raise RuleError(f"{file}:{line}: this is no rule: {stripped[:80]}")
    parts = match.groupdict()
    options: list[tuple[str, str | None]] = []
    for raw in _END.split(parts["options"]):
        option = raw.strip()
        if not option:
            continue
        name, colon, value = option.partition(":")
        options.append((name.strip(), value.strip() if colon else None))
    sid = dict(options).get("sid")
    if sid is None or not sid.isdecimal():
        if parts["off"]:
            return None  # a comment that speaks of a rule
        raise RuleError(f"{file}:{line}: a rule without a sid")
    return Rule(
        file, line, stripped, not parts["off"], parts["action"], parts["protocol"],
        parts["source"], parts["source_ports"], parts["direction"], parts["target"],
        parts["target_ports"], tuple(options),
    )  # fmt: skip


def read_file(path: Path) -> Iterator[Rule]:
    """The rules of a file, disabled ones too."""
    with path.open(encoding="utf-8") as lines:
        for number, text in enumerate(lines, 1):
            rule = parse(text, path, number)
            if rule is not None:
                yield rule


def read(folder: Path) -> list[Rule]:
    """All enabled rules of a folder's ``*.rules`` files, by sid; twins (:data:`TWINS`) left out."""
    files = (path for path in sorted(folder.glob("*.rules")) if path.name != TWINS)
    rules = (rule for path in files for rule in read_file(path))
    return sorted((rule for rule in rules if rule.enabled), key=lambda rule: rule.sid)
