# A session's start: STARTDT act, or TESTFR act where a capture began later.
signature ot_iec104_client {
  ip-proto == tcp
  payload /^\x68\x04[\x07\x43]\x00\x00\x00/
}

# And its answer.
signature ot_iec104_server {
  ip-proto == tcp
  requires-reverse-signature ot_iec104_client
  payload /^\x68(\x04[\x0b\x83]\x00\x00\x00|[\x04\x0a-\xfd][\x00-\xff]{4})/
  enable "spicy_OT_IEC104"
}

# I frames from one side and any frame from the other, where a capture begins in mid-session.
signature ot_iec104_data {
  ip-proto == tcp
  payload /^\x68[\x0e-\xfd][\x00-\xff]{4}[\x01-\x28\x2d-\x33\x3a-\x40\x46\x64-\x7f][\x01-\xff][\x00-\xff][\x00-\xff][\x00-\xff][\x00-\xff]/
}

signature ot_iec104_joined {
  ip-proto == tcp
  requires-reverse-signature ot_iec104_data
  payload /^\x68(\x04\x01\x00[\x00-\xff][\x00-\xff]|[\x0e-\xfd][\x00-\xff]{4}[\x01-\x28\x2d-\x33\x3a-\x40\x46\x64-\x7f])/
  enable "spicy_OT_IEC104"
}
