# @TEST-DOC: A real client and server of IEC 61850: what a client does from its login to its release.
# @TEST-EXEC: zeek -C -r $TRACES/mms/live.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: zeek-cut asset attribute value source < ot_identity.log | LC_ALL=C sort >> output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log
# @TEST-EXEC: ! grep -r -a -e sw0rdf1sh -e 737730726466317368 *.log

@load protocols/mms
