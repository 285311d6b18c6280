##! One node of three: a manager that logs, and two workers that read captures. A worker waits for
##! the manager; the manager ends after both.

@load base/frameworks/cluster

redef Log::default_rotation_interval = 0sec;
redef Log::default_rotation_postprocessor_cmd = "echo";
redef exit_only_after_terminate = T;

global workers_ended = 0;

@if ( Cluster::local_node_type() == Cluster::WORKER )
event zeek_init()
	{
	suspend_processing();
	}

event Cluster::node_up(name: string, id: string)
	{
	if ( name == "manager" && getenv("WAIT") == "" )
		continue_processing();
	}

event Pcap::file_done(path: string)
	{
	terminate();
	}
@else
event Cluster::node_down(name: string, id: string)
	{
	if ( ++workers_ended == 2 )
		terminate();
	}
@endif
