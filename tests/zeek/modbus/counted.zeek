# @TEST-DOC: Reads that the compiled analyzer counts make the same rows and notices as those that scripts count.
# @TEST-EXEC: for capture in $TRACES/modbus/*.pcap $(cd $TRACES/detections && ls -d $PWD/* | grep -E '/(brute_force|few_refused|flood|function_scan|many_servers|refusals_only|re[a-z]*_lost|silent)[.]pcap'); do sh $PACKAGE/../tests/zeek/scripts/both $capture %INPUT || exit 1; done > output
# @TEST-EXEC: btest-diff output

@load protocols/modbus
@load detections/brute_force
@load detections/device_silent
@load detections/function_scan
@load detections/request_flood
