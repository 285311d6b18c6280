# @TEST-DOC: All topics of a broker, all tags, all nodes below several of a server, packets lost too; single topics, a few nodes again and again, and polling are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" mqtt/discover opcua/live enip/functions detections/browsed > notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/subscribed_lost detections/tags_listed_lost detections/browsed_lost >> notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/browsed_again mqtt/functions modbus/polling dnp3/polling iec104/live > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/point_enumeration
@load protocols/mqtt
@load protocols/opcua
@load protocols/enip
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
