##! The folder stands for all of ``modbus.zeek``.

@load ../modbus
