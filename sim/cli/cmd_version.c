/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim version: what this program is made of. */
#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/cli/version.h"
#include "sim/config/json.h"

#define CMD_VERSION_LICENCE "GPL-3.0-or-later"

static int cmd_version_run(const struct command_line *line)
{
    struct output *output = talk_open_stdout();
    if (option_word(line, &option_format_json, 0) == 0) {
        output_format(output, "lbsim %s\ncompiler: %s\nlibraries: %s\nlicence: %s\n",
                      LBSIM_VERSION, version_compiler(), version_libraries(),
                      CMD_VERSION_LICENCE);
    } else {
        struct json json = {.output = output};
        json_map_open(&json, NULL);
        json_text(&json, "compiler", version_compiler());
        json_text(&json, "libraries", version_libraries());
        json_text(&json, "licence", CMD_VERSION_LICENCE);
        json_text(&json, "version", LBSIM_VERSION);
        json_map_close(&json);
    }
    return talk_close(output, "standard output");
}

static const struct option *const cmd_version_options[] = {&option_format_json, NULL};
static const char *const cmd_version_examples[] = {"lbsim version", NULL};

const struct command command_version = {
    .name = "version",
    .summary = "version, compiler, libraries, licence",
    .options = cmd_version_options,
    .examples = cmd_version_examples,
    .statuses = {STATUS_FAILED, STATUS_USAGE},
    .run = cmd_version_run,
};
