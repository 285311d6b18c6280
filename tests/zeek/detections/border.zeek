# @TEST-DOC: A plant's host reached from outside and from the office, sends data out; the same within the plant, and by others, is quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/border > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/within_border modbus/polling > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/border
@load protocols/modbus

redef Site::private_address_space_is_local = F;
redef Site::local_nets += { 10.0.0.0/8 };
redef OTDetect::plant_nets += { 10.10.0.0/16 };
redef OTDetect::leaving_bytes = 5000;
