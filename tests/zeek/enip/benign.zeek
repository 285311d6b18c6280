# @TEST-DOC: Other protocols on the ports: no activity, no complaint.
# @TEST-EXEC: zeek -C -r $TRACES/enip/benign.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e ot_identity.log
# @TEST-EXEC: test ! -e reporter.log
# @TEST-EXEC: test ! -e weird.log || ! grep ot_ weird.log

@load protocols/enip
