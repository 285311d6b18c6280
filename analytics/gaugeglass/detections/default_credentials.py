"""A login with a user name that devices ship with: admin, root, operator and their kin."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    DONE,
    EVIDENCE,
    found,
    listing,
    naming,
    options,
    times,
)

#: users: names that makers set at the factory. The ledger never holds a password, so a name says
#: only that a factory account is in use.
OPTIONS = {
    "users": [
        "admin", "administrator", "root", "user", "guest", "operator", "supervisor", "service",
        "support", "default", "system", "siemens", "rockwell", "usr", "ubnt", "pi", "ics", "plc",
        "scada", "engineer", "maintenance", "test", "public", "private",
    ]
}  # fmt: skip

LOGINS = f"""
    SELECT server, list_sort(list(DISTINCT client)) AS clients,
           list_sort(list(DISTINCT service)) AS services, min(port) AS port,
           list_sort(list(DISTINCT split_part(object, ':', 2))) AS users,
           list_sort(list(DISTINCT {{'client': client, 'service': service,
                                     'operation': operation}})) AS events,
           bool_or(outcome = 'ok') AS success,
           coalesce(sum("count") FILTER (NOT ({DONE})), 0)::BIGINT AS failures, {EVIDENCE}
    FROM judged j
    WHERE (action = 'authenticate' AND starts_with(object, 'user:')
           AND list_contains($users, lower(split_part(object, ':', 2)))
        OR object IN ('community:public', 'community:private'))
      AND NOT EXISTS (FROM known_object k WHERE k.client = j.client AND k.server = j.server
                      AND k.service = j.service AND k.object = j.object)
    GROUP BY server ORDER BY server
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    users = [u.lower() for u in options(ctx, OPTIONS)["users"]]
    for row in ctx.rows(LOGINS, {"users": users}):
        server, clients = row["server"], row["clients"]
        who = name(clients[0]) if len(clients) == 1 else times(len(clients), "client")
        failures = row["failures"]
        success = row["success"] and failures
        yield found(
            row,
            (server,),
            f"{who} logged in to {name(server)} as {listing(row['users'])}, as devices ship"
            if row["success"]
            else f"{who} tried to log in to {name(server)} as {listing(row['users'])},"
            " as devices ship",
            client=clients[0] if len(clients) == 1 else None,
            service=row["services"][0],
            assets=(*clients[:20], server),
            # Guessed until it fitted: the factory password was still set.
            severity="critical" if success and failures >= 3 else _severity(ctx, row["success"]),
            covers=tuple(
                Event(e["client"], server, e["service"], None, e["operation"])
                for e in row["events"]
            ),
            observed=f"{times(row['n'], 'login')} as {listing(row['users'])} over"
            f" {listing(row['services'])}, {failures} refused",
            normal="these names were not used between them while learning"
            if ctx.learned
            else "nothing learned yet",
        )


def _severity(ctx: Context, success: bool) -> str:
    if not ctx.learned:
        return "low"
    return "medium" if success else "low"


DETECTION = Detection(
    name="default_credentials",
    title="Factory account used",
    severity="medium",
    techniques=("T1694.001", "T0859"),
    card=Card(
        meaning="Somebody uses an account that the maker set. Where its password was never"
        " changed, it stands in a manual that anybody can read.",
        check=(
            "Does the account still have its factory password? Ask whoever administers the device",
            "Who logged in, from where, and what was changed afterwards?",
            "Which other devices of this make share the account?",
        ),
        avoid=(
            "Don't try the factory password yourself on a running controller: some lock or"
            " restart after failures",
            "Don't change it without recording it where the night shift finds it",
        ),
    ),
    find=find,
    options=OPTIONS,
)
