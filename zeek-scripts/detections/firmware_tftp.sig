# A request of TFTP (RFC 1350) to read or to write a file: opcode, name, mode.
signature ot-tftp-request {
  ip-proto == udp
  dst-port == 69
  payload /^\x00[\x01\x02][\x20-\x7e]{1,200}\x00[a-zA-Z]+\x00/
  event OTDetect::tftp_request
}
