# @TEST-DOC: All topics of a broker, all nodes below several of a server; single topics and polling are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" mqtt/discover opcua/live enip/functions > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" mqtt/functions modbus/polling dnp3/polling iec104/live > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/point_enumeration
@load protocols/mqtt
@load protocols/opcua
@load protocols/enip
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
