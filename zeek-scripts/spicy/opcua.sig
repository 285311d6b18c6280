# A client's hello and the server's acknowledgement or error.
signature ot_opcua_hello {
  ip-proto == tcp
  payload /^HELF[\x00-\xff][\x00-\xff]\x00\x00/
}

signature ot_opcua_acknowledge {
  ip-proto == tcp
  requires-reverse-signature ot_opcua_hello
  payload /^(ACKF\x1c\x00\x00\x00|ERRF[\x00-\xff][\x00-\xff]\x00\x00)/
  enable "spicy_OT_OPCUA"
}

# Messages both ways, where a capture begins in mid-session.
signature ot_opcua_message {
  ip-proto == tcp
  payload /^((MSG|OPN)[FCA]|RHEF)[\x00-\xff][\x00-\xff][\x00-\x0f]\x00/
}

signature ot_opcua_joined {
  ip-proto == tcp
  requires-reverse-signature ot_opcua_message
  payload /^(MSG[FCA]|OPNF|HELF)[\x00-\xff][\x00-\xff][\x00-\x0f]\x00/
  enable "spicy_OT_OPCUA"
}
