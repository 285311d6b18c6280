##! The folder stands for all of ``profinet_dcp.zeek``.

@load ../profinet_dcp
