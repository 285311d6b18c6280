# @TEST-DOC: Stop and start, domains, files, enrollments and logins are told; polls, reports and ordinary associations are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" mms/services mms/association > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" mms/split mms/reports mms/fragmented mms/lost mms/joined_at_reply mms/others > calm
# @TEST-EXEC: grep -v '^--' calm > told || true
# @TEST-EXEC: btest-diff told

@load protocols/mms
@load detections/controller_mode
@load detections/program_transfer
@load detections/file_deletion
@load detections/reports_suppressed
@load detections/function_scan
@load detections/point_enumeration
@load detections/login_guessing
@load detections/request_flood
