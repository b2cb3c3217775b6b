/* SPDX-License-Identifier: GPL-3.0-or-later
   The options that several commands know. */
#include "sim/cli/option.h"

#include <sched.h>
#include <unistd.h>

static const char *const option_formats[] = {"text", "json", "csv", "md", NULL};
static const char *const option_formats_json[] = {"text", "json", NULL};
static const char *const option_colors[] = {"auto", "always", "never", NULL};

const struct option option_help = {
    .name = "help", .letter = 'h', .help = "print this help",
};

const struct option option_policy = {
    .name = "policy", .letter = 'p', .argument = "P", .repeatable = true,
    .complete = COMPLETE_POLICY,
    .help = "labels, names, '{p2c: {choices: 3}}', own, oracles, all",
};

const struct option option_set = {
    .name = "set", .letter = 's', .argument = "PATH=VALUE", .repeatable = true,
    .help = "set a value of the scenario, as in run.duration=5m",
};

const struct option option_seed = {
    .name = "seed", .argument = "N",
    .help = "seed of all random streams",
};

const struct option option_replications = {
    .name = "replications", .letter = 'r', .argument = "N|auto",
    .help = "independent repetitions of each policy",
};

const struct option option_duration = {
    .name = "duration", .letter = 'd', .argument = "D",
    .help = "simulated time of one run: 90s, 10m",
};

const struct option option_jobs = {
    .name = "jobs", .letter = 'j', .argument = "N",
    .help = "threads (default: one per processor)",
};

const struct option option_output = {
    .name = "output", .letter = 'o', .argument = "DIR", .complete = COMPLETE_FOLDER,
    .help = "results go to DIR/<scenario> (default: results); -: JSON to stdout",
};

const struct option option_trace = {
    .name = "trace",
    .help = "keep every attempt: <policy>/trace.csv.zst and timeline.csv",
};

const struct option option_format = {
    .name = "format", .letter = 'f', .words = option_formats,
    .help = "what to print on stdout (default: text)",
};

const struct option option_format_json = {
    .name = "format", .letter = 'f', .words = option_formats_json,
    .help = "what to print on stdout (default: text)",
};

const struct option option_quiet = {
    .name = "quiet", .letter = 'q',
    .help = "no progress and no notes on stderr",
};

const struct option option_color = {
    .name = "color", .words = option_colors,
    .help = "colour (default: auto, on a terminal unless NO_COLOR is set)",
};

const struct option option_force = {
    .name = "force",
    .help = "replace results of another run",
};

unsigned option_default_jobs(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
    long online = count ? count : sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}
