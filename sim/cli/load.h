/* SPDX-License-Identifier: GPL-3.0-or-later
   A scenario as the command line asks for it: loaded, with --set and its short forms applied
   and the policies of --policy in place of its own. */
#ifndef SIM_CLI_LOAD_H
#define SIM_CLI_LOAD_H

#include "models/scenario.h"
#include "sim/cli/command.h"
#include "sim/cli/expectations.h"

struct loaded {
    const char *path;
    struct scenario *scenario;
    struct expectations expectations;
    struct param_list vary; /* of struct scenario_vary; the scenario itself has none left */
    struct arena arena; /* owns all of it */
};

/* Settings that come after those of --set. */
struct load_further {
    const struct config_setting *settings;
    size_t count;
};

/* Returns STATUS_FINE, or a status after messages; then nothing needs freeing. */
int load_scenario(const struct command_line *line, const char *path, struct loaded *loaded);
/* The same with further settings, of one that was loaded before without: warnings are not
   repeated. */
int load_scenario_with(const struct command_line *line, const char *path,
                       const struct load_further *further, struct loaded *loaded);
/* Whether the scenario takes a further setting; adds problems, whose sources live in
   `arena`. */
bool load_try(const struct command_line *line, const char *path,
              const struct config_setting *setting, struct arena *arena,
              struct problems *problems);
void load_free(struct loaded *loaded);

/* The policies that the scenario compares; at least one. */
struct param_list *load_policies(const struct scenario *scenario);

/* The row of a dotted path in a table ("run.seed"); NULL where there is none. */
const struct param *load_row(const struct param *table, const char *path);

#endif
