# @TEST-DOC: Many long names of one domain; short ones, and one long name again and again, are quiet.
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/dns_tunnel > notices
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/notices %INPUT "" detections/dns_names > calm
# @TEST-EXEC: test -z "$(grep -v '^--' calm)"

@load detections/dns_tunnel
