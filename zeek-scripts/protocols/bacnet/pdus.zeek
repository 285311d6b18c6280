##! What a message asks for or tells, as operation, action, object and unit.

@load ../../common/activity
@load ./actions
@load ./names
@load ./services

module OTBacnet;

@ifdef ( Analyzer::ANALYZER_SPICY_OT_BACNET )

function type_name(object_type: int): string
	{
	local code = int_to_count(object_type);
	return code in objects ? objects[code] : fmt("unknown_object_type_0x%02x",
	    code);
	}

function property_name(property: int): string
	{
	if ( property < 0 )
		return "object";

	local code = int_to_count(property);
	return code in properties ? properties[code] : fmt("unknown_property_0x%02x",
	    code);
	}

# `analog_output.present_value:101`
function object_of(item: Item): string
	{
	local object = cat(type_name(item$object_type), ".", property_name(
	    item$property_));

	if ( item$instance >= 0 )
		object = cat(object, ":", int_to_count(item$instance));

	return object;
	}

function private_object(item: Item): string
	{
	return cat("vendor:", int_to_count(item$first), item$second >= 0 ? cat(
	    "/service:", int_to_count(item$second)) : "");
	}

function confirmed_pdu(code: count, item: Item): OTActivity::PDU
	{
	local pdu = OTActivity::PDU($operation=name_in(confirmed_services, code,
	    "unknown_service_choice"), $action="");

	if ( item$object_type >= 0 )
		pdu$object = object_of(item);
	else if ( item$first >= 0 )
		{
		local first = int_to_count(item$first);

		if ( code == 20 )
			{
			pdu$object = name_in(reinitialize_states, first,
			    "unknown_device_state_type");

			if ( ends_with(pdu$object, "backup") )
				pdu$operation = "reinitialize_device_backup";
			else if ( ends_with(pdu$object, "restore") )
				pdu$operation = "reinitialize_device_restore";
			}
		else if ( code == 17 )
			pdu$object = name_in(communication_states, first,
			    "unknown_device_state_type");
		else if ( code == 18 )
			pdu$object = private_object(item);
		}

	pdu$action = action_of(pdu$operation);
	return pdu;
	}

function unconfirmed_pdu(code: count, item: Item): OTActivity::PDU
	{
	local operation = name_in(unconfirmed_services, code,
	    "unknown_service_choice");
	local pdu = OTActivity::PDU($operation=operation, $action=action_of(
	    operation));

	switch ( code )
		{
		case 0:
			if ( item$first >= 0 )
				pdu$unit = cat(int_to_count(item$first));
			break;
		case 1, 7:
			if ( |item$name| > 0 )
				pdu$object = clean(item$name);
			else if ( item$object_type >= 0 )
				pdu$object = cat(type_name(item$object_type), ":", int_to_count(
				    item$instance));

			if ( item$first >= 0 )
				pdu$unit = cat(int_to_count(item$first));
			break;
		case 4:
			if ( item$first >= 0 )
				pdu$object = private_object(item);
			break;
		case 8:
			if ( item$first >= 0 && item$second >= 0 )
				pdu$object = cat("device:", int_to_count(item$first), "-", int_to_count(
				    item$second));
			break;
		case 10:
			if ( item$first >= 0 )
				pdu$object = cat("group:", int_to_count(item$first));
			break;
		default:
			if ( item$object_type >= 0 )
				pdu$object = object_of(item);
			break;
		}

	return pdu;
	}

# For services that name nothing.
const no_item = Item($object_type=-1, $instance=-1, $property_=-1, $first=-1,
    $second=-1, $name="");

function pdu_of(is_unconfirmed: bool, code: count, item: Item, items: vector of
    Item): OTActivity::PDU
	{
	local pdu = is_unconfirmed ? unconfirmed_pdu(code, item) : confirmed_pdu(code,
	    item);

	if ( ! is_unconfirmed && ( code == 12 || code == 14 || code == 26 ) )
		pdu$action = action_of_reads(items);

	return pdu;
	}

@endif
