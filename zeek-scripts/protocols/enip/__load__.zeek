##! The folder stands for all of ``enip.zeek``.

@load ../enip
