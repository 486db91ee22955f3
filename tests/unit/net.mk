# Unit tests of net: a line in check_PROGRAMS and one for the sources.
