/* SPDX-License-Identifier: GPL-3.0-or-later
   A table of short texts, printed for a terminal, as Markdown or HTML.  Names may hold anything:
   what a terminal or a page would act upon is defused on the way out. */
#ifndef SIM_REPORT_TABLE_H
#define SIM_REPORT_TABLE_H

#include "sim/engine/output.h"

enum table_style { TABLE_PLAIN, TABLE_COLOR, TABLE_MARKDOWN, TABLE_HTML };

struct measure;

struct table_cell {
    char *text, *tail; /* tail: aligned for itself, "" where there is none */
    bool bold;
    const struct measure *measure; /* behind it, for the CSV in a page; NULL: none */
};

/* Zeroed but for `title`, `columns` and `labels`: an empty table. */
struct table {
    const char *title; /* for HTML */
    size_t columns;
    size_t labels; /* leading columns of names, aligned to the left */
    struct table_cell *cells; /* row by row; the first row is the head */
    size_t count, room;
};

/* Adds the next cell; texts are copied.  Returns it, valid until the next call. */
struct table_cell *table_add(struct table *table, const char *text, const char *tail);
void table_print(const struct table *table, enum table_style style, struct output *output);
void table_free(struct table *table);

/* Text in the midst of other text, defused for the style. */
void table_print_text(const char *text, enum table_style style, struct output *output);

/* What stands before an item of a list. */
const char *table_bullet(enum table_style style);

void table_html_print(const struct table *table, struct output *output);

/* Columns that a terminal needs for a defused text. */
size_t table_width(const char *text);

#endif
