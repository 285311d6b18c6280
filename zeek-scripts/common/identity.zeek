##! What devices say about themselves, once per change and again at intervals: ``ot_identity.log``.

module OTIdentity;

export {
	redef enum Log::ID += { LOG };

	## Decides whether a row is written.
	global log_policy: Log::PolicyHook;

	## One claim.
	type Info: record {
		## When it was heard.
		ts: time &log;
		## The connection it was heard on; unset for claims below IP.
		uid: string &log &optional;
		## The IP or MAC address that the claim is about.
		asset: string &log;
		## What is claimed: ``mac``, ``vendor``, ``model``, ``firmware``, ...
		attribute: string &log;
		## The claimed value.
		value: string &log;
		## The protocol that carried it.
		source: string &log;
	};

	## A claim that stays the same is written again after this long.
	option repeat_interval: interval = 10min;

	## More claims than this inside one interval are not remembered, and so may be repeated.
	option max_claims: count = 100000;

	## Log a claim, unless the same one was logged a short while ago.
	global claim: function(asset: string, attribute: string, value: string,
	    source: string, uid: string &default="");
}

# Claims written lately. A flood of invented addresses fills it up to max_claims and no further.
global told: set[string, string, string, string] &create_expire=repeat_interval;

event zeek_init() &priority=5
	{
	Log::create_stream(LOG, Log::Stream($columns=Info, $path="ot_identity",
	    $policy=log_policy));
	}

function claim(asset: string, attribute: string, value: string, source: string,
    uid: string)
	{
	if ( [asset, attribute, value, source] in told )
		return;

	if ( |told| < max_claims )
		add told[asset, attribute, value, source];

	local info = Info($ts=network_time(), $asset=asset, $attribute=attribute,
	    $value=value, $source=source);
	if ( uid != "" )
		info$uid = uid;

	Log::write(LOG, info);
	}
