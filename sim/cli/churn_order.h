/* SPDX-License-Identifier: GPL-3.0-or-later
   The change that lbsim churn is asked for. */
#ifndef SIM_CLI_CHURN_ORDER_H
#define SIM_CLI_CHURN_ORDER_H

#include "sim/cli/picks_input.h"

struct churn_order {
    uint32_t first_count; /* of the input's pods so many are there at first; then those added */
    uint8_t *is_removed;  /* by pod */
};

extern const struct option churn_order_add, churn_order_remove;

/* Reads --add and --remove: added pods are appended to those of the input, or moved behind
   them when they are named there.  Returns STATUS_FINE or a status after messages. */
int churn_order_read(const struct command_line *line, struct picks_input *input,
                     struct arena *arena, struct churn_order *order);

#endif
