/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim validate: parse and check only. */
#include "sim/cli/command.h"
#include "sim/cli/load.h"
#include "sim/cli/sweep_axes.h"
#include "sim/cli/talk.h"

#include <inttypes.h>
#include <math.h>

static const struct option cmd_validate_schema = {
    .name = "schema",
    .help = "print the JSON Schema of scenarios in place of checking one",
};

/* "ok: gray-pod: 4 policies, 10 pods, offered load 72%". */
static void cmd_validate_print(const struct loaded *loaded, const struct sweep_axes *axes,
                               struct output *output)
{
    const struct scenario *scenario = loaded->scenario;
    size_t policies = load_policies(scenario)->count;
    uint64_t pods = scenario_pod_count(scenario);
    double load = scenario_load_factor(scenario);
    output_format(output, "ok: %s: %zu %s, %" PRIu64 " %s", scenario->name, policies,
                  policies == 1 ? "policy" : "policies", pods, pods == 1 ? "pod" : "pods");
    if (isfinite(load))
        output_format(output, ", offered load %.3g%%", load * 100);
    if (axes->count > 0) {
        double cells = 1;
        for (size_t i = 0; i < axes->count; i++)
            cells *= (double)axes->items[i].count;
        output_format(output, ", %.0f cells to sweep", cells);
    }
    output_text(output, "\n");
}

static int cmd_validate_one(const struct command_line *line, const char *path,
                            struct output *output)
{
    struct loaded loaded;
    struct arena arena = {0};
    struct sweep_axes axes;
    int status = load_scenario(line, path, &loaded);
    if (status != STATUS_FINE)
        return status;
    status = sweep_axes_read(line, &loaded, &arena, &axes);
    if (status == STATUS_FINE && !option_is_given(line, &option_quiet))
        cmd_validate_print(&loaded, &axes, output);
    arena_free(&arena);
    load_free(&loaded);
    return status;
}

static int cmd_validate_run(const struct command_line *line)
{
    bool wants_schema = option_is_given(line, &cmd_validate_schema);
    if (wants_schema == (line->operand_count > 0))
        return talk_usage(line->command, NULL, "needs either SCENARIO... or --schema");
    struct output *output = talk_open_stdout();
    if (wants_schema) {
        config_schema(scenario_params, "lbsim scenario", output);
        return talk_close(output, "standard output");
    }
    int status = STATUS_FINE;
    for (size_t i = 0; i < line->operand_count && status != STATUS_USAGE; i++) {
        int one = cmd_validate_one(line, line->operands[i], output);
        status = one != STATUS_FINE ? one : status;
    }
    int closed = talk_close(output, "standard output");
    return status ? status : closed;
}

static const struct option *const cmd_validate_options[] = {
    &cmd_validate_schema, &option_policy,   &option_set,   &option_seed,
    &option_replications, &option_duration, &option_vary,  &option_quiet,
    &option_color,        NULL,
};

static const char *const cmd_validate_examples[] = {
    "lbsim validate scenarios/*.yaml",
    "lbsim validate scenarios/quick-start.yaml --set run.duration=5m",
    "lbsim validate --schema > scenario.schema.json",
    NULL,
};

const struct command command_validate = {
    .name = "validate",
    .summary = "parse and check scenarios, simulate nothing",
    .operands = "SCENARIO...",
    .operand_max = SIZE_MAX,
    .complete = COMPLETE_SCENARIO,
    .options = cmd_validate_options,
    .examples = cmd_validate_examples,
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID},
    .run = cmd_validate_run,
};
