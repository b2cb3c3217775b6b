/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim churn: maps keys, changes who is there, and maps them again; without simulation, every
   request ending at once. */
#include "sim/cli/bare.h"
#include "sim/cli/churn_order.h"
#include "sim/cli/churn_print.h"
#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <stdlib.h>
#include <unistd.h>

#define CHURN_KEYS_DEFAULT 100000
#define CHURN_KEYS_MAX 100000000

static const struct option churn_keys = {
    .name = "keys", .argument = "N", .help = "how many keys, numbered from 0 (default: 100000)",
};

/* Everything that the user asked for. */
struct cmd_churn {
    struct picks_input input;
    struct churn_order order;
    struct param_kind policy;
    uint64_t seed, key_count;
    struct arena arena;
};

/* Where each key is sent now. */
static backend_id *cmd_churn_map(const struct cmd_churn *churn, struct backends *backends)
{
    backend_id *picks = memory_take(churn->key_count, sizeof *picks);
    for (uint64_t i = 0; i < churn->key_count; i++) {
        struct request request = {.key = i};
        if (churn->input.request_count > 0)
            request = churn->input.requests[i];
        request.user = (uint32_t)i;
        picks[i] = bare_decide(backends, &request, false);
    }
    return picks;
}

static struct bare_order cmd_churn_order(const struct cmd_churn *churn)
{
    return (struct bare_order){.policy = &churn->policy,
                               .pods = churn->input.pods,
                               .pod_count = (uint32_t)churn->input.pod_count,
                               .members = churn->order.first_count,
                               .seed = churn->seed};
}

/* The policy is told of the change, all of it at once. */
static void cmd_churn_in_place(struct cmd_churn *churn, backend_id **before, backend_id **after)
{
    struct arena arena = {0};
    struct bare_order order = cmd_churn_order(churn);
    struct backends backends;
    bare_open(&backends, &order, &arena);
    *before = cmd_churn_map(churn, &backends);
    for (uint32_t i = 0; i < order.pod_count; i++)
        backends_set_member(&backends, i, !churn->order.is_removed[i]);
    backends_update(&backends);
    *after = cmd_churn_map(churn, &backends);
    arena_free(&arena);
}

/* The policy never knew another list than the new one. */
static backend_id *cmd_churn_fresh(struct cmd_churn *churn)
{
    struct arena arena = {0};
    struct bare_order order = cmd_churn_order(churn);
    struct backend *pods = arena_take(&arena, order.pod_count, sizeof *pods);
    backend_id *known = arena_take(&arena, order.pod_count, sizeof *known);
    uint32_t count = 0;
    for (uint32_t i = 0; i < order.pod_count; i++)
        if (!churn->order.is_removed[i]) {
            known[count] = i;
            pods[count++] = order.pods[i];
        }
    order.pods = pods;
    order.pod_count = order.members = count;
    struct backends backends;
    bare_open(&backends, &order, &arena);
    backend_id *picks = cmd_churn_map(churn, &backends);
    for (uint64_t i = 0; i < churn->key_count; i++)
        if (picks[i] != NO_BACKEND)
            picks[i] = known[picks[i]];
    arena_free(&arena);
    return picks;
}

static int cmd_churn_tell(const struct command_line *line, struct cmd_churn *churn)
{
    backend_id *before, *after, *fresh = cmd_churn_fresh(churn);
    cmd_churn_in_place(churn, &before, &after);
    struct churn_story story = {
        .policy = line->operands[0],
        .seed = churn->seed,
        .in_place = {.pods = churn->input.pods,
                     .pod_count = (uint32_t)churn->input.pod_count,
                     .first_count = churn->order.first_count,
                     .is_removed = churn->order.is_removed,
                     .weighted = policy_ops(&churn->policy)->traits & POLICY_WEIGHTED,
                     .before = before,
                     .after = after,
                     .key_count = churn->key_count},
    };
    story.fresh = story.in_place;
    story.fresh.after = fresh;
    struct output *output = talk_open_stdout();
    if (option_word(line, &option_format_json, 0) == 1)
        churn_print_json(&story, output);
    else
        churn_print_text(&story, talk_is_colored(line, STDOUT_FILENO), output);
    free(before);
    free(after);
    free(fresh);
    return talk_close(output, "standard output");
}

static int cmd_churn_read(const struct command_line *line, struct cmd_churn *churn)
{
    int status = bare_bind(line, &churn->arena, &churn->policy);
    if (status != STATUS_FINE)
        return status;
    churn->seed = 1;
    churn->key_count = CHURN_KEYS_DEFAULT;
    if (!option_number(line, &option_seed, 0, UINT64_MAX, &churn->seed) ||
        !option_number(line, &churn_keys, 1, CHURN_KEYS_MAX, &churn->key_count))
        return STATUS_USAGE;
    if (churn->input.request_count > 0)
        churn->key_count = churn->input.request_count;
    return churn_order_read(line, &churn->input, &churn->arena, &churn->order);
}

static int cmd_churn_run(const struct command_line *line)
{
    struct cmd_churn churn = {0};
    bool has_file = option_is_given(line, &picks_keys_file) ||
                    option_is_given(line, &picks_hashes_file);
    if (has_file && option_is_given(line, &churn_keys))
        return talk_usage(line->command, NULL,
                          "--keys and a file of keys or hashes exclude each other");
    int status = picks_read(line, &churn.input);
    if (status == STATUS_FINE)
        status = cmd_churn_read(line, &churn);
    if (status == STATUS_FINE && !(policy_ops(&churn.policy)->traits & POLICY_CONSISTENT))
        talk_note("%s does not promise that keys stay where they are", line->operands[0]);
    if (status == STATUS_FINE)
        status = cmd_churn_tell(line, &churn);
    picks_close(&churn.input);
    arena_free(&churn.arena);
    return status;
}

static const struct option *const cmd_churn_options[] = {
    &picks_pods_counted, &picks_pods_file,    &churn_order_add,   &churn_order_remove,
    &churn_keys,         &picks_keys_file,    &picks_hashes_file, &option_set,
    &option_seed,        &option_format_json, &option_color,      NULL,
};

static const char *const cmd_churn_examples[] = {
    "lbsim churn nginx.hash_consistent --pods 9 --add 1",
    "lbsim churn nginx.hash --pods a:5,b:1,c:1 --remove b --keys 10000 --format json",
    "printf 'name,address\\na,10.0.0.1:80\\nb,10.0.0.2:80\\nc,10.0.0.3:80\\n' > pods.csv",
    "lbsim churn nginx.hash_consistent --pods-file pods.csv --add c",
    NULL,
};

const struct command command_churn = {
    .name = "churn",
    .summary = "keys that move when pods come or go, against the least that must",
    .operands = "POLICY",
    .operand_min = 1,
    .operand_max = 1,
    .complete = COMPLETE_POLICY,
    .options = cmd_churn_options,
    .examples = cmd_churn_examples,
    .details = "The least that must move: the keys of removed pods, and as many keys as make up\n"
               "the share (by weight, if the policy minds weights) that the other pods cede.\n"
               "A pod that --add names joins only then, even if --pods has it.\n"
               "Each key is also asked for by a user of its own, for policies that go by the\n"
               "client's address.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID},
    .run = cmd_churn_run,
};
