##! EtherNet/IP and CIP: sessions, identities, every service with the object or tag it is about,
##! PCCC functions, and I/O.
##!
##! The analyzer numbers what is asked for and tells it once; what is polled costs a look-up by that
##! number.

@load ./enip/analyzer
@load ./enip/requests
@load ./enip/replies
@load ./enip/encapsulation
@load ./enip/identity
@load ./enip/io
