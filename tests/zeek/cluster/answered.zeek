# @TEST-DOC: The manager hears from both workers who answered, and is the only one to judge silence.
# @TEST-PORT: MANAGER_PORT
# @TEST-PORT: WORKER1_PORT
# @TEST-PORT: WORKER2_PORT
# @TEST-EXEC: cp $PACKAGE/../tests/zeek/scripts/cluster-layout.zeek .
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node manager %INPUT
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node worker-1 %INPUT -r $TRACES/cluster/first.pcap
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node worker-2 %INPUT -r $TRACES/cluster/second.pcap
# @TEST-EXEC: btest-bg-wait 90
# @TEST-EXEC: LC_ALL=C sort -u manager/.stdout > heard
# @TEST-EXEC: btest-diff heard
# @TEST-EXEC: test "$(wc -l < manager/.stdout)" -ge 2
# @TEST-EXEC: test ! -s worker-1/.stdout -a ! -s worker-2/.stdout

@load detections/device_silent
@load protocols/modbus

event OTDetect::answered(server: string, first: time, last: time)
	{
	print server;
	}
