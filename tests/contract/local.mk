# The simulator's contract, as fixtures/contract has it.
check_PROGRAMS += %D%/check_contract
tests_contract_check_contract_SOURCES = %D%/check_contract.c \
	%D%/client.c %D%/client.h \
	%D%/json_diff.c %D%/json_diff.h \
	%D%/judge.c %D%/judge.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/play.c %D%/play.h \
	%D%/script.c %D%/script.h
