"""A login with a user name that devices ship with: admin, root, operator and their kin."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import found, listing, naming, options, text

#: users: names that makers set at the factory. The ledger never holds a password, so a name says
#: only that a factory account is in use.
OPTIONS = {
    "users": [
        "admin", "administrator", "root", "user", "guest", "operator", "supervisor", "service",
        "support", "default", "system", "siemens", "rockwell", "usr", "ubnt", "pi", "ics", "plc",
        "scada", "engineer", "maintenance", "test", "public", "private",
    ]
}  # fmt: skip

USERS = """
    SELECT asset AS server, list_sort(list(DISTINCT value)) AS users, sum("count")::BIGINT AS n,
           min("first") AS "first", max("last") AS "last", min(uid_min) AS uid_min,
           max(uid_min) AS uid_max
    FROM judged_claims c
    WHERE attribute = 'user' AND list_contains($users, lower(value))
      AND NOT EXISTS (FROM claims k WHERE k.attribute = 'user' AND k.asset = c.asset
                      AND k.value = c.value AND k."first" < $since)
    GROUP BY asset ORDER BY asset
"""

LOGINS = """
    SELECT client, service, min(port) AS port, bool_or(outcome = 'ok') AS success,
           list_sort(list(DISTINCT operation)) AS operations
    FROM judged
    WHERE server = ? AND action = 'authenticate' AND "last" >= ? AND "first" <= ?
    GROUP BY client, service ORDER BY success DESC NULLS LAST, client, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    users = [u.lower() for u in options(ctx, OPTIONS)["users"]]
    for row in ctx.rows(USERS, {"users": users, "since": ctx.since}):
        server = row["server"]
        logins = ctx.rows(LOGINS, server, row["first"], row["last"])
        clients = sorted({r["client"] for r in logins})
        client = clients[0] if len(clients) == 1 else None
        success = any(r["success"] for r in logins)
        yield found(
            row,
            (server,),
            f"{name(client) if client else 'Somebody'} logs in to {name(server)} as"
            f" {listing(row['users'])}, a name that devices ship with",
            client=client,
            service=logins[0]["service"] if logins else None,
            port=logins[0]["port"] if logins else None,
            assets=(*clients[:20], server),
            severity="medium" if success or not logins else "low",
            covers=tuple(
                Event(r["client"], server, r["service"], None, op)
                for r in logins
                for op in r["operations"]
            ),
            observed=f"user {listing(row['users'])}"
            + (f" over {text(logins[0]['service'])}" if logins else "")
            + ("; a login succeeded" if success else ""),
            normal="this name was not used there while learning"
            if ctx.learned
            else "nothing learned yet",
        )


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
    rank=2,
)
