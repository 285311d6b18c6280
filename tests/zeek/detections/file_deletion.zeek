# @TEST-DOC: A file deleted by DNP3; polling is quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" dnp3/functions > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" modbus/polling dnp3/polling iec104/live > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/file_deletion
@load protocols/dnp3
@load protocols/modbus
@load protocols/iec104
