/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim picks: the bare decisions of a policy, without simulation, so that anybody can hold it
   against the real product.  The same host code as in a run keeps the books. */
#include "models/backends.h"
#include "sim/cli/command.h"
#include "sim/cli/picks_input.h"
#include "sim/cli/talk.h"
#include "sim/config/config.h"

#include <stdio.h>
#include <string.h>

enum { PICKS_REQUESTS_DEFAULT = 10 };

static const struct option picks_requests = {
    .name = "requests", .letter = 'n', .argument = "N",
    .help = "how many (default: one for each key, or 10); keys come round again",
};

static const struct option picks_hold = {
    .name = "hold", .help = "requests never finish; without it each ends at once",
};

/* What the policy's name and --set are bound to. */
struct picks_choice {
    struct param_kind policy;
};

static const struct param picks_table[] = {
    {.key = "policy", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct picks_choice, policy, struct param_kind),
     .of.kinds = &policy_kinds, .help = "the policy that decides"},
    PARAM_END,
};

static const char *picks_policy_name(const struct command_line *line)
{
    return line->operands[0];
}

static bool picks_is_known(const char *name)
{
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        if (strcmp(policy_kinds.at(i)->name, name) == 0)
            return true;
    return false;
}

/* --set choices=3 is about the policy's own parameters. */
static int picks_settings(const struct command_line *line, struct arena *arena,
                          struct config_setting *settings, size_t *count)
{
    const char *text;
    for (*count = 0; (text = option_value_at(line, &option_set, *count)) != NULL; ++*count) {
        const char *equals = strchr(text, '=');
        if (equals == NULL || equals == text)
            return talk_usage(line->command, NULL, "--set takes KEY=VALUE, not '%s'", text);
        size_t size = strlen(picks_policy_name(line)) + strlen(text) + 16;
        char *path = arena_take(arena, size, 1), *shown = arena_take(arena, size, 1);
        snprintf(path, size, "policy.%s.%.*s", picks_policy_name(line), (int)(equals - text),
                 text);
        snprintf(shown, size, "--set %s", text);
        settings[*count] = (struct config_setting){path, equals + 1, shown};
    }
    return STATUS_FINE;
}

static int picks_bind(const struct command_line *line, struct arena *arena,
                      struct picks_choice *choice)
{
    if (!picks_is_known(picks_policy_name(line)))
        return talk_unknown_policy(line->command, picks_policy_name(line));
    struct config_setting *settings =
        arena_take(arena, line->given_count + 1, sizeof *settings);
    size_t count, size = strlen(picks_policy_name(line)) + 32;
    int status = picks_settings(line, arena, settings, &count);
    if (status != STATUS_FINE)
        return status;
    char *text = arena_take(arena, size, 1);
    int length = snprintf(text, size, "policy: {%s: {}}\n", picks_policy_name(line));
    struct problems problems = {0};
    const struct source *source =
        source_of_text("policy", text, (size_t)length, arena, &problems);
    if (source != NULL)
        config_bind(source, picks_table, choice, settings, count, arena, &problems);
    return talk_problems(line, &problems);
}

/* What an oracle would hear: with no other balancer, the outstanding requests are the load. */
static void picks_tell(struct backends *backends, backend_id backend)
{
    if (backends->ops->hear == NULL)
        return;
    uint32_t load = backends->outstanding[backend];
    struct load_report report = {
        .backend = backend, .in_flight = load, .free_workers = load == 0, .speed = 1};
    backends->ops->hear(backends->state, &backends->view, &report);
}

static void picks_finish(struct backends *backends, backend_id backend)
{
    backends_done(backends, backend);
    struct outcome_report outcome = {.backend = backend, .success = true};
    if (backends->ops->learn != NULL)
        backends->ops->learn(backends->state, &backends->view, &outcome);
    picks_tell(backends, backend);
}

/* A field of CSV of any bytes. */
static void picks_print_bytes(struct output *output, const char *bytes, size_t size)
{
    if (memchr(bytes, '\0', size) == NULL) {
        output_field(output, bytes);
        return;
    }
    output_text(output, "\"");
    for (size_t i = 0; i < size; i++)
        output_bytes(output, bytes[i] == '"' ? "\"\"" : &bytes[i], bytes[i] == '"' ? 2 : 1);
    output_text(output, "\"");
}

