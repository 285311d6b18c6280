# @TEST-DOC: A device that answered every minute stops, packets lost before too; a pause, the loss of everything, of its replies for a while and of what it is asked are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/silent detections/silent_lost > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/paused detections/all_silent detections/replies_lost detections/requests_lost modbus/polling > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/device_silent
@load protocols/modbus
