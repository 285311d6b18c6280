# @TEST-DOC: A wrong checksum: Zeek's analyzer ends there, and says nothing more.
# @TEST-EXEC: zeek -C -r $TRACES/dnp3/malformed.pcap %INPUT
# @TEST-EXEC: test ! -e ot_activity.log
# @TEST-EXEC: test ! -e reporter.log

@load protocols/dnp3
