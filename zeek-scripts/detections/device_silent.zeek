##! A device that answered regularly answers no more, while others still do.

@load base/frameworks/cluster
@load ../common/detect

module OTDetect;

export {
	redef enum Notice::Type += {
		## A device stopped answering.
		Device_Silent,
	};

	## A device is silent when it hasn't answered for this long, and ...
	option silent_after: interval = 10min;

	## ... for this many times its longest pause so far.
	option silent_factor: double = 3.0;

	## Answers in different intervals of the log after which a device counts as regular.
	option regular_after: count = 30;

	## Devices that are watched.
	option max_answering: count = 20000;

	## A server answered: workers of a cluster tell its manager.
	##
	## server: its address.
	##
	## first: when it answered first in an interval of the log.
	##
	## last: when it answered last in it.
	global answered: event(server: string, first: time, last: time);
}

type Answers: record {
	last: time;
	longest: interval &default=0sec;
	times: count &default=1;
};

global answers: table[string] of Answers &read_expire=1day;
global latest_answer = double_to_time(0.0);

# What workers told the manager of lately.
global sent: set[string] &create_expire=30sec;

event OTDetect::answered(server: string, first: time, last: time)
	{
	if ( last > latest_answer )
		latest_answer = last;

	if ( server !in answers )
		{
		if ( |answers| < max_answering )
			answers[server] = Answers($last=last);

		return;
		}

	local a = answers[server];

	if ( first > a$last )
		{
		++a$times;

		if ( first - a$last > a$longest )
			a$longest = first - a$last;
		}

	if ( last > a$last )
		a$last = last;
	}

hook OTActivity::summed(rec: OTActivity::Info)
	{
	# Below IP, and to a group, nobody answers.
	if ( rec$outcome == "no_reply"
	    || rec$outcome == "unknown"
	    || rec$transport == "eth"
	    || rec$bytes_to_client == 0 )
		return;

	if ( ! Cluster::is_enabled() )
		event OTDetect::answered(rec$server, rec$first, rec$last);
	else if ( rec$server !in sent && |sent| < max_answering )
		{
		add sent[rec$server];
		Cluster::publish(Cluster::manager_topic, OTDetect::answered, rec$server,
		    rec$first, rec$last);
		}
	}

event OTDetect::look_for_silence()
	{
	schedule OTActivity::log_interval { OTDetect::look_for_silence() };

	local gone: vector of string;
	local now = network_time();

	# Where nobody answers, it is the sensor that is cut off.
	if ( now - latest_answer > OTActivity::log_interval * 3.0 )
		return;

	for ( server, a in answers )
		if ( a$times >= regular_after
		    && now - a$last > silent_after
		    && now - a$last > a$longest * silent_factor )
			gone += server;

	for ( i, silent in gone )
		{
		raise(Notice::Info($note=Device_Silent, $identifier=silent,
		    $ot_techniques=vector("T1695.002", "T0829", "T0826"),
		    $msg=fmt("%s answered regularly and is silent since %s",
		    silent, strftime("%Y-%m-%d %H:%M:%S",
		    answers[silent]$last))));
		delete answers[silent];
		}
	}

event zeek_init()
	{
	if ( ! Cluster::is_enabled()
	    || Cluster::local_node_type() == Cluster::MANAGER )
		schedule OTActivity::log_interval { OTDetect::look_for_silence() };
	}
