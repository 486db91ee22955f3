# Unit tests of storage: a line in check_PROGRAMS and one for the sources.
