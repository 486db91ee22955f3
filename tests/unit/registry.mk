# Unit tests of registry: a line in check_PROGRAMS and one for the sources.
