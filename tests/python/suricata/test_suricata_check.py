"""suricata-check has nothing to say about the rules but what is excepted here, with the reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from rulekit import RULES

#: What it may say. Its codes: S is style (of one vendor's ruleset), C is a community's advice.
EXCEPTED = {
    "C100": "whose side the target is on stands in attack_target; replies make it differ by packet",
    "S802": "what the set costs is measured as a whole (make bench-suricata)",
    "S000": "addresses are any on purpose: HOME_NET of a plant is seldom right",
    "S400": "msg is OT, protocol, operation",
    "S401": "OT malware is named by what it does to the process, not by platform",
    "S402": "unknown is a protocol's own word: unknown objects, unknown function codes",
    "S405": "no file is matched",
    "S406": "names of servers are not secret",
    "S103": "it takes a colon within msg for an option's",
    "S031": "hexadecimal in either case matches the same",
    "S120": "a printable character in a content reads better than its code",
    "S121": "the same in a pcre",
    "S123": "the same, escaped",
    "S021": "Suricata chooses the longest content, which is the one meant",
    "S210": "PDUs have fixed headers: each field is anchored where it stands",
    "S211": "the same for depth",
    "S212": "the same for offset",
    "S232": "the order of nocase is free",
    "S234": "the order of detection options is free where none is relative",
    "S235": "the same for size options",
    "S020": "floods and native keywords of binary protocols have no content to match",
    "S600": "a pcre after a native keyword is tried only where that matched",
    "S601": "the buffers are single fields or short PDUs",
    "S511": "a rule that marks a flow may be worth an alert itself",
    "C000": "the mark is meant for every match, the alert for the first",
}


#: The same of twins, which are made from the other rules and found by the port in the header.
TWINS = {
    "ot-midstream": {
        "S010": "a twin goes from the header back to the payload",
        "S222": "the original's flowbits and flow options follow the port",
        "S231": "what the rule looks at follows the port",
    }
}


@pytest.mark.parametrize("path", sorted(RULES.glob("*.rules")), ids=lambda p: p.stem)
def test_only_what_is_excepted(path: Path, tmp_path: Path) -> None:
    excepted = EXCEPTED.keys() | TWINS.get(path.stem, {}).keys()
    program = Path(sys.executable).with_name("suricata-check")
    done = subprocess.run(
        [str(program), "-r", str(path), "-o", str(tmp_path), "--log-level", "ERROR"],
        capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    reports = tmp_path / "suricata-check.jsonl"
    assert reports.exists(), done.stdout[-1000:] + done.stderr[-1000:]
    said: dict[str, list[str]] = defaultdict(list)
    rules = 0
    for line in reports.read_text(encoding="utf-8").splitlines():
        report = json.loads(line)
        rules += 1
        for issue in report.get("issues", []):
            if issue["code"] not in excepted:
                where = f"{path.name}:{report.get('line_begin')}"
                said[issue["code"]].append(f"{where}: {issue['message'][:200]}")
    assert rules == sum(t.startswith("alert ") for t in path.read_text("utf-8").splitlines())
    assert dict(said) == {}
