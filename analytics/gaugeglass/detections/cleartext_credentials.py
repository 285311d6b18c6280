"""A password, or none at all, travels readable: FTP, Telnet, HTTP basic, SNMP, MQTT, ..."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, FAILED, found, listing, naming, times

#: Services that carry a login in the clear.
READABLE = (
    "ftp", "telnet", "http", "snmp", "mqtt", "pop3", "imap", "smtp", "rlogin", "rsh", "rexec",
    "ldap", "bacnet", "sip", "socks",
)  # fmt: skip
#: Services whose every session begins with such a login, even where the sensor didn't see one.
SESSIONS = ("telnet", "ftp", "rlogin", "rsh", "rexec")

LOGINS = f"""
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations, {EVIDENCE}
    FROM judged j
    WHERE ((action = 'authenticate' AND list_contains($readable, service))
        OR starts_with(object, 'community:')
        OR (action = 'connect' AND list_contains($sessions, service) AND NOT ({FAILED})
            AND outcome <> 'partial' AND bytes_to_server > 0))
      AND NOT regexp_matches(operation, 'digest|ntlm|negotiate|tls|encrypted')
      AND NOT EXISTS (FROM known_operation k WHERE k.client = j.client AND k.server = j.server
                      AND k.service = j.service AND k.operation = j.operation)
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(LOGINS, {"readable": list(READABLE), "sessions": list(SESSIONS)}):
        who = (row["client"], row["server"], row["service"])
        port = row["port"]
        if all(ctx.is_told(Event(*who, port, op)) for op in row["operations"]):
            continue
        yield found(
            row,
            who,
            f"{name(row['client'])} logs in to {name(row['server'])} over {row['service']},"
            " readable for anyone on the way",
            severity="low" if ctx.learned else "info",
            observed=f"{times(row['n'], 'event')}: {listing(row['operations'])}",
            normal="this client didn't log in there this way while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="cleartext_credentials",
    title="Login in clear text",
    severity="low",
    techniques=("T1694", "T0842"),
    card=Card(
        meaning="A name and a password cross the network readable, or none are asked for. Whoever"
        " can listen on this segment can use them tomorrow.",
        check=(
            "Does the device offer an encrypted way (HTTPS, SSH, SNMPv3, MQTT over TLS)?",
            "Is the same password used on other devices?",
            "Who may listen on this segment: mirror ports, wireless bridges, cameras?",
        ),
        avoid=(
            "Don't switch the clear-text service off before the encrypted one is tried and every"
            " client that uses it is known",
            "Don't put the password into the ticket",
        ),
    ),
    find=find,
    rank=3,
)
