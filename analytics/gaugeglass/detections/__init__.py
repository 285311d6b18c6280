"""Questions to the ledger, one file each; ``registry`` finds and runs them.

Precedence. What happened once is told once, by the detection that can say most about it:

====  =====================================================================================
rank  detections
====  =====================================================================================
0     what was done (mode, program, firmware, restart, suppress), attacks with a shape of
      their own (scans, spread, brute force, flood, exfiltration, beacon, address conflict)
1     write_by_new_client, object_enumeration, address_scan: leave out what rank 0 told
2     remote_access, internet_access, credentials
5     new_operation, new_object: news on a known conduit that nothing above told
6     new_asset
7     new_conduit: what is left, folded per client when there is much of it
8     behaviour_anomaly and asset_silent: windows and silences nobody explained
====  =====================================================================================

Habits are not news: with a baseline, what the same client did to the same server while learning is
either not reported or, where it stops or reprograms a controller, reported at a lower severity.
"""
