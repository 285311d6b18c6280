##! OPC UA binary: every service, and where it names nodes, each node with its own result.
##!
##! Requests and responses are told apart by their type, so that a session is understood whichever
##! side the sensor took for the client. Of an encrypted channel only its policy and the number of
##! messages can be told. Publish requests only wait: the responses count, as reports.

@load ./opcua/analyzer
@load ./opcua/services
@load ./opcua/channel
@load ./opcua/identity
