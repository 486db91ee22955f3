# Unit tests of cli: its pure rooms; the commands are tested in tests/e2e.
check_PROGRAMS += tests/unit/check_bench_model
tests_unit_check_bench_model_SOURCES = tests/unit/check_bench_model.c \
	src/cli/bench_model.c src/cli/bench_model.h

check_PROGRAMS += tests/unit/check_config_file
tests_unit_check_config_file_SOURCES = tests/unit/check_config_file.c \
	$(CONFIG_SOURCES)

check_PROGRAMS += tests/unit/check_confirm
tests_unit_check_confirm_SOURCES = tests/unit/check_confirm.c \
	src/cli/confirm.c src/cli/confirm.h \
	src/cli/output.c src/cli/output.h \
	src/cli/signals.c src/cli/signals.h \
	src/cli/status.c src/cli/status.h

check_PROGRAMS += tests/unit/check_doctor
tests_unit_check_doctor_SOURCES = tests/unit/check_doctor.c \
	src/cli/doctor.c src/cli/doctor.h src/cli/doctor_policy.c

check_PROGRAMS += tests/unit/check_metrics
tests_unit_check_metrics_SOURCES = tests/unit/check_metrics.c \
	src/cli/gc_run.c src/cli/gc_run.h \
	src/cli/metrics.c src/cli/metrics.h \
	src/cli/result_file.c src/cli/result_file.h

check_PROGRAMS += tests/unit/check_options
tests_unit_check_options_SOURCES = tests/unit/check_options.c \
	src/cli/options.c src/cli/options.h

check_PROGRAMS += tests/unit/check_pace_line
tests_unit_check_pace_line_SOURCES = tests/unit/check_pace_line.c \
	src/cli/pace_line.c src/cli/pace_line.h

check_PROGRAMS += tests/unit/check_progress
tests_unit_check_progress_SOURCES = tests/unit/check_progress.c \
	src/cli/pace_line.c src/cli/pace_line.h \
	src/cli/progress.c src/cli/progress.h \
	src/cli/progress_line.c src/cli/progress_line.h

check_PROGRAMS += tests/unit/check_progress_line
tests_unit_check_progress_line_SOURCES = tests/unit/check_progress_line.c \
	src/cli/progress_line.c src/cli/progress_line.h

check_PROGRAMS += tests/unit/check_show
tests_unit_check_show_SOURCES = tests/unit/check_show.c \
	src/cli/show.c src/cli/show.h

check_PROGRAMS += tests/unit/check_signals
tests_unit_check_signals_SOURCES = tests/unit/check_signals.c \
	src/cli/signals.c src/cli/signals.h

check_PROGRAMS += tests/unit/check_target
tests_unit_check_target_SOURCES = tests/unit/check_target.c \
	src/cli/target.c src/cli/target.h $(CONFIG_SOURCES)

check_PROGRAMS += tests/unit/check_where
tests_unit_check_where_SOURCES = tests/unit/check_where.c \
	src/cli/where.c src/cli/where.h

check_PROGRAMS += tests/unit/check_yaml
tests_unit_check_yaml_SOURCES = tests/unit/check_yaml.c $(CONFIG_SOURCES)
