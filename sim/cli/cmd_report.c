/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim report: the report of a run again, from its traces where it kept them, else from the
   figures in run.json; or the report of one trace. */
#include "sim/cli/command.h"
#include "sim/cli/result_open.h"
#include "sim/cli/talk.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct option cmd_report_output = {
    .name = "output", .letter = 'o', .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "write to FILE in place of stdout",
};

static const char *const cmd_report_formats[] = {"text", "json", "csv", "md", "html", NULL};

static const struct option cmd_report_format = {
    .name = "format", .letter = 'f', .words = cmd_report_formats,
    .help = "form of the report (default: text); html: one page with figures",
};

static int cmd_report_write(const struct command_line *line, const struct result *result)
{
    const char *path = option_value(line, &cmd_report_output);
    bool is_file = path && strcmp(path, "-") != 0;
    struct output *output = is_file ? output_to_file(path) : talk_open_stdout();
    if (!output)
        return talk_failure("cannot write '%s': %s", path, strerror(errno));
    bool color = !is_file && talk_is_colored(line, STDOUT_FILENO);
    result_render(result, (enum report_format)option_word(line, &cmd_report_format, REPORT_TEXT),
                  color, output);
    return talk_close(output, is_file ? path : "standard output");
}

static int cmd_report_run(const struct command_line *line)
{
    struct result result;
    int status = result_open(line->operands[0], &result);
    if (status != STATUS_FINE)
        return status;
    status = cmd_report_write(line, &result);
    if (status == STATUS_FINE && result.partial)
        status = STATUS_PARTIAL;
    result_free(&result);
    return status;
}

static const struct option *const cmd_report_options[] = {
    &cmd_report_format, &cmd_report_output, &option_color, NULL,
};

static const char *const cmd_report_examples[] = {
    "lbsim run scenarios/quick-start.yaml --trace    # makes what is reported here",
    "lbsim report results/quick-start",
    "lbsim report results/quick-start --format html -o report.html",
    "lbsim report results/quick-start/p2c/trace.csv.zst",
    NULL,
};

const struct command command_report = {
    .name = "report",
    .summary = "the report of a run again, or of a trace",
    .operands = "RESULT|TRACE",
    .operand_min = 1,
    .operand_max = 1,
    .complete = COMPLETE_FILE,
    .options = cmd_report_options,
    .examples = cmd_report_examples,
    .details = "RESULT is a folder as `lbsim run` writes it.  A run that kept its traces is\n"
               "computed again from them.  Of a single trace, where nothing was replicated,\n"
               "intervals are from twenty sections of it, or ten; where neighbours are\n"
               "correlated, or a section says too little, none is shown.\n",
    .statuses = {STATUS_FAILED, STATUS_USAGE, STATUS_INVALID, STATUS_PARTIAL},
    .run = cmd_report_run,
};
