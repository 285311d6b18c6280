@load ./common/activity
@load ./common/identity
@load ./protocols/arp
@load ./protocols/modbus
@load ./protocols/dnp3
@load ./protocols/mqtt
@load ./protocols/snmp
