# S7comm and S7comm-plus away from port 102: a COTP message that begins as either does, at the
# start of what is seen or after the connection request and confirm.
signature ot_s7comm {
  ip-proto == tcp
  payload /^(\x03\x00\x00[\x0b-\x60][\x06-\x5b][\xd0\xe0][\x00-\xff]{5,90})?(\x03\x00\x00\x07\x02\xf0\x00)?\x03\x00[\x00-\x20][\x00-\xff]\x02\xf0[\x00\x80](\x32[\x01\x02\x03\x07]\x00\x00|\x72[\x01-\x03\xfe\xff])/
  enable "spicy_OT_S7COMM"
}
