##! IEC 60870-5-104: every ASDU by its type id, commands with their confirmations.
##!
##! Which side controls is told by the port, or by what it sends where the port says nothing.
##! S frames and test frames carry nothing and are left out, as are terminations: they end a
##! command that is counted.

@load ./iec104/analyzer
@load ./iec104/asdus
@load ./iec104/control
