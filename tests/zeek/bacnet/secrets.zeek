# @TEST-DOC: A password appears in no log.
# @TEST-EXEC: zeek -C -r $TRACES/bacnet/functions.pcap $ANALYZERS %INPUT
# @TEST-EXEC: ! grep -r secret --include=*.log .

@load protocols/bacnet
