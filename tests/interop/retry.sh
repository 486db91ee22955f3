#!/bin/sh
# SPDX-License-Identifier: MIT
# The retry conformance scenarios of Google's client libraries, all of them, by a
# client of our own that retries as their documents say: what the simulator owes
# such a suite, without what one library makes of it.

. "$(dirname "$0")/lib.sh"

need Python python3 /usr/bin/python3 -c ''

begin_sim --bucket demo
SIM_URL=$url
export SIM_URL
client scenario /usr/bin/python3 -B "$here/retry_client.py"
end_sim

done_testing
