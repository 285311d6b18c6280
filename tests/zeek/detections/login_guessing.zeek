# @TEST-DOC: Passwords tried on web pages and a broker, packets lost too, factory passwords and communities; a mistyped one and others are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/web_guessing detections/web_guessing_lost detections/web_factory detections/broker_guessing detections/broker_often detections/community > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/web_mistyped detections/broker_few detections/community_of_its_own detections/community_of_one modbus/polling > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/login_guessing
@load protocols/mqtt
@load protocols/modbus
