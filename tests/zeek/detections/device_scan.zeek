# @TEST-DOC: Devices asked one after the other what they are, and looked for by ranges, packets lost too; a few, and one number at a time, are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/device_scan detections/device_scan_lost detections/device_search > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/few_identities detections/one_by_one modbus/polling dnp3/polling iec104/live > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/device_scan
@load protocols/modbus
@load protocols/bacnet
@load protocols/dnp3
@load protocols/iec104
