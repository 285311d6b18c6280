# @TEST-DOC: VLANs, and tags in tags.
# @TEST-EXEC: zeek -C -r $TRACES/profinet_dcp/tagged.pcap $ANALYZERS %INPUT > events
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: zeek-cut client server service unit operation action object outcome events bytes_to_server < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -s events

@load protocols/profinet_dcp
