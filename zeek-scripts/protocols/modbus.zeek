##! Modbus/TCP: every function with what it addresses, the values, and how it ended
##! (Modbus Application Protocol Specification V1.1b3).
##!
##! Polling makes up nearly all of it, so a request and its reply that were seen before cost two
##! look-ups by number, and replies whose content says nothing are never taken apart. With the
##! compiled analyzer, reads are counted there.

@load ../common/keep_analyzer
@load ./modbus/polls
@load ./modbus/writes
@load ./modbus/services
