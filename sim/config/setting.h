/* SPDX-License-Identifier: GPL-3.0-or-later
   `--set PATH=VALUE` as a change of the parsed document, before it is bound. */
#ifndef SIM_CONFIG_SETTING_H
#define SIM_CONFIG_SETTING_H

#include "sim/config/config.h"
#include "sim/config/node.h"

/* The document with the setting applied; the same one after adding a problem. */
const struct node *setting_apply(const struct node *root, const struct param *table,
                                 const struct config_setting *setting, struct arena *arena,
                                 struct problems *problems);

#endif
