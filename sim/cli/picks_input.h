/* SPDX-License-Identifier: GPL-3.0-or-later
   What bare decisions are made from: pods and keys as the user gives them. */
#ifndef SIM_CLI_PICKS_INPUT_H
#define SIM_CLI_PICKS_INPUT_H

#include "models/policy.h"
#include "sim/cli/command.h"
#include "sim/cli/import_names.h"

struct picks_input {
    struct backend *pods;
    size_t pod_count;
    struct request *requests; /* one for each key or hash; of numbered ones only `key` */
    size_t request_count;     /* 0: neither keys nor hashes were given */
    struct import_names names; /* of the pods */
    struct arena arena;
};

extern const struct option picks_pods, picks_pods_file, picks_keys_file, picks_hashes_file;

/* Reads what the options name.  Returns STATUS_FINE or a status after messages; picks_close
   frees in either case. */
int picks_read(const struct command_line *line, struct picks_input *input);
void picks_close(struct picks_input *input);

#endif
