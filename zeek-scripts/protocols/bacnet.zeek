##! BACnet/IP: virtual link control, network messages, and every service with the objects and
##! properties it is about.
##!
##! The analyzer numbers what is asked for and tells it once; what is polled costs a look-up by that
##! number. A password is never passed on.

@load ./bacnet/analyzer
@load ./bacnet/requests
@load ./bacnet/replies
@load ./bacnet/link
@load ./bacnet/identity
