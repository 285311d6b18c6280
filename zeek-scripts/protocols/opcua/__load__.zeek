##! The folder stands for all of ``opcua.zeek``.

@load ../opcua
