/* SPDX-License-Identifier: GPL-3.0-or-later
   What a parameter is.  A row is the only place where a key is written: parser, defaults,
   range checks, explain, reference, JSON Schema and the resolved scenario all read it.
   This file says shapes only; sim/config binds documents to them. */
#ifndef SIM_ENGINE_PARAM_H
#define SIM_ENGINE_PARAM_H

#include "sim/engine/arena.h"
#include "sim/engine/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_type {
    PARAM_BOOL,     /* bool: true or false */
    PARAM_COUNT,    /* uint64_t: 12, 100k, 1M, 2G (thousands) */
    PARAM_NUMBER,   /* double, no unit */
    PARAM_RATIO,    /* double: 25% or 0.25 */
    PARAM_DURATION, /* sim_time: 250ms; units ns us ms s m h d */
    PARAM_RATE,     /* double, per second: 1800/s, 5/m, 10k/s */
    PARAM_SIZE,     /* uint64_t bytes: 200B, 4KB, 1.5Ki, 2MiB */
    PARAM_QUANTITY, /* double in the unit of the enclosing PARAM_KIND row: ns, bytes or 1 */
    PARAM_NAME,     /* const char *: 1 to 64 of A-Z a-z 0-9 . _ -, first a letter or digit */
    PARAM_TEXT,     /* const char *: UTF-8 without control characters, up to 1 KiB */
    PARAM_PATH,     /* const char *: a file, relative to the scenario's folder */
    PARAM_CHOICE,   /* uint32_t: the index of one of `words` */
    PARAM_MAP,      /* an embedded struct bound by `fields` */
    PARAM_LIST,     /* struct param_list: each item a value of row `item` */
    PARAM_KIND,     /* struct param_kind: one of the registry `kinds` */
};

/* A list as bound: `count` items of row item's C type, laid side by side. */
struct param_list {
    void *items;
    size_t count;
};

#define PARAM_ITEM(list, type, index) (&((const type *)(list).items)[index])

/* A member of a growing set (distribution, arrival process, policy, fault), as its registry
   lists it.  Embedded as the first member `kind` of the set's own ops struct. */
struct kind {
    const char *name;    /* as in scenarios */
    const char *summary; /* one line for help and reference */
    const struct param *params; /* NULL: takes none */
    size_t config_size;
    /* Checks fields against each other and may prepare what they imply (tables, files).
       Called once after binding; on failure writes one line without final stop, saying what
       would work, and returns false.  May be NULL. */
    bool (*check)(void *config, struct arena *arena, char *message, size_t size);
};

/* A growing set.  `at` returns NULL past the end. */
struct kind_list {
    const char *noun;      /* "policy" */
    const char *shorthand; /* kind whose first parameter a bare value sets, or NULL */
    const struct kind *(*at)(size_t index);
};

/* A chosen kind as bound: kind NULL where an optional one is absent. */
struct param_kind {
    const struct kind *kind;
    void *config;      /* config_size bytes, or NULL where the kind takes no parameters */
    const char *label; /* value of `as:` where the row allows it, else the kind's name */
};

struct param {
    const char *key;
    enum param_type type;
    size_t offset;        /* in the struct that the table binds */
    const char *fallback; /* default in scenario syntax; NULL: required; "": may be absent,
                             the field stays zero */
    double min, max;      /* inclusive, in base units (ns, bytes, 1/s, 1); for a list the
                             number of items; both 0: no bound beyond the type's own */
    const char *help;     /* one line */
    const char *also;     /* one word accepted beside values ("auto", "none", "unlimited"),
                             stored as the type's largest: SIM_NEVER, UINT64_MAX, INFINITY */
    union {
        const char *const *words;   /* PARAM_CHOICE: ends with NULL */
        const struct param *fields; /* PARAM_MAP: ends with PARAM_END */
        const struct param *item;   /* PARAM_LIST: one row; a single value stands for a list
                                       of one */
        const struct kind_list *kinds; /* PARAM_KIND */
    } of;
    size_t size;          /* PARAM_MAP as a list item: bytes of the struct */
    enum param_type unit; /* PARAM_KIND: what PARAM_QUANTITY inside it measures:
                             PARAM_DURATION, PARAM_SIZE or PARAM_NUMBER */
    bool keyed;           /* PARAM_LIST of PARAM_MAP: {KEY: VALUES, …} stands for a list of maps
                             with KEY, a text, under the first of their keys and VALUES under the
                             second: where that is a list, texts or what is spelled as such */
    bool labelled;        /* PARAM_KIND: accepts a sibling key `as: NAME` */
    bool beside;          /* PARAM_KIND in a map, at most one: its key takes the kind's name
                             alone, and the kind's parameters are keys of the same map:
                             {kind: errors, from: 3m, status: 503} */
    /* PARAM_KIND in a map, at most one: its kinds are presets.  Says what stands for the keys of
       the same map that are not given, as a map in scenario syntax; a key that is given wins
       with all below it. */
    const char *(*settings)(const struct kind *kind);
};

#define PARAM_END {.key = NULL}

/* The offset of a field that must have exactly the C type given, or it does not compile. */
#define PARAM_FIELD(section, field, ctype) \
    (offsetof(section, field) + 0 * sizeof(_Generic(((section *)0)->field, ctype: 1)))

#endif
