# @TEST-DOC: The rows of two workers, written by the manager, add up to those of one process.
# @TEST-PORT: MANAGER_PORT
# @TEST-PORT: WORKER1_PORT
# @TEST-PORT: WORKER2_PORT
# @TEST-EXEC: cp $PACKAGE/../tests/zeek/scripts/cluster-layout.zeek .
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node manager %INPUT
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node worker-1 %INPUT -r $TRACES/cluster/first.pcap
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/node worker-2 %INPUT -r $TRACES/cluster/second.pcap
# @TEST-EXEC: btest-bg-wait 90
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/sums < manager/ot_activity.log > added
# @TEST-EXEC: zeek -C -r $TRACES/cluster/both.pcap %INPUT
# @TEST-EXEC: sh $PACKAGE/../tests/zeek/scripts/sums < ot_activity.log > single
# @TEST-EXEC: diff single added
# @TEST-EXEC: btest-diff added
# @TEST-EXEC: test "$(zeek-cut ts < manager/ot_activity.log | wc -l)" -gt "$(wc -l < added)"
# @TEST-EXEC: test ! -e worker-1/ot_activity.log -a ! -e worker-2/ot_activity.log

@load protocols/modbus
@load protocols/dnp3
