##! Who did what to which object how often: ``ot_activity.log``, one row per client, server,
##! service, unit, operation, object and outcome in each interval, whatever the protocol.
##!
##! Requests are paired with their replies. Rows with the same key add up: those of several
##! workers, and those of one that had to write early. What changes the state of a device or a
##! process is written when it happens; what repeats in the same interval follows at its end.

@load ./activity/types
@load ./activity/writing
@load ./activity/rows
@load ./activity/sides
@load ./activity/pairing
@load ./activity/reports
@load ./activity/polling
