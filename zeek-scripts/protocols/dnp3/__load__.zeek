##! The folder stands for all of ``dnp3.zeek``.

@load ../dnp3
