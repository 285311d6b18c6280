##! S7comm and S7comm-plus: every job with the variables, blocks or services it names, programmer
##! functions, system status lists, and what modules say of themselves.
##!
##! The controller is the server also where it asks: in a download it fetches the blocks. Polls
##! repeat their lists of variables, so the bytes of a list lead straight to what they stand for.

@load ./s7comm/analyzer
@load ./s7comm/cotp
@load ./s7comm/variables
@load ./s7comm/jobs
@load ./s7comm/replies
@load ./s7comm/user_data
@load ./s7comm/identity
@load ./s7comm/plus
