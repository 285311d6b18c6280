# @TEST-DOC: Unless told otherwise, Zeek's own log of Modbus is what it is without the package.
# @TEST-EXEC: zeek -C -r $TRACES/modbus/outcomes.pcap base/protocols/modbus
# @TEST-EXEC: zeek-cut ts tid unit func pdu_type exception < modbus.log > stock
# @TEST-EXEC: zeek -C -r $TRACES/modbus/outcomes.pcap %INPUT
# @TEST-EXEC: zeek-cut ts tid unit func pdu_type exception < modbus.log > kept
# @TEST-EXEC: diff stock kept
# @TEST-EXEC: test "$(wc -l < kept)" -gt 20

@load protocols/modbus
@load common/native_logs