/* With keys "key,pod" a line, without "request,key,pod". */
static void picks_print(struct output *output, const struct request *request, uint64_t number,
                        const char *pod)
{
    if (request->key_text == NULL) {
        output_unsigned(output, number);
        output_text(output, ",");
        output_unsigned(output, request->key);
    } else {
        picks_print_bytes(output, request->key_text, request->key_size);
    }
    output_text(output, ",");
    output_field(output, pod);
    output_text(output, "\n");
}

static void picks_make(struct backends *backends, const struct picks_input *input,
                       uint64_t count, bool hold, struct output *output)
{
    for (uint32_t i = 0; i < input->pod_count; i++)
        picks_tell(backends, i);
    for (uint64_t number = 0; number < count && output_error(output) == 0; number++) {
        struct request request = {.key = number};
        if (input->request_count > 0)
            request = input->requests[number % input->request_count];
        backend_id pick = backends_pick(backends, 0, &request);
        picks_print(output, &request, number,
                    pick == NO_BACKEND ? "" : input->pods[pick].name);
        if (pick == NO_BACKEND)
            continue;
        backends_sent(backends, pick);
        picks_tell(backends, pick);
        if (!hold)
            picks_finish(backends, pick);
    }
}

static int picks_with(const struct command_line *line, const struct picks_input *input,
                      struct arena *arena)
{
    struct picks_choice choice = {0};
    int status = picks_bind(line, arena, &choice);
    if (status != STATUS_FINE)
        return status;
    uint64_t seed = 1;
    uint64_t count =
        input->request_count > 0 ? input->request_count : PICKS_REQUESTS_DEFAULT;
    if (!option_number(line, &option_seed, 0, UINT64_MAX, &seed) ||
        !option_number(line, &picks_requests, 1, UINT64_C(1) << 40, &count))
        return STATUS_USAGE;
    struct backends backends;
    backends_open(&backends, &choice.policy, input->pods, (uint32_t)input->pod_count,
                  (struct backends_place){UINT32_MAX, 1, 0, rng_key(seed, "picks", 0), 0}, arena);
    struct output *output = talk_open_stdout();
    picks_make(&backends, input, count, option_is_given(line, &picks_hold), output);
    return talk_close(output, "standard output");
}

static int cmd_picks_run(const struct command_line *line)
{
    struct picks_input input;
    struct arena arena = {0};
    int status = picks_read(line, &input);
    if (status == STATUS_FINE)
        status = picks_with(line, &input, &arena);
    picks_close(&input);
    arena_free(&arena);
    return status;
}

static const struct option *const cmd_picks_options[] = {
    &picks_pods,     &picks_pods_file, &picks_keys_file, &picks_hashes_file,
    &picks_requests, &picks_hold,      &option_set,      &option_seed,
    &option_color,   NULL,
};

static const char *const cmd_picks_examples[] = {
    "lbsim picks round_robin --pods a:5,b:1,c:1 --requests 7",
    "lbsim picks p2c --pods a,b,c,d --requests 20 --hold --set choices=3",
    "printf 'name,weight\\na,5\\nb,1\\n' > pods.csv && seq 9 > keys.txt",
    "lbsim picks least_connections --pods-file pods.csv --keys-file keys.txt",
    NULL,
};

const struct command command_picks = {
    .name = "picks",
    .summary = "the bare decisions of a policy, without simulation",
    .operands = "POLICY",
    .operand_min = 1,
    .operand_max = 1,
    .complete = COMPLETE_POLICY,
    .options = cmd_picks_options,
    .examples = cmd_picks_examples,
    .details = "Prints request,key,pod a line; with keys or hashes from a file key,pod.\n"
               "Requests and keys without a file are numbered from 0.  Keys and names with\n"
               "commas, quotes or line ends stand in quotes, as in any CSV.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID},
    .run = cmd_picks_run,
};
