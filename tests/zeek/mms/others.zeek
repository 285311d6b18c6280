# @TEST-DOC: Another application of the same layers: no activity, no complaint.
# @TEST-EXEC: zeek -C -r $TRACES/mms/others.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log
# @TEST-EXEC: test ! -e weird.log || ! grep -i spicy weird.log

@load protocols/mms
