# @TEST-DOC: Associations with a password are logins, whose refusal is told; the password is not.
# @TEST-EXEC: zeek -C -r $TRACES/mms/association.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut client server server_port service operation action object outcome events bytes_to_server bytes_to_client value_min value_max < ot_activity.log | LC_ALL=C sort > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log
# @TEST-EXEC: ! grep -r -a -e sw0rdf1sh -e 737730726466317368 *.log

@load protocols/mms
