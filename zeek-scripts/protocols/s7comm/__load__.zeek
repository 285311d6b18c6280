##! The folder stands for all of ``s7comm.zeek``.

@load ../s7comm
