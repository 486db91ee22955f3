# Unit tests of sim: a line in check_PROGRAMS and one for the sources.
