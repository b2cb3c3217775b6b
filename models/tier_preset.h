/* SPDX-License-Identifier: GPL-3.0-or-later
   Presets of a tier: what stands on the ways that requests really take, in the words of an entry
   of `balancers`. */
#ifndef MODELS_TIER_PRESET_H
#define MODELS_TIER_PRESET_H

#include "sim/engine/param.h"

extern const struct kind_list tier_presets;

/* As struct param's settings. */
const char *tier_preset_settings(const struct kind *kind);

#endif
