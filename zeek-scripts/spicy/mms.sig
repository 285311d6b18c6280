# MMS away from port 102: data of an open association, or a request or response that names MMS's
# syntax, at the start of what is seen or after the transport's connection request and confirm.
signature ot_mms {
  ip-proto == tcp
  payload /^(\x03\x00\x00[\x0b-\x60][\x06-\x5b][\xd0\xe0][\x00-\xff]{5,90})?\x03\x00[\x00-\x21][\x00-\xff]\x02\xf0[\x00\x80](\x01\x00\x01\x00\x61[\x00-\xff]{1,5}\x30[\x00-\xff]{1,5}\x02\x01[\x00-\xff]\xa0[\x00-\xff]{1,5}[\xa0-\xad\x8b\x8c\x85\x86]|[\x0d\x0e][\x00-\xff]{20,240}\x28\xca\x22[\x01\x02])/
  enable "spicy_OT_MMS"
}
