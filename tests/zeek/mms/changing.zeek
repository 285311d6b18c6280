# @TEST-DOC: More different requests than are remembered: all of them count, and those before as well.
# @TEST-EXEC: zeek -C -r $TRACES/mms/changing.pcap $ANALYZERS %INPUT
# @TEST-EXEC: zeek-cut object events < ot_activity.log | awk '$1 ~ /GGIO/ { n += $2; seen[$1] } $1 ~ /MMXU/ { polls += $2 } END { print n, length(seen), polls }' > output
# @TEST-EXEC: btest-diff output
# @TEST-EXEC: test ! -e reporter.log

@load protocols/mms
