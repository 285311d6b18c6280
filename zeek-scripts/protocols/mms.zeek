##! MMS (ISO 9506), as IEC 61850-8-1 and ICCP use it: every service with the variables, lists, files,
##! domains or journals it names, commands and why they were refused, reports, associations, and what
##! devices say they are.
##!
##! The analyzer numbers what is asked and tells it once a connection; what is polled costs a look-up
##! by that number. Of a password only that there was one is known.

@load ./mms/analyzer
@load ./mms/association
@load ./mms/requests
@load ./mms/replies
@load ./mms/reports
@load ./mms/identity
