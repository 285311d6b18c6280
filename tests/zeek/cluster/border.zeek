# @TEST-DOC: A worker that saw no industrial protocol knows from another who speaks it.
# @TEST-PORT: MANAGER_PORT
# @TEST-PORT: WORKER1_PORT
# @TEST-PORT: WORKER2_PORT
# @TEST-EXEC: cp $PACKAGE/../tests/zeek/scripts/cluster-layout.zeek .
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node manager %INPUT
# @TEST-EXEC: WAIT=1 sh $PACKAGE/../tests/zeek/scripts/node worker-2 %INPUT -r $TRACES/cluster/outward.pcap
# @TEST-EXEC: sleep 3
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node worker-1 %INPUT -r $TRACES/cluster/first.pcap
# @TEST-EXEC: btest-bg-wait 90
# @TEST-EXEC: zeek-cut note ot_techniques sub msg < manager/notice.log > notices
# @TEST-EXEC: btest-diff notices

@load detections/border
@load protocols/modbus

redef Site::private_address_space_is_local = F;
redef Site::local_nets += { 10.0.0.0/8 };

@if ( getenv("WAIT") != "" )
global known = 0;

# Client and server of what the other worker reads.
event OTDetect::ot_host(host: addr)
	{
	if ( host == 10.10.10.5 && ++known == 1 )
		continue_processing();
	}
@endif
