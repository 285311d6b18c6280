# @TEST-DOC: A flood of requests, packets lost too; polls and a few writes are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "OTDetect::flood_requests=250" detections/flood detections/flood_lost > notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "OTDetect::flood_repetitions=250" detections/flood >> notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "OTDetect::flood_requests=250" detections/few_writes modbus/polling dnp3/polling iec104/live > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/request_flood
@load protocols/modbus
@load protocols/dnp3
@load protocols/iec104
