/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim plot: the figures of a result as files, by gnuplot and the templates in scripts/plots.
   What a result has no data for becomes a picture that says so. */
#include "sim/cli/command.h"
#include "sim/cli/folder.h"
#include "sim/cli/gnuplot.h"
#include "sim/cli/pairing.h"
#include "sim/cli/plot_script.h"
#include "sim/cli/result_facts.h"
#include "sim/cli/result_open.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"
#include "sim/report/grid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CMD_PLOT_NAMES_MAX = 32, CMD_PLOT_MESSAGE_SIZE = 1024 };

static const char *const cmd_plot_formats[] = {"svg", "png", NULL};

static const struct option cmd_plot_format = {
    .name = "format", .letter = 'f', .words = cmd_plot_formats,
    .help = "svg (default) or png",
};

static const struct option cmd_plot_output = {
    .name = "output", .letter = 'o', .argument = "DIR", .complete = COMPLETE_FOLDER,
    .help = "folder for the pictures (default: plots, inside the result)",
};

static const struct option cmd_plot_list = {
    .name = "list", .help = "list the figures",
};

static const struct option cmd_plot_baseline = {
    .name = "baseline", .argument = "POLICY", .complete = COMPLETE_POLICY,
    .help = "policy that 'forest' holds the others against (default: the first)",
};

static const struct option cmd_plot_against = {
    .name = "against", .argument = "RESULT", .complete = COMPLETE_FILE,
    .help = "other result that 'forest' holds this one against, policy by policy",
};

/* What one command draws. */
struct cmd_plot {
    const struct command_line *line;
    const char *folder;    /* of the pictures */
    char *templates;       /* folder of the templates */
    enum plot_format format;
    const struct chart_source *source;
    size_t drawn, empty;
};

static int cmd_plot_print_list(void)
{
    struct output *output = talk_open_stdout();
    const struct chart_kind *kind;
    for (size_t i = 0; (kind = chart_kind_at(i)); i++)
        output_format(output, "%-13s %s\n", kind->name, kind->help);
    return talk_close(output, "standard output");
}

