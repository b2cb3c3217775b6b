/* SPDX-License-Identifier: GPL-3.0-or-later
   Documents bound to structs by parameter tables, and everything else that the tables
   know: explanations, the resolved document, the JSON Schema.  libfyaml is used here only:
   documents are parsed unresolved, aliases followed with a budget, diagnostics collected. */
#ifndef SIM_CONFIG_CONFIG_H
#define SIM_CONFIG_CONFIG_H

#include "sim/config/problem.h"
#include "sim/config/source.h"
#include "sim/engine/output.h"
#include "sim/engine/param.h"

/* What was bound, and where each value stood. */
struct config;

/* `--set PATH=VALUE`: PATH is keys joined by dots; items of a list by number from 0 or by
   the value of their `name`; VALUE is YAML. */
struct config_setting {
    const char *path, *value;
    const char *shown; /* what the user typed: an option, a blank and its argument, which
                          should end with the value and may have the end of the path and a
                          '=' before it; NULL: "--set PATH=VALUE" */
};

/* Binds one document (YAML or JSON) to `root` by `table`, after applying the settings.  A
   document whose top level has the key `scenario` (run.json) is bound from that key.
   Relative paths start from the source's folder; in a run.json and in settings, from the
   current one.  All memory, the config's too, comes from `arena`.  NULL after adding
   problems: all of them, not the first only. */
struct config *config_bind(const struct source *source, const struct param *table,
                           void *root, const struct config_setting *settings,
                           size_t setting_count, struct arena *arena,
                           struct problems *problems);

/* Where the value of a bound field, list item or map stood: `address` is that of the field
   in the bound structs.  Of a defaulted one, the place of the nearest map around it. */
struct mark config_mark(const struct config *config, const void *address);

/* Parses one value in scenario syntax, as the row, a scalar, would take it; texts point into
   `text`.  False with a message. */
bool config_parse(const struct param *row, const char *text, void *field, char *message,
                  size_t size);

/* Writes `root` as canonical JSON (sorted keys, every default filled in, values in scenario
   syntax such as "250ms") which binds to the same values again.  `indent` is the depth of
   the JSON around it, after json_key; at 0 the line is ended too. */
void config_dump(const struct param *table, const void *root, struct output *output,
                 int indent);

/* Writes the JSON Schema (draft-07) of the documents that the table accepts. */
void config_schema(const struct param *table, const char *title, struct output *output);

/* Explains the key at `path` ("clients.arrivals.poisson.rate"; list items need no index),
   as kubectl explain does: type, default, range, help, and the keys below.  False after
   adding a problem with the nearest path. */
bool config_explain(const struct param *table, const char *path, struct output *output,
                    struct problems *problems);
/* Explains a kind: summary, parameters with types, defaults and ranges. */
void config_explain_kind(const struct kind *kind, enum param_type unit,
                         struct output *output);

/* Shows a value as scenario syntax has it: "250ms", "1800/s", "25%", "64Ki". */
void config_format(const struct param *row, const void *field, char *text, size_t size);

#endif
