@load ./common/activity
@load ./common/identity
@load ./protocols/arp
@load ./protocols/modbus
