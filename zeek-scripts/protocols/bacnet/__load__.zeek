##! The folder stands for all of ``bacnet.zeek``.

@load ../bacnet
