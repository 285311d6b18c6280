##! The message of each direction that is being read, and what has come of it so far.

@load ../../common/activity
@load ./names

module OTDNP3;

# The message of one direction that is being read, and what has come of it so far.
type Message: record {
	# Link addresses, the master's first.
	unit: string &default="";
	# Bytes of the link frame that it starts in.
	bytes: count &default=0;
	# The function code and its name.
	code: count &default=0;
	operation: string &default="";
	# The sequence number of the application layer.
	sequence: count &default=0;
	# Group and variation of the header that is being read, and its qualifier.
	group: count &default=0;
	variation: count &default=0;
	qualifier: count &default=0;
	# The prefix of the point that is being read: its index.
	index: count &default=0;
	# The rest of the message can't be read.
	lost: bool &default=F;
	# Objects that it has named so far.
	objects: count &default=0;
	# The request that it opened, and whether that is for controls with a status each.
	open: OTActivity::Pending &optional;
	controls: bool &default=F;
	# How controls ended, in a response; it waits for all of them.
	waits: bool &default=F;
	outcomes: vector of string &default=vector();
};

type State: record {
	request: Message;
	response: Message;
};

redef record connection += {
	ot_dnp3: State &optional;
};

function message(c: connection, is_orig: bool): Message
	{
	if ( ! c?$ot_dnp3 )
		c$ot_dnp3 = State($request=Message(), $response=Message());

	return is_orig ? c$ot_dnp3$request : c$ot_dnp3$response;
	}

function pdu_of(m: Message, object: string): OTActivity::PDU
	{
	local action = m$operation in actions ? actions[m$operation] : "other";

	if ( m$code == 1 && starts_with(object, "device_attribute") )
		action = "identify";

	return OTActivity::PDU($operation=m$operation, $action=action, $object=object,
	    $unit=m$unit);
	}

function start(m: Message, application: count, code: count)
	{
	m$code = code;
	m$operation = name_of(code);
	m$sequence = application & 0x0f;
	m$lost = F;
	m$objects = 0;
	m$controls = F;
	m$outcomes = vector();
	delete m$open;
	m$group = 0;
	m$variation = 0;
	}
