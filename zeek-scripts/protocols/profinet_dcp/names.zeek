##! Names in PROFINET: options of DCP, how setting them ended, alarms (IEC 61158-6-10).

@load ./analyzer

module OTProfinet;

@ifdef ( PacketAnalyzer::ANALYZER_SPICY_OT_PROFINET )

const IP_MAC = 0x0101;
const IP_PARAMETER = 0x0102;
const IP_SUITE = 0x0103;
const TYPE_OF_STATION = 0x0201;
const NAME_OF_STATION = 0x0202;
const DEVICE_ID = 0x0203;
const DEVICE_ROLE = 0x0204;
const ALIAS_NAME = 0x0206;
const START_TRANSACTION = 0x0501;
const END_TRANSACTION = 0x0502;
const SIGNAL = 0x0503;
const RESPONSE = 0x0504;
const FACTORY_RESET = 0x0505;
const RESET_TO_FACTORY = 0x0506;

const names: table[count] of string = {
	[IP_MAC] = "mac_address",
	[IP_PARAMETER] = "ip_parameter",
	[IP_SUITE] = "full_ip_suite",
	[TYPE_OF_STATION] = "type_of_station",
	[NAME_OF_STATION] = "name_of_station",
	[DEVICE_ID] = "device_id",
	[DEVICE_ROLE] = "device_role",
	[0x0205] = "device_options",
	[ALIAS_NAME] = "alias_name",
	[0x0207] = "device_instance",
	[0x0208] = "oem_device_id",
	[0x0209] = "standard_gateway",
	[0x020a] = "rsi_properties",
	[START_TRANSACTION] = "start_transaction",
	[END_TRANSACTION] = "end_transaction",
	[SIGNAL] = "signal",
	[RESPONSE] = "response",
	[FACTORY_RESET] = "factory_reset",
	[RESET_TO_FACTORY] = "reset_to_factory",
	[0x0601] = "device_initiative",
	[0xffff] = "all",
};

const errors: table[count] of string = {
	[0] = "ok",
	[1] = "option_not_supported",
	[2] = "suboption_not_supported",
	[3] = "suboption_not_set",
	[4] = "resource_error",
	[5] = "set_not_possible",
	[6] = "in_operation",
};

const alarms: table[count] of string = {
	[1] = "diagnosis",
	[2] = "process",
	[3] = "pull",
	[4] = "plug",
	[5] = "status",
	[6] = "update",
	[7] = "redundancy",
	[8] = "controlled_by_supervisor",
	[9] = "released",
	[10] = "plug_wrong_submodule",
	[11] = "return_of_submodule",
	[12] = "diagnosis_disappears",
	[30] = "upload_and_retrieval",
	[31] = "pull_module",
};

function name_of(option_: count): string
	{
	if ( option_ in names )
		return names[option_];

	return fmt("option_%d_%d", option_ / 256, option_ % 256);
	}

@endif
