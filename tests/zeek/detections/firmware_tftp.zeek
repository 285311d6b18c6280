# @TEST-DOC: Firmware fetched by TFTP; another file is quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/firmware_tftp > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/settings_tftp > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/firmware_tftp
