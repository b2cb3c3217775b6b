/* SPDX-License-Identifier: GPL-3.0-or-later
   lbsim: finds the command, sorts out its options, runs it. */
#include "sim/cli/command.h"
#include "sim/cli/help.h"
#include "sim/cli/talk.h"
#include "sim/engine/rng.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The command that argv[1] asks for; NULL after a message. */
static const struct command *main_find_command(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return &command_help;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return &command_version;
    const struct command *command = command_find(word);
    if (command)
        return command;
    struct arena arena = {0};
    if (word[0] == '-')
        talk_usage(NULL, NULL, "unknown option '%s': options come after the command", word);
    else
        talk_usage(NULL, talk_suggestion(&arena, command_nearest(word)),
                   "unknown command '%s'", word);
    arena_free(&arena);
    return NULL;
}

/* A standard stream that was closed must not become the next file opened: reading it then
   finds its end, writing to it fails. */
static void main_guard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) == -1 && open("/dev/null", O_RDONLY) != descriptor)
            _exit(STATUS_FAILED);
}

/* A queue without limit grows as fast as the machine can fill it.  Better that this program is
   told that there is no more memory than that the system ends another one: nine tenths of the
   machine, unless the user has set a limit.  Sanitizers take more than any machine has. */
static void main_limit_memory(void)
{
    struct rlimit limit;
    unsigned long pages[6] = {0}; /* total, resident, shared, code, unused, data */
    FILE *stream = fopen("/proc/self/statm", "r");
    for (size_t i = 0; stream && i < 6; i++)
        if (fscanf(stream, "%lu", &pages[i]) != 1)
            break;
    if (stream)
        fclose(stream);
    double size = (double)sysconf(_SC_PAGESIZE);
    double most = 0.9 * (double)sysconf(_SC_PHYS_PAGES) * size;
    bool is_free = getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
    if (is_free && most > 0 && (double)pages[5] * size < most) {
        limit.rlim_cur = (rlim_t)most;
        setrlimit(RLIMIT_DATA, &limit);
    }
}

static int main_run(struct command_line *line)
{
    if (!option_parse(line, 2))
        return STATUS_USAGE;
    if (!option_is_given(line, &option_help))
        return line->command->run(line);
    struct output *output = talk_open_stdout();
    help_command(line->command, output);
    return talk_close(output, "standard output");
}

int main(int argc, char **argv)
{
    main_guard_streams();
    main_limit_memory();
    signal(SIGPIPE, SIG_IGN);
    rng_gsl_handle_errors();
    if (argc < 2) {
        struct output *output = output_to_descriptor(STDERR_FILENO, "standard error");
        help_overview(output);
        output_close(output, true);
        return STATUS_USAGE;
    }
    struct command_line line = {.argc = argc, .argv = argv};
    line.command = main_find_command(argv[1]);
    if (!line.command)
        return STATUS_USAGE;
    int status = main_run(&line);
    arena_free(&line.arena);
    return status;
}
