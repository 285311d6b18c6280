# @TEST-DOC: A device that answered every minute stops; a pause, and the loss of everything, are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/silent > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/paused detections/all_silent modbus/polling > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/device_silent
@load protocols/modbus
