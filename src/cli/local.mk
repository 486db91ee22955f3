# What reads a registry's configuration.
CONFIG_SOURCES = \
	%D%/config_file.c %D%/config_file.h \
	%D%/registry_env.c %D%/registry_env.h \
	%D%/yaml.h \
	%D%/yaml_node.c
if HAVE_FYAML
CONFIG_SOURCES += %D%/yaml.c
else
CONFIG_SOURCES += %D%/yaml_none.c
endif

bin_PROGRAMS += gcsweep
gcsweep_SOURCES = \
	%D%/applied.c %D%/applied.h \
	%D%/bench_block.c %D%/bench_block.h \
	%D%/bench_cell.c %D%/bench_cell.h \
	%D%/bench_check.c %D%/bench_check.h \
	%D%/bench_child.c %D%/bench_child.h \
	%D%/bench_json.c \
	%D%/bench_model.c %D%/bench_model.h \
	%D%/bench_print.c %D%/bench_print.h \
	%D%/bench_server.c %D%/bench_server.h \
	%D%/cmd_apply.c \
	%D%/cmd_bench.c \
	%D%/cmd_check.c \
	%D%/cmd_config.c \
	%D%/cmd_df.c \
	%D%/cmd_doctor.c \
	%D%/cmd_explain.c \
	%D%/cmd_gc.c \
	%D%/cmd_plan.c \
	%D%/cmd_show.c \
	%D%/commands.h \
	%D%/confirm.c %D%/confirm.h \
	%D%/doctor.c %D%/doctor.h \
	%D%/doctor_advice.c \
	%D%/doctor_policy.c \
	%D%/explained.c %D%/explained.h \
	%D%/gc_report.c %D%/gc_report.h \
	%D%/gc_report_json.c \
	%D%/gc_report_plan.c \
	%D%/gc_report_start.c \
	%D%/gc_run.c %D%/gc_run.h \
	%D%/grid.c %D%/grid.h \
	%D%/known.c %D%/known.h \
	%D%/login.c %D%/login.h \
	%D%/main.c \
	%D%/metrics.c %D%/metrics.h \
	%D%/options.c %D%/options.h \
	%D%/output.c %D%/output.h \
	%D%/pace_line.c %D%/pace_line.h \
	%D%/progress.c %D%/progress.h \
	%D%/progress_line.c %D%/progress_line.h \
	%D%/query.c %D%/query.h \
	%D%/result_file.c %D%/result_file.h \
	%D%/run.c %D%/run.h \
	%D%/run_open.c \
	%D%/show.c %D%/show.h \
	%D%/signals.c %D%/signals.h \
	%D%/stack.c %D%/stack.h \
	%D%/status.c %D%/status.h \
	%D%/target.c %D%/target.h \
	%D%/where.c %D%/where.h \
	$(CONFIG_SOURCES)
gcsweep_LDADD = $(HOUSE_LIBS) $(HOUSE_DEPS)
EXTRA_DIST += %D%/yaml.c %D%/yaml_none.c
