# @TEST-DOC: A protocol that is not expected on the port: no activity, no complaint.
# @TEST-EXEC: zeek -C -r $TRACES/mms/benign.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log
# @TEST-EXEC: test ! -e weird.log || ! grep -i spicy weird.log

@load protocols/mms
