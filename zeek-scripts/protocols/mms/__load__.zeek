##! The folder stands for all of ``mms.zeek``.

@load ../mms
