##! The folder stands for all of ``iec104.zeek``.

@load ../iec104
