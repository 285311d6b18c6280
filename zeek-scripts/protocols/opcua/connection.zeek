##! What is known of a connection: which side is the client, and who asked last what a server is.

@load ./analyzer

module OTOpcua;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_OPCUA )

const SERVICE = "opcua";

type State: record {
	# Whether the originator is the client.
	client_is_orig: bool;
	# Who was asked last for what it is: the request and its nodes.
	asked: count &default=0;
	asked_for: vector of string &default=vector();
};

redef record connection += {
	ot_opcua: State &optional;
};

# The state of a connection; where the port doesn't tell which side is the client, a message does.
function state_of(c: connection, orig_asks: bool): State
	{
	if ( ! c?$ot_opcua )
		{
		if ( c$id$resp_p in ports )
			orig_asks = T;
		else if ( c$id$orig_p in ports )
			orig_asks = F;

		c$ot_opcua = State($client_is_orig=orig_asks);
		}

	return c$ot_opcua;
	}

@endif
