"""How much an alert matters here, 0 to 100: the formula, in one place.

    risk = base(severity) + change + target + outside + model, at most 100

- base: info 5, low 25, medium 45, high 65, critical 80;
- change, 10: a technique that alters a process or a device rather than looks at it (tactics
  Impair Process Control, Inhibit Response Function and Impact, and the techniques that program a
  controller or change its mode);
- target, 0 to 10: the weightiest role among the assets acted on, by how directly it moves the
  process (controllers 10, operator stations 6, servers and network devices 4);
- outside, 5: the actor does not belong to the site;
- model, 0 to 5: the anomaly score times five, where a model gave one.

Severity says how bad such an event is anywhere; the other terms say how near it came to the
process at this site. Repeats do not raise the risk: a noisy alert is not a dangerous one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gaugeglass.attack.table import Technique
from gaugeglass.inventory.model import Asset

BASE: dict[str, int] = {"info": 5, "low": 25, "medium": 45, "high": 65, "critical": 80}

#: Role of the target to what it adds. Roles that are absent add nothing.
ROLE_WEIGHT: dict[str, int] = {
    "controller": 10, "rtu": 10, "io_device": 10,
    "hmi": 6, "engineering_workstation": 6, "scada_server": 6, "gateway": 6,
    "historian": 4, "switch": 4, "router": 4, "server": 4,
}  # fmt: skip

_CHANGING_TACTICS = frozenset({"TA0105", "TA0106", "TA0107"})
#: Techniques that change a controller though their tactics do not say so: Program Download,
#: Change Operating Mode, Modify Controller Tasking, Modify Program, Project File Infection.
_CHANGING_TECHNIQUES = frozenset({"T0843", "T0858", "T0821", "T0889", "T0873"})


def changes_state(technique: Technique) -> bool:
    """Whether the technique alters a process or a device."""
    return (technique.parent or technique.id) in _CHANGING_TECHNIQUES or any(
        tactic in _CHANGING_TACTICS for tactic, _ in technique.tactics
    )


def risk(
    severity: str,
    techniques: Sequence[Technique],
    involved: Sequence[str],
    client: str | None,
    score: float | None,
    assets: Mapping[str, Asset],
) -> int:
    """The formula above. ``involved``: addresses, actor first; ``assets``: by address."""
    actor = client or (involved[0] if involved else None)
    # With nobody else involved the actor is what the alert is about.
    targets = [a for a in involved if a != actor] or list(involved)
    known = [assets[a] for a in targets if a in assets]
    total = BASE[severity]
    total += 10 if any(changes_state(t) for t in techniques) else 0
    total += max((ROLE_WEIGHT.get(a.role, 0) for a in known), default=0)
    total += 5 if actor and actor in assets and not assets[actor].local else 0
    total += round(5 * score) if score is not None else 0
    return min(100, total)