static const struct chart_kind *cmd_plot_find(const char *name)
{
    const struct chart_kind *kind;
    for (size_t i = 0; (kind = chart_kind_at(i)); i++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

/* Whether all figures asked for exist. */
static int cmd_plot_check(const struct command_line *line)
{
    const char *names[CMD_PLOT_NAMES_MAX + 1] = {NULL};
    const struct chart_kind *kind;
    for (size_t i = 0; i < CMD_PLOT_NAMES_MAX && (kind = chart_kind_at(i)); i++)
        names[i] = kind->name;
    for (size_t i = 1; i < line->operand_count; i++)
        if (!cmd_plot_find(line->operands[i]))
            return talk_unknown(line->command, "figure", line->operands[i], names);
    return STATUS_FINE;
}

/* The folder of the templates: beside the program, installed, or below the current folder; to
   be freed; NULL: none of them. */
static char *cmd_plot_templates(void)
{
    char program[4096];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    program[size > 0 ? size : 0] = '\0';
    char *home = folder_parent(program);
    char *places[] = {folder_path(home, "scripts/plots"), folder_path(LBSIM_DATADIR, "plots"),
                      folder_path("scripts", "plots")};
    char *found = NULL;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char *common = folder_path(places[i], "common.gp");
        if (!found && access(common, R_OK) == 0)
            found = places[i];
        else
            free(places[i]);
        free(common);
    }
    free(home);
    return found;
}

/* Appends a template to the script. */
static int cmd_plot_append(const struct cmd_plot *plot, const char *name,
                           struct output *script)
{
    char file[64], block[4096];
    snprintf(file, sizeof file, "%s.gp", name);
    char *path = folder_path(plot->templates, file);
    FILE *stream = fopen(path, "rb");
    size_t got;
    while (stream && (got = fread(block, 1, sizeof block, stream)) > 0)
        output_bytes(script, block, got);
    int status = stream && !ferror(stream) ? STATUS_FINE : talk_unread(path, errno);
    if (stream)
        fclose(stream);
    free(path);
    return status;
}

static int cmd_plot_run_gnuplot(const struct cmd_plot *plot, const struct chart *chart,
                                struct output *script)
{
    char file[64], message[CMD_PLOT_MESSAGE_SIZE];
    size_t length;
    const char *bytes = output_memory(script, &length);
    snprintf(file, sizeof file, "%s.%s", chart->name, cmd_plot_formats[plot->format]);
    char *path = folder_path(plot->folder, file);
    enum gnuplot_result result = gnuplot_run(bytes, length, path, message, sizeof message);
    free(path);
    if (result == GNUPLOT_FINE)
        return STATUS_FINE;
    if (result == GNUPLOT_ABSENT)
        return talk_failure("%s: apt-get install gnuplot-nox; 'lbsim report --format html' "
                            "has figures without it", message);
    return talk_failure("cannot draw '%s': %s", chart->name, message);
}

static int cmd_plot_draw(struct cmd_plot *plot, const struct chart_kind *kind)
{
    struct chart chart = chart_make(kind, plot->source);
    struct output *script = output_to_memory();
    plot_script_write(&chart, plot->format, script);
    int status = cmd_plot_append(plot, "common", script);
    if (status == STATUS_FINE && !chart.empty)
        status = cmd_plot_append(plot, kind->template, script);
    if (status == STATUS_FINE)
        status = cmd_plot_run_gnuplot(plot, &chart, script);
    plot->drawn++;
    plot->empty += chart.empty != NULL;
    output_close(script, false);
    chart_free(&chart);
    return status;
}

/* Those asked for, or all that suit the source. */
static int cmd_plot_draw_all(struct cmd_plot *plot)
{
    const struct chart_kind *kind;
    bool is_sweep = plot->source->sweep != NULL;
    int status = STATUS_FINE;
    int error = folder_make(plot->folder);
    if (error)
        return talk_failure("cannot make the folder '%s': %s", plot->folder, strerror(error));
    for (size_t i = 1; i < plot->line->operand_count && status == STATUS_FINE; i++)
        status = cmd_plot_draw(plot, cmd_plot_find(plot->line->operands[i]));
    if (plot->line->operand_count > 1)
        return status;
    for (size_t i = 0; (kind = chart_kind_at(i)) && status == STATUS_FINE; i++)
        if (kind->of & (is_sweep ? CHART_OF_SWEEP : CHART_OF_RESULT))
            status = cmd_plot_draw(plot, kind);
    return status;
}

static int cmd_plot_source(const struct command_line *line, const struct chart_source *source,
                           const char *folder)
{
    struct cmd_plot plot = {
        .line = line,
        .folder = folder,
        .templates = cmd_plot_templates(),
        .format = (enum plot_format)option_word(line, &cmd_plot_format, PLOT_SVG),
        .source = source,
    };
    int status = plot.templates ? cmd_plot_draw_all(&plot)
                                : talk_failure("the templates of the figures are neither beside "
                                               "the program nor in " LBSIM_DATADIR "/plots");
    if (status == STATUS_FINE && plot.empty > 0)
        talk_note("%zu of %zu pictures say that the result has no data for them", plot.empty,
                  plot.drawn);
    if (status == STATUS_FINE)
        talk_note("%zu picture%s in '%s'", plot.drawn, plot.drawn == 1 ? "" : "s", folder);
    free(plot.templates);
    return status;
}

/* The policy of --baseline must be one of the result's. */
static int cmd_plot_check_baseline(const struct command_line *line, const struct result *result,
                                   struct arena *arena)
{
    const char *given = option_value(line, &cmd_plot_baseline);
    const char **labels = arena_take(arena, result->policy_count + 1, sizeof *labels);
    for (size_t i = 0; i < result->policy_count; i++) {
        labels[i] = result->policies[i].label;
        if (given && strcmp(labels[i], given) == 0)
            return STATUS_FINE;
    }
    return given ? talk_unknown(line->command, "policy", given, labels) : STATUS_FINE;
}

/* The result of --against; nothing where that is not given. */
static int cmd_plot_open_other(const struct command_line *line, const struct result *result,
                               struct result *other, struct chart_source *source)
{
    const char *path = option_value(line, &cmd_plot_against);
    if (!path)
        return STATUS_FINE;
    int status = result_open(path, other);
    if (status != STATUS_FINE) {
        *other = (struct result){0};
        return status;
    }
    bool is_known = result->resolved && other->resolved;
    source->against = &other->report;
    source->against_name = path;
    source->against_is_paired = is_known && pairing_of(other, result).paired;
    return STATUS_FINE;
}

static int cmd_plot_result(const struct command_line *line, const char *folder)
{
    struct arena arena = {0};
    struct result result;
    int status = result_open(line->operands[0], &result);
    if (status != STATUS_FINE)
        return status;
    struct report_facts facts = result_facts(&result, &arena);
    struct report_heading heading = result_heading(&result);
    heading.facts = &facts;
    struct chart_source source = {.report = &result.report, .heading = &heading,
                                  .baseline = option_value(line, &cmd_plot_baseline)};
    struct result other = {0};
    status = cmd_plot_check_baseline(line, &result, &arena);
    if (status == STATUS_FINE)
        status = cmd_plot_open_other(line, &result, &other, &source);
    if (status == STATUS_FINE)
        status = cmd_plot_source(line, &source, folder);
    result_free(&other);
    if (status == STATUS_FINE && result.partial)
        status = STATUS_PARTIAL;
    arena_free(&arena);
    result_free(&result);
    return status;
}

/* The sweep.csv of a path, to be freed; NULL: it is no sweep. */
static char *cmd_plot_sweep(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t size = strlen(path) + 1;
    if (strcmp(slash ? slash + 1 : path, GRID_FILE) == 0)
        return memcpy(memory_take(size, 1), path, size);
    char *file = folder_path(path, GRID_FILE);
    if (access(file, F_OK) == 0)
        return file;
    free(file);
    return NULL;
}

static int cmd_plot_grid(const struct command_line *line, const char *file, const char *folder)
{
    if (option_is_given(line, &cmd_plot_baseline) || option_is_given(line, &cmd_plot_against))
        return talk_usage(line->command, "its cells have one: give the folder of a cell",
                          "'%s' is a sweep, which has no figure 'forest'", line->operands[0]);
    struct arena arena = {0};
    struct grid_points points;
    char message[CMD_PLOT_MESSAGE_SIZE];
    if (!grid_read(file, &arena, &points, message, sizeof message)) {
        arena_free(&arena);
        return talk_invalid(file, 0, NULL, "%s", message);
    }
    const struct report nothing = {0};
    struct report_heading heading = {.scenario = points.scenario ? points.scenario : "",
                                     .seedless = true};
    struct chart_source source = {.report = &nothing, .heading = &heading, .sweep = &points};
    int status = cmd_plot_source(line, &source, folder);
    free(points.items);
    arena_free(&arena);
    return status;
}

/* Inside a folder of results; of a file, beside it. */
static char *cmd_plot_folder(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return folder_path(path, "plots");
    char *parent = folder_parent(path);
    char *folder = folder_path(parent, "plots");
    free(parent);
    return folder;
}

static int cmd_plot_run(const struct command_line *line)
{
    if (option_is_given(line, &cmd_plot_list))
        return cmd_plot_print_list();
    if (line->operand_count == 0)
        return talk_usage(line->command, NULL, "needs RESULT");
    if (option_is_given(line, &cmd_plot_baseline) && option_is_given(line, &cmd_plot_against))
        return talk_usage(line->command, "of two results the other one is the baseline",
                          "--baseline is for the policies of one result");
    int status = cmd_plot_check(line);
    if (status != STATUS_FINE)
        return status;
    const char *given = option_value(line, &cmd_plot_output);
    char *folder = given ? NULL : cmd_plot_folder(line->operands[0]);
    char *sweep = cmd_plot_sweep(line->operands[0]);
    const char *to = given ? given : folder;
    status = sweep ? cmd_plot_grid(line, sweep, to) : cmd_plot_result(line, to);
    free(sweep);
    free(folder);
    return status;
}

static const struct option *const cmd_plot_options[] = {
    &cmd_plot_format, &cmd_plot_output, &cmd_plot_baseline, &cmd_plot_against,
    &cmd_plot_list, NULL,
};

static const char *const cmd_plot_examples[] = {
    "lbsim plot --list",
    "lbsim plot results/quick-start",
    "lbsim plot results/sweep    # of `lbsim run --vary`: the hockey stick",
    "lbsim plot results/quick-start ccdf forest --format png -o pictures",
    "lbsim plot results/quick-start forest --baseline p2c",
    "lbsim plot results/new forest --against results/old",
    NULL,
};

const struct command command_plot = {
    .name = "plot",
    .summary = "pictures of a result: SVG or PNG, by gnuplot",
    .operands = "RESULT [FIGURE...]",
    .operand_max = SIZE_MAX,
    .complete = COMPLETE_FILE,
    .options = cmd_plot_options,
    .examples = cmd_plot_examples,
    .details = "Without FIGURE all of them.  RESULT is what `lbsim report` takes.  `lbsim report\n"
               "--format html` has the same figures in a page and needs no gnuplot.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_PARTIAL},
    .run = cmd_plot_run,
};
