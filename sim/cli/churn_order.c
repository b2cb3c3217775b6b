/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods to add and remove, by name or by number: a name that one of the pods has is that pod,
   any other whole number so many. */
#include "sim/cli/churn_order.h"

#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option churn_order_add = {
    .name = "add", .argument = "N|NAME[:WEIGHT],...",
    .help = "who joins: so many like the last one, or by name",
};

const struct option churn_order_remove = {
    .name = "remove", .argument = "N|NAME,...",
    .help = "who leaves: the last ones, or by name",
};

static uint32_t churn_order_find(const struct picks_input *input, const char *name)
{
    for (uint32_t i = 0; i < input->pod_count; i++)
        if (strcmp(input->pods[i].name, name) == 0)
            return i;
    return NO_BACKEND;
}

/* pod-9 after pod-8, with its weight; numbers that are taken are passed over. */
static int churn_order_add_count(const struct command_line *line, struct picks_input *input,
                                 uint64_t count)
{
    struct backend last = input->pods[input->pod_count - 1];
    size_t stem = strlen(last.name);
    if (count > PICKS_PODS_MAX - input->pod_count)
        return talk_usage(line->command, NULL, "--add %" PRIu64 ": more than %d pods in all",
                          count, PICKS_PODS_MAX);
    while (stem > 0 && last.name[stem - 1] >= '0' && last.name[stem - 1] <= '9')
        stem--;
    bool numbered = last.name[stem] != '\0' && strlen(last.name + stem) < 10;
    uint64_t number = numbered ? strtoull(last.name + stem, NULL, 10) + 1 : 0;
    if (!numbered)
        stem = strlen(last.name);
    size_t size = stem + 32;
    while (count > 0) {
        char *name = arena_take(&input->arena, size, 1);
        snprintf(name, size, "%.*s%s%" PRIu64, (int)stem, last.name, numbered ? "" : "-",
                 number++);
        if (!picks_is_new(input, name))
            continue;
        picks_add_pod(input, name)->weight = last.weight;
        count--;
    }
    return STATUS_FINE;
}

/* Moves a pod behind all others. */
static void churn_order_put_last(struct picks_input *input, uint32_t pod)
{
    struct backend moved = input->pods[pod];
    memmove(&input->pods[pod], &input->pods[pod + 1],
            (input->pod_count - pod - 1) * sizeof moved);
    input->pods[input->pod_count - 1] = moved;
}

static int churn_order_add_name(const struct command_line *line, struct picks_input *input,
                                char *name, struct churn_order *order)
{
    uint32_t pod = churn_order_find(input, name);
    double weight = 1;
    char message[256], *colon = pod == NO_BACKEND ? strrchr(name, ':') : NULL;
    if (colon != NULL && !picks_parse_weight(colon + 1, &weight, message, sizeof message))
        return talk_usage(line->command, "as in --add d:2,e", "weight of pod '%s': %s", name,
                          message);
    if (colon != NULL)
        *colon = '\0';
    if (name[0] == '\0')
        return talk_usage(line->command, "as in --add d:2,e", "a pod has no name");
    if (pod >= order->first_count && pod != NO_BACKEND)
        return talk_usage(line->command, NULL, "--add names '%s' twice", name);
    if (pod != NO_BACKEND) {
        order->first_count--;
        churn_order_put_last(input, pod);
    } else if (picks_is_new(input, name)) {
        picks_add_pod(input, name)->weight = weight;
    } else {
        return talk_usage(line->command, NULL,
                          "--add gives '%s' another weight, but it is one of the pods", name);
    }
    return STATUS_FINE;
}

static int churn_order_add_all(const struct command_line *line, struct picks_input *input,
                               const char *text, struct churn_order *order)
{
    uint64_t count;
    int status = STATUS_FINE;
    if (churn_order_find(input, text) == NO_BACKEND && picks_parse_count(text, &count))
        return churn_order_add_count(line, input, count);
    while (status == STATUS_FINE) {
        size_t length = strcspn(text, ",");
        status = churn_order_add_name(line, input, arena_copy_text(&input->arena, text, length),
                                      order);
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    return status;
}

static int churn_order_remove_name(const struct command_line *line,
                                   const struct picks_input *input, const char *name,
                                   struct churn_order *order)
{
    uint32_t pod = churn_order_find(input, name);
    if (pod >= order->first_count)
        return talk_usage(line->command, NULL, "--remove names '%s', which is not there", name);
    if (order->is_removed[pod])
        return talk_usage(line->command, NULL, "--remove names '%s' twice", name);
    order->is_removed[pod] = 1;
    return STATUS_FINE;
}

static int churn_order_remove_all(const struct command_line *line, struct picks_input *input,
                                  const char *text, struct churn_order *order)
{
    uint64_t count;
    int status = STATUS_FINE;
    if (churn_order_find(input, text) == NO_BACKEND && picks_parse_count(text, &count)) {
        if (count > order->first_count)
            return talk_usage(line->command, NULL,
                              "--remove %" PRIu64 ": there are only %" PRIu32 " pods", count,
                              order->first_count);
        memset(order->is_removed + order->first_count - count, 1, count);
        return STATUS_FINE;
    }
    while (status == STATUS_FINE) {
        size_t length = strcspn(text, ",");
        const char *name = arena_copy_text(&input->arena, text, length);
        status = churn_order_remove_name(line, input, name, order);
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    return status;
}

/* There must be a change, and somebody before and after it. */
static int churn_order_check(const struct command_line *line, const struct picks_input *input,
                             const struct churn_order *order)
{
    uint32_t removed = 0;
    for (uint32_t i = 0; i < input->pod_count; i++)
        removed += order->is_removed[i];
    if (order->first_count == 0)
        return talk_usage(line->command, NULL, "there is no pod before the change");
    if (removed == input->pod_count)
        return talk_usage(line->command, NULL, "there is no pod after the change");
    if (removed == 0 && input->pod_count == order->first_count)
        return talk_usage(line->command, "as in --add 1 or --remove pod-3",
                          "nothing changes: needs --add, --remove or both");
    return STATUS_FINE;
}

int churn_order_read(const struct command_line *line, struct picks_input *input,
                     struct arena *arena, struct churn_order *order)
{
    const char *add = option_value(line, &churn_order_add);
    const char *remove = option_value(line, &churn_order_remove);
    int status = STATUS_FINE;
    order->first_count = (uint32_t)input->pod_count;
    if (add != NULL)
        status = churn_order_add_all(line, input, add, order);
    if (status != STATUS_FINE)
        return status;
    order->is_removed = arena_take(arena, input->pod_count, sizeof *order->is_removed);
    if (remove != NULL)
        status = churn_order_remove_all(line, input, remove, order);
    return status == STATUS_FINE ? churn_order_check(line, input, order) : status;
}
