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

enum { PICKS_PODS_MAX = 1000000 };

extern const struct option picks_pods, picks_pods_file, picks_keys_file, picks_hashes_file;
extern const struct option picks_pods_counted; /* --pods that takes a number, too */

/* Reads what the options name.  Returns STATUS_FINE or a status after messages; picks_close
   frees in either case. */
int picks_read(const struct command_line *line, struct picks_input *input);
void picks_close(struct picks_input *input);

/* Appends a pod of weight 1; `name` must outlive the input.  Valid until the next one. */
struct backend *picks_add_pod(struct picks_input *input, const char *name);
/* Notes a name; false when it was known already. */
bool picks_is_new(struct picks_input *input, const char *name);
/* A weight, or false with a message; and a whole number of decimal digits. */
bool picks_parse_weight(const char *text, double *weight, char *message, size_t size);
bool picks_parse_count(const char *text, uint64_t *count);

#endif
