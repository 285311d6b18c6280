##! DNP3 (IEEE 1815-2012): every function with the objects that it names, controls with their
##! parameters, internal indications, device attributes and files.
##!
##! The unit is the pair of link addresses, master first. An analog output's value is not in the
##! events of Zeek's analyzer: its index is, from the outstation's echo.
##!
##! What Zeek's analyzer doesn't tell, no script can: it loses the frame that follows a frame of
##! the link layer alone in the same direction, and after a message whose data it can't make out
##! (data sets, packed outputs that are written) it reads no more of the session.

@load ../common/keep_analyzer
@load ./dnp3/exchange
@load ./dnp3/objects
@load ./dnp3/identity
