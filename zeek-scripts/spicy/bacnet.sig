# BACnet/IP where no port tells of it: a virtual link header before a network PDU of version 1, or
# one of the functions that have a fixed length.
signature ot_bacnet_udp {
  ip-proto == udp
  payload /^\x81([\x09-\x0b][\x00-\x05].\x01[^\x10-\x13\x18-\x1b\x30-\x33\x38-\x3b]|\x04[\x00-\x05].......\x01|\x00\x00\x06|\x05\x00\x06|[\x02\x06]\x00\x04|\x08\x00\x0a)/
  enable "spicy_OT_BACNET"
}
