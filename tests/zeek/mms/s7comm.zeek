# @TEST-DOC: S7comm on the same port: no activity, no complaint.
# @TEST-EXEC: zeek -C -r $TRACES/mms/s7comm.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e analyzer.log || ! grep -i spicy analyzer.log
# @TEST-EXEC: test ! -e weird.log || ! grep -i spicy weird.log

@load protocols/mms
