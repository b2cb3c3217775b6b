/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim picks: the bare decisions of a policy, without simulation, so that anybody can hold it
   against the real product.  The same host code as in a run keeps the books. */
#include "sim/cli/bare.h"
#include "sim/cli/picks_change.h"
#include "sim/cli/picks_input.h"
#include "sim/cli/talk.h"

#include <string.h>

enum { PICKS_REQUESTS_DEFAULT = 10 };

static const struct option picks_requests = {
    .name = "requests", .letter = 'n', .argument = "N",
    .help = "how many (default: one for each key, or 10); keys come round again",
};

static const struct option picks_hold = {
    .name = "hold", .help = "requests never finish; without it each ends at once",
};

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

/* What is to be decided. */
struct picks_order {
    const struct picks_input *input;
    const struct picks_changes *changes;
    uint64_t count;
    bool hold;
};

static void picks_make(struct backends *backends, const struct picks_order *order,
                       struct output *output)
{
    const struct picks_input *input = order->input;
    size_t changed = 0;
    for (uint64_t number = 0; number < order->count && output_error(output) == 0; number++) {
        struct request request = {.key = number};
        if (input->request_count > 0)
            request = input->requests[number % input->request_count];
        changed = picks_change_apply(order->changes, changed, number, backends, input->pods);
        backend_id pick = bare_decide(backends, &request, order->hold);
        picks_print(output, &request, number,
                    pick == NO_BACKEND ? "" : input->pods[pick].name);
    }
}

static int picks_with(const struct command_line *line, struct picks_input *input,
                      struct arena *arena)
{
    struct param_kind policy = {0};
    struct picks_changes changes = {0};
    struct bare_order bare = {.policy = &policy, .seed = 1};
    struct picks_order order = {input, &changes, input->request_count,
                                option_is_given(line, &picks_hold)};
    if (order.count == 0)
        order.count = PICKS_REQUESTS_DEFAULT;
    bare.members = (uint32_t)input->pod_count;
    int status = bare_bind(line, arena, &policy);
    if (status != STATUS_FINE)
        return status;
    if (!option_number(line, &option_seed, 0, UINT64_MAX, &bare.seed) ||
        !option_number(line, &picks_requests, 1, UINT64_C(1) << 40, &order.count))
        return STATUS_USAGE;
    status = picks_change_read(line, order.count, input, arena, &changes);
    if (status != STATUS_FINE)
        return status;
    bare.pods = input->pods;
    bare.pod_count = (uint32_t)input->pod_count;
    struct backends backends;
    bare_open(&backends, &bare, arena);
    struct output *output = talk_open_stdout();
    picks_make(&backends, &order, output);
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
    &picks_requests, &picks_hold,      &picks_change,    &option_set,
    &option_seed,    &option_color,    NULL,
};

static const char *const cmd_picks_examples[] = {
    "lbsim picks round_robin --pods a:5,b:1,c:1 --requests 7",
    "lbsim picks p2c --pods a,b,c,d --requests 20 --hold --set choices=3",
    "lbsim picks round_robin --pods a,b,c --change 3:remove=b --change 6:add=d:2,down=a",
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
               "commas, quotes or line ends stand in quotes, as in any CSV.\n"
               "--change AFTER:WHAT takes place once AFTER requests were made.  WHAT, several\n"
               "joined by commas to take place at once: remove=NAME, add=NAME[:WEIGHT] (a new\n"
               "pod, or one removed before), down=NAME, up=NAME, weight=NAME:WEIGHT.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID},
    .run = cmd_picks_run,
};
