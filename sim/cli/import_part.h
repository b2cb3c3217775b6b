/* SPDX-License-Identifier: GPL-3.0-or-later
   What the parts of `lbsim import` share: lines, parsers of one line, names, requests. */
#ifndef SIM_CLI_IMPORT_PART_H
#define SIM_CLI_IMPORT_PART_H

#include "sim/cli/import.h"
#include "sim/cli/import_names.h"
#include "sim/engine/csv_input.h"

enum { IMPORT_LINE_LIMIT = 64 * 1024, IMPORT_COLUMNS = 256 };

/* A line without its end, valid until the next one; text[size] is NUL. */
struct import_line {
    const char *text;
    size_t size;
    uint64_t number;   /* from 1 */
    bool is_cut;       /* was longer than IMPORT_LINE_LIMIT; only its beginning is here */
    size_t nul_column; /* of the first NUL byte, from 1; 0: has none */
};

struct import_lines {
    struct csv_input *input;
    const char *block; /* what is left of it */
    size_t left;
    char *buffer;
    uint64_t number;
    char error[256]; /* "": none */
};

/* False, with error set, where the file cannot be read as text. */
bool import_lines_open(struct import_lines *lines, const char *path);
bool import_lines_next(struct import_lines *lines, struct import_line *line);
void import_lines_close(struct import_lines *lines);

/* Sets status and message, leaves the hint; always false. */
bool import_fail(struct import_failure *failure, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What one line says. */
struct import_fields {
    int64_t stamp;  /* ns since 1970, or since whatever the file counts from */
    int minute;     /* of the hour, by the file's own clock; -1: stamps are plain numbers */
    struct import_text key, user, upstream;
    int64_t size, demand;
};

/* Why a line does not parse, and where. */
struct import_fault {
    const char *reason;
    size_t column; /* from 1 */
};

struct import_parser {
    const struct import_format *format;
    const char *columns[IMPORT_ROLES]; /* NULL: left out */
    sim_time time_unit, demand_unit;   /* 0: unknown */
    ptrdiff_t at[IMPORT_ROLES];        /* of a table: index of the column, or -1 */
    size_t column_count;
    char delimiter;
    char *scratch;                     /* IMPORT_LINE_LIMIT + 1 bytes */
};

/* Settles what is to be read.  False, with a usage failure, where the order does not suit
   the format. */
bool import_parser_open(struct import_parser *parser, const struct import_order *order,
                        struct import_failure *failure);
void import_parser_close(struct import_parser *parser);
bool import_parser_parse(struct import_parser *parser, const struct import_line *line,
                  struct import_fields *fields, struct import_fault *fault);

/* Parsers of one kind. */
bool import_log_parse(const struct import_parser *parser, const struct import_line *line,
                      struct import_fields *fields, struct import_fault *fault);
/* "[17/May/2015:10:05:03 +0000]": the stamp and the minute; false if it is none. */
bool import_log_stamp(const char *text, size_t size, struct import_fields *fields);
bool import_table_header(struct import_parser *parser, const struct import_line *line,
                         struct import_failure *failure);
bool import_table_parse(const struct import_parser *parser, const struct import_line *line,
                        struct import_fields *fields, struct import_fault *fault);
/* The columns that a header line names, for messages: "a, b, c". */
void import_table_list(const struct import_line *line, char *list, size_t size);

/* The first lines of a file, kept to tell which format would suit. */
enum { IMPORT_HEAD = 50 };
struct import_head {
    struct import_line lines[IMPORT_HEAD];
    size_t count;
    struct arena arena;
};

void import_guess_keep(struct import_head *head, const struct import_line *line);
/* The format that parses most of the first lines, NULL where none parses half; the hint says
   so, or how csv could read them, or is "". */
const struct import_format *import_guess(const struct import_head *head, char *hint,
                                         size_t size);

struct import_request {
    int64_t stamp;
    uint64_t order; /* in the file */
    int64_t size, demand;
    uint32_t key, user;
};

/* All that was kept of a file. */
struct import_harvest {
    struct import_request *requests; /* in order of time once read */
    size_t count, room;
    struct import_names keys, users, upstreams;
    uint64_t minutes; /* bit set of fields.minute */
    bool has_minutes;
    int64_t latest;
};

/* One import under way. */
struct import_work {
    const struct import_order *order;
    struct import_account *account;
    struct import_failure *failure;
    struct import_parser parser;
    struct import_head head;
    struct import_harvest harvest;
};

/* Reads the file into the harvest and the account. */
bool import_read(struct import_work *work);

/* Fills the account's figures and warnings. */
void import_account_fill(struct import_account *account,
                         const struct import_harvest *harvest);
/* The tick as scenarios write it ("100ms"), and in words ("whole seconds"). */
const char *import_account_tick_name(sim_time tick);

#endif
