"""A controller's program was downloaded to it (changed) or uploaded from it (copied)."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Finding
from gaugeglass.detections.common import acts, found, habit, listing, naming, severity, times

#: What was done with the program, by the words in the operation's name; a transfer that says
#: neither is taken for the dangerous one.
DIRECTION = """
    CASE WHEN regexp_matches(operation, 'upload|read|compare|retrieve|backup|^store_') THEN 'upload'
         WHEN regexp_matches(operation, 'delete|erase|clear') THEN 'delete'
         WHEN regexp_matches(operation, 'online|edit') THEN 'online edit'
         WHEN regexp_matches(operation, 'append|insert') THEN 'append'
         ELSE 'download' END
"""

TECHNIQUES: dict[str, tuple[str, ...]] = {
    "upload": ("T0845",),
    "delete": ("T0809", "T0889"),
    "online edit": ("T0843", "T0843.002", "T0889"),
    "append": ("T0843", "T0843.003", "T0889"),
    "download": ("T0843", "T0889"),
}
VERBS = {
    "upload": ("copied the program out of", "tried to copy the program out of"),
    "delete": ("deleted program blocks in", "tried to delete program blocks in"),
    "online edit": ("edited the running program of", "tried to edit the running program of"),
    "append": ("added program blocks to", "tried to add program blocks to"),
    "download": ("downloaded a program to", "tried to download a program to"),
}


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    rows = acts(ctx, "program", DIRECTION)
    # A download ends with inserting what it brought: one transfer, not two.
    downloads = {(r["client"], r["server"], r["service"]) for r in rows if r["part"] == "download"}
    for row in rows:
        part, conduit = row["part"], (row["client"], row["server"], row["service"])
        if part == "append" and conduit in downloads:
            continue
        if part == "upload" and row["known"]:
            continue  # a backup job that ran while learning
        yield found(
            row,
            (*conduit, part),
            f"{name(row['client'])} {VERBS[part][not row['done']]} {name(row['server'])}"
            f" over {row['service']}",
            severity=severity(row, "medium" if part == "upload" else "critical", "medium", "low"),
            techniques=TECHNIQUES[part],
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])}"
            + (f" of {listing(row['objects'])}" if any(row["objects"]) else "")
            + f" (outcome {listing(row['outcomes'])})",
            normal=habit(row, ctx.learned),
        )


DETECTION = Detection(
    name="program_transfer",
    title="Controller program transferred",
    severity="high",
    techniques=("T0843", "T0845"),
    card=Card(
        meaning="A download replaces or changes the logic that runs the machine; an upload copies"
        " it, which is how an intruder learns how the process works before changing it.",
        check=(
            "Is there a change order for this controller at this hour, and who holds it?",
            "Compare the controller's program with the last released backup, offline",
            "Which blocks were transferred: safety, startup and communication blocks matter most",
            "Is the client the station that engineering normally uses for this controller?",
        ),
        avoid=(
            "Don't download the backup over it at once: save what is in the controller first",
            "Don't go online with the engineering tool in a mode that can write",
            "Don't stop the controller to be safe unless operations says the process allows it",
        ),
    ),
    find=find,
    rank=1,
)
