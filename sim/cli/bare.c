/* SPDX-License-Identifier: GPL-3.0-or-later
   Binds a policy as a scenario would, and plays the host of its decisions. */
#include "sim/cli/bare.h"

#include "sim/cli/talk.h"
#include "sim/config/config.h"

#include <stdio.h>
#include <string.h>

/* What the policy's name and --set are bound to. */
struct bare_choice {
    struct param_kind policy;
};

static const struct param bare_table[] = {
    {.key = "policy", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct bare_choice, policy, struct param_kind),
     .of.kinds = &policy_kinds, .help = "the policy that decides"},
    PARAM_END,
};

static const char *bare_policy_name(const struct command_line *line)
{
    return line->operands[0];
}

static bool bare_is_known(const char *name)
{
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        if (strcmp(policy_kinds.at(i)->name, name) == 0)
            return true;
    return false;
}

/* --set choices=3 is about the policy's own parameters. */
static int bare_settings(const struct command_line *line, struct arena *arena,
                          struct config_setting *settings, size_t *count)
{
    const char *text;
    for (*count = 0; (text = option_value_at(line, &option_set, *count)) != NULL; ++*count) {
        const char *equals = strchr(text, '=');
        if (equals == NULL || equals == text)
            return talk_usage(line->command, NULL, "--set takes KEY=VALUE, not '%s'", text);
        size_t size = strlen(bare_policy_name(line)) + strlen(text) + 16;
        char *path = arena_take(arena, size, 1), *shown = arena_take(arena, size, 1);
        snprintf(path, size, "policy.%s.%.*s", bare_policy_name(line), (int)(equals - text),
                 text);
        snprintf(shown, size, "--set %s", text);
        settings[*count] = (struct config_setting){path, equals + 1, shown};
    }
    return STATUS_FINE;
}

int bare_bind(const struct command_line *line, struct arena *arena, struct param_kind *policy)
{
    struct bare_choice choice = {0};
    if (!bare_is_known(bare_policy_name(line)))
        return talk_unknown_policy(line->command, bare_policy_name(line));
    struct config_setting *settings =
        arena_take(arena, line->given_count + 1, sizeof *settings);
    size_t count, size = strlen(bare_policy_name(line)) + 32;
    int status = bare_settings(line, arena, settings, &count);
    if (status != STATUS_FINE)
        return status;
    char *text = arena_take(arena, size, 1);
    int length = snprintf(text, size, "policy: {%s: {}}\n", bare_policy_name(line));
    struct problems problems = {0};
    const struct source *source =
        source_of_text("policy", text, (size_t)length, arena, &problems);
    if (source != NULL)
        config_bind(source, bare_table, &choice, settings, count, arena, &problems);
    *policy = choice.policy;
    return talk_problems(line, &problems);
}

/* What an oracle would hear: with no other balancer, the outstanding requests are the load. */
static void bare_tell(struct backends *backends, backend_id backend)
{
    if (backends->ops->hear == NULL)
        return;
    uint32_t load = backends->outstanding[backend];
    struct load_report report = {
        .backend = backend, .in_flight = load, .free_workers = load == 0, .speed = 1};
    backends->ops->hear(backends->state, &backends->view, &report);
}

void bare_open(struct backends *backends, const struct bare_order *order, struct arena *arena)
{
    struct backends_place place = {.limit = UINT32_MAX,
                                   .peers = 1,
                                   .key = rng_key(order->seed, "picks", 0),
                                   .members = order->members};
    backends_open(backends, order->policy, order->pods, order->pod_count, place, arena);
    for (uint32_t i = 0; i < order->pod_count; i++)
        bare_tell(backends, i);
}

static void bare_finish(struct backends *backends, backend_id backend)
{
    backends_done(backends, backend);
    struct outcome_report outcome = {.backend = backend, .success = true};
    if (backends->ops->learn != NULL)
        backends->ops->learn(backends->state, &backends->view, &outcome);
    bare_tell(backends, backend);
}

backend_id bare_decide(struct backends *backends, const struct request *request, bool hold)
{
    backend_id pick = backends_pick(backends, 0, request);
    if (pick == NO_BACKEND)
        return pick;
    backends_sent(backends, pick);
    bare_tell(backends, pick);
    if (!hold)
        bare_finish(backends, pick);
    return pick;
}
