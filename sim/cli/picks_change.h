/* SPDX-License-Identifier: GPL-3.0-or-later
   Membership changes in the midst of bare decisions, so that what a product did under them
   can be reproduced. */
#ifndef SIM_CLI_PICKS_CHANGE_H
#define SIM_CLI_PICKS_CHANGE_H

#include "models/backends.h"
#include "sim/cli/picks_input.h"

enum picks_verb { PICKS_REMOVE, PICKS_ADD, PICKS_DOWN, PICKS_UP, PICKS_WEIGHT };

struct picks_changes {
    struct picks_change {
        uint64_t after; /* so many requests */
        enum picks_verb verb;
        backend_id pod;
        double weight; /* from then on, of PICKS_ADD and PICKS_WEIGHT */
        bool together; /* with the next one, as one change to the policy */
    } *list;           /* rising by `after` */
    size_t count;
};

extern const struct option picks_change;

/* Reads what --change says about `requests` requests.  New pods are appended to those of the
   input.  Returns STATUS_FINE or a status after messages. */
int picks_change_read(const struct command_line *line, uint64_t requests,
                      struct picks_input *input, struct arena *arena,
                      struct picks_changes *changes);

/* Carries out the changes from `next` on that are due before request `number`, which counts
   from 0.  Returns the next one.  `pods` are those that the backends were opened with. */
size_t picks_change_apply(const struct picks_changes *changes, size_t next, uint64_t number,
                          struct backends *backends, struct backend *pods);

#endif
