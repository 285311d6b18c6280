@load ./common/identity
@load ./protocols/arp
