# @TEST-DOC: Neither a password nor a session token is logged anywhere.
# @TEST-EXEC: zeek -C -r $TRACES/opcua/services.pcap $ANALYZERS %INPUT
# @TEST-EXEC: ! grep -r -e hunter2 -e session-secret --include="*.log" .
# @TEST-EXEC: test -s ot_activity.log
# @TEST-EXEC: test ! -e reporter.log

@load protocols/opcua
