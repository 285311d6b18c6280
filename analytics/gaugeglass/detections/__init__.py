"""Questions to the ledger, one file each; ``registry`` finds and runs them.

Precedence. What happened once is told once, by the detection that can say most about it:

====  =====================================================================================
rank  detections
====  =====================================================================================
0     attacks with a shape of their own: scans of ports and functions, spread over Telnet,
      brute force, flood, exfiltration, beacon, address conflict, identity enumeration
1     what was done: mode, program, firmware, restart, suppressed reports; write_by_new_client,
      object_enumeration, address_scan
2     remote_access, default_credentials, protocol_violations
3     internet_access, cleartext_credentials
4     sensor_notice, sensor_alert: passed through whatever the others found
5     new_operation, new_object: news on a known conduit that nothing above told
6     new_asset
7     new_conduit: what is left, folded per client when there is much of it
8     behaviour_anomaly, asset_silent: windows and silences nobody explained
====  =====================================================================================

Habits are not news: with a baseline, what the same client did to the same server while learning is
either not reported or, where it stops or reprograms a controller, reported at a lower severity.
"""
