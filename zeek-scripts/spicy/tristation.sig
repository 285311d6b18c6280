# TriStation away from its port: a command to the controller whose length fits, and its answer.
signature ot_tristation_client {
  ip-proto == udp
  payload /^\x05\x00[\x0a-\xff][\x00-\x04]\x00[\x00\x01][\x00-\x50][\x00-\xff]\x00\x00[\x00-\xff]{2}[\x0a-\xff][\x00-\x04]/
}

signature ot_tristation_server {
  ip-proto == udp
  requires-reverse-signature ot_tristation_client
  payload /^\x05\x00[\x0a-\xff][\x00-\x04]\x01[\x00\x01][\x64-\xc0][\x00-\xff]\x00\x00[\x00-\xff]{2}[\x0a-\xff][\x00-\x04]/
  enable "spicy_OT_TRISTATION"
}
