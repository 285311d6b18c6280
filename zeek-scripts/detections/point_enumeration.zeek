##! A client has a server list its points: tags, nodes, blocks or topics, all that there are.

@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A client had all points of a server listed.
		Points_Enumerated,
	};

	## Operations that list points by themselves. Others of action ``discover`` count by their
	## objects.
	option point_lists: pattern = /^(get_instance_attribute_list|list_blocks|list_blocks_of_type|subscribe)$/;

	## Different objects that one client asks of one server what lies below them.
	option point_enumeration_threshold: count = 5;

	## Within this time.
	option point_enumeration_window: interval = 10min;
}

global browsed: table[string, string, string] of set[string]
    &create_expire=point_enumeration_window;

hook OTActivity::acted(a: OTActivity::Act)
	{
	local pdu = a$pdu;

	if ( pdu$action != "discover"
	    || pdu$object == ""
	    || pdu$operation == "who_is"
	    || is_known_tool(a$client) )
		return;

	if ( point_lists != pdu$operation )
		{
		if ( [a$client, a$server, a$service] !in browsed )
			{
			if ( |browsed| >= max_watched )
				clear_table(browsed);

			browsed[a$client, a$server, a$service] = set();
			}

		local objects = browsed[a$client, a$server, a$service];

		if ( |objects| < point_enumeration_threshold )
			add objects[pdu$object];

		if ( |objects| < point_enumeration_threshold )
			return;
		}

	tell(Points_Enumerated, a, "had the points listed of", vector("T0861",
	    "T0802"));
	}
