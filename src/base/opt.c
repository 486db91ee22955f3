/* SPDX-License-Identifier: MIT */
/*
 * Defaults, environment, argv, in that order.  getopt_long does the splitting,
 * and hands over operands where they stand: left to itself it would let
 * POSIXLY_CORRECT decide whether an option after an operand is one.
 */
#include "src/base/opt.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/opt_assign.h"
#include "src/base/opt_priv.h"

/* getopt_long answers LONG_BASE + row for options without a letter, and OPERAND
 * for a word that is none. */
enum { OPERAND = 1, LONG_BASE = 256 };

/* One reading of argv. */
struct reader {
	const struct opt *rows;
	unsigned mask;
	struct option *longs;
	struct buf shorts;
	bool *is_operand; /* by index in argv */
};

static void
reader_init(struct reader *r, const struct opt_table *table, unsigned mask,
    int argc)
{
	const struct opt *o;
	size_t n = 0;

	r->rows = table->rows;
	r->mask = mask;
	r->longs = mem_zalloc(OPT_ROWS_MAX + 1, sizeof(*r->longs));
	r->is_operand = mem_zalloc((size_t)argc, sizeof(*r->is_operand));
	buf_init(&r->shorts, 3 * OPT_ROWS_MAX);
	/* '-': operands where they stand; ':': tell of a missing argument. */
	buf_adds(&r->shorts, "-:");
	for (o = table->rows; o->name != NULL; o++) {
		if (!(o->mask & mask))
			continue;
		r->longs[n++] = (struct option){
			.name = o->name,
			.has_arg = opt_is_flag(o) ? no_argument
						  : required_argument,
			.val = LONG_BASE + (int)(o - table->rows),
		};
		if (o->letter != 0)
			buf_addf(&r->shorts, "%c%s", o->letter,
			    opt_is_flag(o) ? "" : ":");
	}
}

static void
reader_release(struct reader *r)
{
	buf_release(&r->shorts);
	free(r->is_operand);
	free(r->longs);
}

static const struct opt *
find_row(const struct reader *r, int got)
{
	const struct opt *o;

	if (got >= LONG_BASE)
		return &r->rows[got - LONG_BASE];
	for (o = r->rows; o->name != NULL; o++) {
		if ((o->mask & r->mask) && o->letter == got)
			return o;
	}
	return NULL;
}

static int
unknown_option(const struct reader *r, const char *word, struct err *err)
{
	const char *name = word + strspn(word, "-");
	const struct opt *o = opt_nearest(r->rows, r->mask, name,
	    strcspn(name, "="));

	if (o == NULL)
		return err_set(err, ERR_USAGE,
		    "unknown option %.*s (see --help)", OPT_QUOTE_MAX, word);
	return err_set(err, ERR_USAGE,
	    "unknown option %.*s; --%s is the nearest (see --help)",
	    OPT_QUOTE_MAX, word, o->name);
}

static int
bad_option(const struct reader *r, int got, char **argv, struct err *err)
{
	const char *word = argv[optind > 0 ? optind - 1 : 0];

	if (got == ':' && optopt > 0 && optopt < LONG_BASE)
		return err_set(err, ERR_USAGE, "-%c needs an argument", optopt);
	if (got == ':')
		return err_set(err, ERR_USAGE, "%s needs an argument", word);
	if (optopt < 0 || (optopt > 127 && optopt < LONG_BASE))
		return err_set(err, ERR_USAGE,
		    "options have ASCII letters only (see --help)");
	if (optopt > 0 && optopt < LONG_BASE)
		return err_set(err, ERR_USAGE,
		    "unknown option -%c (see --help)", optopt);
	if (optopt >= LONG_BASE)
		return err_set(err, ERR_USAGE, "%.*s takes no argument",
		    OPT_QUOTE_MAX, word);
	return unknown_option(r, word, err);
}

/* getopt_long takes any unambiguous beginning of a name; a script that says
 * --port must not mean --port-file today and something else tomorrow. */
static bool
is_spelled_out(const struct opt *o, int got, char **argv)
{
	const char *word = argv[optind - 1];
	size_t n = strlen(o->name);

	if (got < LONG_BASE)
		return true;
	if (!opt_is_flag(o) && word == optarg)
		word = argv[optind - 2];
	return strncmp(word + 2, o->name, n) == 0 &&
	    (word[2 + n] == '\0' || word[2 + n] == '=');
}

static int
load_option(const struct reader *r, int got, char **argv, void *values,
    struct err *err)
{
	const struct opt *o = got == '?' || got == ':' ? NULL
						       : find_row(r, got);
	struct opt_said *said = values;

	if (o == NULL)
		return bad_option(r, got, argv, err);
	if (!is_spelled_out(o, got, argv))
		return err_set(err, ERR_USAGE,
		    "options are not shortened; --%s is the nearest "
		    "(see --help)",
		    o->name);
	if (said->by[o - r->rows] != OPT_BY_LINE)
		opt_set_default(o, values);
	if (opt_set(o, values, optarg, err) != 0)
		return opt_bad_value(o, optarg, NULL, err);
	said->by[o - r->rows] = OPT_BY_LINE;
	return 0;
}

/* The n first words, operands last and else as they were; answers where the
 * operands begin. */
static int
put_in_order(const struct reader *r, char **argv, int n)
{
	char **operands = mem_alloc((size_t)n * sizeof(*operands));
	int n_operands = 0, n_others = 0, i;

	for (i = 0; i < n; i++) {
		if (r->is_operand[i])
			operands[n_operands++] = argv[i];
		else
			argv[n_others++] = argv[i];
	}
	memcpy(argv + n_others, operands,
	    (size_t)n_operands * sizeof(*operands));
	free(operands);
	return n_others;
}

