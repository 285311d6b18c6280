# EtherNet/IP where no port tells of it.

# Register Session: version 1, no options. The reply has a session handle.
signature ot_enip_register_tcp {
  ip-proto == tcp
  payload /^\x65\x00\x04\x00.{4}\x00\x00\x00\x00.{8}\x00\x00\x00\x00\x01\x00\x00\x00/
  enable "spicy_OT_ENIP"
}

# A message in Common Packet Format: CIP's interface, an address item, a data item.
signature ot_enip_unconnected_tcp {
  ip-proto == tcp
  payload /^\x6f\x00.[\x00-\x0f].{4}\x00\x00\x00\x00.{8}\x00\x00\x00\x00\x00\x00\x00\x00..[\x02-\x04]\x00\x00\x00\x00\x00\xb2\x00/
  enable "spicy_OT_ENIP"
}

signature ot_enip_connected_tcp {
  ip-proto == tcp
  payload /^\x70\x00.[\x00-\x0f].{4}\x00\x00\x00\x00.{8}\x00\x00\x00\x00\x00\x00\x00\x00..\x02\x00\xa1\x00\x04\x00....\xb1\x00/
  enable "spicy_OT_ENIP"
}

# Class 0 and 1 connections: sequenced address, connected data.
signature ot_cip_io_udp {
  ip-proto == udp
  payload /^\x02\x00\x02\x80\x08\x00.{8}\xb1\x00/
  enable "spicy_OT_CIP_IO"
}

# List Identity, asked and answered.
signature ot_enip_list_identity_udp {
  ip-proto == udp
  payload /^\x63\x00(\x00\x00.{4}\x00\x00\x00\x00.{8}\x00\x00\x00\x00|...{4}\x00\x00\x00\x00.{8}\x00\x00\x00\x00\x01\x00\x0c\x00)/
  enable "spicy_OT_ENIP_UDP"
}
