# Unit tests of storage: a line in check_PROGRAMS and one for the sources.
check_PROGRAMS += tests/unit/check_delete_files
tests_unit_check_delete_files_SOURCES = tests/unit/check_delete_files.c
check_PROGRAMS += tests/unit/check_delete_path
tests_unit_check_delete_path_SOURCES = tests/unit/check_delete_path.c
check_PROGRAMS += tests/unit/check_dryrun
tests_unit_check_dryrun_SOURCES = tests/unit/check_dryrun.c
check_PROGRAMS += tests/unit/check_faulty
tests_unit_check_faulty_SOURCES = tests/unit/check_faulty.c
check_PROGRAMS += tests/unit/check_mem_store
tests_unit_check_mem_store_SOURCES = tests/unit/check_mem_store.c
check_PROGRAMS += tests/unit/check_storage
tests_unit_check_storage_SOURCES = tests/unit/check_storage.c
check_PROGRAMS += tests/unit/check_tally
tests_unit_check_tally_SOURCES = tests/unit/check_tally.c