static int
load_argv(struct reader *r, int argc, char **argv, void *values, int *operands,
    struct err *err)
{
	int got;

	opterr = 0;
	optind = 0; /* glibc: start afresh */
	while ((got = getopt_long(argc, argv, r->shorts.data, r->longs,
		    NULL)) != -1) {
		if (got == OPERAND)
			r->is_operand[optind - 1] = true;
		else if (load_option(r, got, argv, values, err) != 0)
			return -1;
	}
	/* What follows "--" stands at the end already. */
	*operands = put_in_order(r, argv, optind);
	return 0;
}

/* --- who said what --- */

/* Puts the variable in front, if one is to blame. */
static int
blame(const struct opt_said *said, const struct opt *o, struct err *err)
{
	enum opt_source by = (enum opt_source)said->by[o - said->table->rows];
	char variable[OPT_VARIABLE_MAX];

	opt_variable(said->table, o, variable);
	if (by == OPT_BY_VARIABLE || by == OPT_BY_PREFIX)
		err_wrap(err, "%s in the environment",
		    by == OPT_BY_VARIABLE ? o->env : variable);
	return -1;
}

/* The row of that name that was said by the strongest source, or NULL. */
static const struct opt *
find_said(const struct opt_said *said, const char *name)
{
	const struct opt *rows = said->table->rows, *o, *best = NULL;

	for (o = rows; o->name != NULL; o++) {
		if (strcmp(o->name, name) == 0 && said->by[o - rows] != 0 &&
		    (best == NULL ||
			said->by[o - rows] > said->by[best - rows]))
			best = o;
	}
	return best;
}

enum opt_source
opt_said_by(const struct opt_said *said, const char *name)
{
	const struct opt *o = find_said(said, name);

	return o != NULL ? (enum opt_source)said->by[o - said->table->rows]
			 : OPT_BY_NOBODY;
}

bool
opt_is_spoken(const struct opt_said *said, const char *name)
{
	const struct opt *rows = said->table->rows, *o;

	for (o = rows; o->name != NULL; o++) {
		if (strcmp(o->name, name) == 0 &&
		    said->spoken_by[o - rows] != OPT_BY_NOBODY)
			return true;
	}
	return false;
}

void
opt_format_source(const struct opt_said *said, const struct opt *row,
    struct buf *out)
{
	enum opt_source by = OPT_BY_NOBODY;
	char variable[OPT_VARIABLE_MAX];
	const struct opt *o;

	/* -n and -d are two rows of one name. */
	for (o = said->table->rows; o->name != NULL; o++) {
		enum opt_source other =
		    (enum opt_source)said->spoken_by[o - said->table->rows];

		if (o->offset == row->offset && other > by)
			by = other;
	}
	switch (by) {
	case OPT_BY_NOBODY:
		buf_adds(out, "default");
		break;
	case OPT_BY_VARIABLE:
		buf_adds(out, row->env);
		break;
	case OPT_BY_PREFIX:
		opt_variable(said->table, row, variable);
		buf_adds(out, variable);
		break;
	case OPT_BY_LINE:
		buf_addf(out, "--%s", row->name);
	}
}

int
opt_refuse(const struct opt_said *said, const char *name, const char *rule,
    struct err *err)
{
	const struct opt *o = find_said(said, name);

	if (o == NULL)
		return 0;
	err_set(err, ERR_USAGE, "--%s %s", name, rule);
	return blame(said, o, err);
}

int
opt_wrap(const struct opt_said *said, const char *name, struct err *err)
{
	const struct opt *o = find_said(said, name);

	err_wrap(err, "--%s", name);
	return o != NULL ? blame(said, o, err) : -1;
}

/* A variable is set once and for all: what is typed now may contradict it. */
static int
settle_rivals(struct opt_said *said, struct err *err)
{
	const struct opt *rows = said->table->rows, *o, *rival, *loser;

	for (o = rows; o->name != NULL; o++) {
		unsigned char *mine = &said->by[o - rows], *other;

		rival = o->rival != NULL ? find_said(said, o->rival) : NULL;
		if (*mine == OPT_BY_NOBODY || rival == NULL)
			continue;
		other = &said->by[rival - rows];
		if (*mine == *other) {
			err_set(err, ERR_USAGE, "--%s and --%s contradict",
			    o->name, rival->name);
			return blame(said, o, err);
		}
		loser = *mine < *other ? o : rival;
		opt_set_default(loser, said);
		said->by[loser - rows] = OPT_BY_NOBODY;
		said->spoken_by[loser - rows] = OPT_BY_NOBODY;
	}
	return 0;
}

/* Is something to be done that needs no options at all? */
static bool
has_action(const struct opt_said *said)
{
	const struct opt *rows = said->table->rows, *o;

	for (o = rows; o->name != NULL; o++) {
		if (o->type == OPT_ACTION && said->by[o - rows] != 0)
			return true;
	}
	return false;
}

int
opt_parse(const struct opt_table *table, unsigned mask, int argc, char **argv,
    void *values, int *operands, struct err *err)
{
	struct err outside = ERR_INIT;
	struct reader r;
	int rc, rc_outside;

	opt_defaults(table, mask, values);
	rc_outside = opt_load_environment(table, mask, values, &outside);
	reader_init(&r, table, mask, argc);
	rc = load_argv(&r, argc, argv, values, operands, err);
	reader_release(&r);
	if (rc != 0 || has_action(values))
		return rc;
	if (rc_outside != 0) {
		*err = outside;
		return -1;
	}
	opt_forget_defaults(values);
	return settle_rivals(values, err);
}
