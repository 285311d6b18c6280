# @TEST-DOC: Addresses of others claimed by ARP; normal claims and a replaced device are quiet.
# @TEST-EXEC: zeek -C -r $TRACES/arp/spoofed.pcap $ANALYZERS %INPUT
# @TEST-EXEC: cat notice.log | zeek-cut note ot_techniques sub msg | LC_ALL=C sort >> notices
# @TEST-EXEC: rm -f notice.log
# @TEST-EXEC: btest-diff notices
# @TEST-EXEC: zeek -C -r $TRACES/arp/normal.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: zeek -C -r $TRACES/arp/replaced.pcap $ANALYZERS %INPUT
# @TEST-EXEC: test ! -e notice.log
# @TEST-EXEC: test ! -e reporter.log

@load detections/address_conflict
