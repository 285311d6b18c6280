# @TEST-DOC: Registers written one after the other, packets lost too; a few, and again and again, are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/brute_force detections/brute_force_lost > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/few_writes modbus/polling dnp3/polling iec104/live > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/brute_force
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
