#!/bin/sh
# SPDX-License-Identifier: MIT
# boto3 against gcs-sim's XML API: Debian's, and another one where python3 in
# the PATH has it, as theirs differ in how they prove what they send.

. "$(dirname "$0")/lib.sh"

need boto3 python3-boto3 /usr/bin/python3 -c 'import boto3'

# client_of PYTHON: all checks, on a simulator of their own.
client_of() {
	begin_sim --bucket demo
	SIM_URL=$url
	PYTHONPATH=$work
	export SIM_URL PYTHONPATH
	blocks python 1 >"$work/settings.py"
	client "boto3 $("$1" -c 'import boto3; print(boto3.__version__)')" \
		"$1" -B "$here/boto3_client.py" "$work"
	unset PYTHONPATH
}

client_of /usr/bin/python3
mkdir "$work/page"
cp "$work/settings.py" "$work/page"
blocks python 2 >"$work/page/try.py"
forget_requests
path=$PATH
PATH=/usr/bin:$PATH
page_holds
PATH=$path
counted 'the page: as many as it looks' 'LIST 1, GET 1, PUT 1, DELETE 1'
end_sim

other=$(python3 -c 'import boto3, sys; print(sys.executable)' 2>"$work/err")
if [ -n "$other" ] && [ "$other" != /usr/bin/python3 ]; then
	client_of "$other"
	end_sim
fi

done_testing
