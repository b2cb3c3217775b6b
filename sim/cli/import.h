/* SPDX-License-Identifier: GPL-3.0-or-later
   `lbsim import`: an access log or a public trace becomes a CSV for replay, with an account
   of what was read, what was skipped and why, and whether its times can be trusted. */
#ifndef SIM_CLI_IMPORT_H
#define SIM_CLI_IMPORT_H

#include "sim/engine/clock.h"
#include "sim/engine/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a request in a replay file has.  Only the time is always there. */
enum import_role {
    IMPORT_TIME,
    IMPORT_KEY,
    IMPORT_SIZE,
    IMPORT_USER,
    IMPORT_DEMAND,
    IMPORT_ROLES
};

/* IMPORT_TABLE: CSV with a header; the others are access logs, each with more at the end of
   its lines than the one before it. */
enum import_kind { IMPORT_COMMON, IMPORT_COMBINED, IMPORT_NGINX, IMPORT_TABLE };

struct import_format {
    const char *name, *summary;
    enum import_kind kind;
    const char *columns[IMPORT_ROLES]; /* of a table, by default; of a log, the way to form
                                          the key ("path"); NULL: none */
    sim_time time_unit, demand_unit;   /* of 1 in those columns; 0: must be said */
    const char *note;                  /* what to know of its figures; NULL: nothing */
};

const struct import_format *import_format_at(size_t index); /* NULL past the end */
const struct import_format *import_format_find(const char *name);

struct import_order {
    const struct import_format *format;
    const char *file;   /* plain or zstd; "-": standard input */
    const char *target; /* "-": standard output; NULL: named after the file, in the current
                           folder */
    bool force;         /* replace the target */
    const char *columns[IMPORT_ROLES]; /* NULL: the format's; "none": leave it out; key of a
                                          log: path, query or client */
    sim_time time_unit, demand_unit;   /* 0: the format's */
};

enum { IMPORT_REASONS = 32, IMPORT_FIRST = 3, IMPORT_WARNINGS = 4, IMPORT_NAME = 4096 };

/* Why lines were skipped, and where first. */
struct import_reason {
    const char *text;
    uint64_t count;
    uint64_t lines[IMPORT_FIRST], columns[IMPORT_FIRST];
};

struct import_account {
    const struct import_format *format;
    const char *file;         /* as shown */
    char target[IMPORT_NAME]; /* the file written; "-": standard output */
    bool has[IMPORT_ROLES];   /* columns written */
    uint64_t lines, blank, requests, skipped;
    uint64_t out_of_order;    /* earlier than one before them in the file */
    struct import_reason reasons[IMPORT_REASONS]; /* in order of appearance */
    size_t reason_count;
    sim_time span;
    double rate;              /* 1/s; NaN without a span */
    double gap_cv;            /* NaN with fewer than three requests or no span */
    sim_time tick;            /* the largest step that all stamps are multiples of; of no
                                 meaning without a span */
    double shared_stamps;     /* share of requests whose stamp another one has */
    bool unusable;            /* the stamps cannot be real arrival times */
    uint64_t keys, users, upstreams; /* distinct */
    double top_share;         /* of the five most wanted keys */
    double size_mean;
    double demand_mean;       /* ns */
    sim_time demand_p99;
    char warnings[IMPORT_WARNINGS][256];
    size_t warning_count;
};

struct import_failure {
    int status;    /* exit status */
    uint64_t line; /* of the file, where it is STATUS_INVALID; 0: the file as a whole */
    char message[1024];
    char hint[1024]; /* "": none */
};

/* Reads, sorts, sums up and writes.  On failure nothing is left under the target's name. */
bool import_run(const struct import_order *order, struct import_account *account,
                struct import_failure *failure);

/* "s", "ms", "250us" as nanoseconds; false where it is none of these. */
bool import_format_unit(const char *text, sim_time *unit);

void import_print_text(const struct import_account *account, struct output *output);
void import_print_json(const struct import_account *account, struct output *output);

#endif
