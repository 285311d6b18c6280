##! PROFINET below IP: discovery and configuration (DCP), alarms and the state of cyclic data
##! (IEC 61158-6-10).
##!
##! DCP has no authentication: whoever reaches the segment can rename a device, take its address
##! away or reset it. Each request is counted with its answer, as ``profinet_dcp``; alarms and
##! cyclic frames are ``profinet_rt``. Handle :zeek:see:`OTProfinet::provider_state` to be told
##! when a controller or device stops or starts providing data.

@load ./profinet_dcp/dcp
@load ./profinet_dcp/realtime
