/* SPDX-License-Identifier: GPL-3.0-or-later
   Files in memory stand for its stdin and stderr, so nobody waits for a pipe.  gnuplot takes
   any mistake for the end of a script, so the status is enough to know. */
#include "sim/cli/gnuplot.h"

#include "sim/engine/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GNUPLOT_NOT_FOUND = 127, GNUPLOT_STEP_NS = 2000000 };

/* The files of one run; -1: not open. */
struct gnuplot_files {
    int script, picture, errors;
};

static void gnuplot_close(struct gnuplot_files *files)
{
    const int all[] = {files->script, files->picture, files->errors};
    for (int i = 0; i < 3; i++)
        if (all[i] >= 0)
            close(all[i]);
}

static bool gnuplot_open(struct gnuplot_files *files, const char *script, size_t length)
{
    files->script = memfd_create("script", MFD_CLOEXEC);
    files->picture = memfd_create("picture", MFD_CLOEXEC);
    files->errors = memfd_create("errors", MFD_CLOEXEC);
    if (files->script < 0 || files->picture < 0 || files->errors < 0)
        return false;
    struct output *output = output_to_descriptor(files->script, "script");
    output_bytes(output, script, length);
    int error = output_close(output, true);
    errno = error;
    return error == 0 && lseek(files->script, 0, SEEK_SET) == 0;
}

static _Noreturn void gnuplot_become(const struct gnuplot_files *files)
{
    static char *words[] = {"gnuplot", "--default-settings", NULL};
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("GNUPLOT_LIB");
    unsetenv("GNUTERM");
    if (dup2(files->script, 0) == 0 && dup2(files->picture, 1) == 1 &&
        dup2(files->errors, 2) == 2)
        execvp(words[0], words);
    _exit(GNUPLOT_NOT_FOUND);
}

/* False where it did not end in time. */
static bool gnuplot_wait(pid_t child, int *status)
{
    struct timespec step = {.tv_nsec = GNUPLOT_STEP_NS};
    for (long i = 0; i < GNUPLOT_SECONDS_MAX * (1000000000L / GNUPLOT_STEP_NS); i++) {
        pid_t ended = waitpid(child, status, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR))
            return true;
        nanosleep(&step, NULL);
    }
    kill(child, SIGKILL);
    waitpid(child, status, 0);
    return false;
}

/* What gnuplot said: it shows the line, then a line with the reason. */
static void gnuplot_explain(int errors, char *message, size_t size)
{
    char text[4096], *line;
    ssize_t got = pread(errors, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    const char *last = "it did not say why";
    char *rest = NULL;
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (strspn(line, " \t^") != strlen(line))
            last = line;
    snprintf(message, size, "gnuplot: %s", last);
}

/* Copies the picture to its file. */
static int gnuplot_keep(int picture, const char *path)
{
    char block[1 << 14];
    struct output *output = output_to_file(path);
    if (output == NULL)
        return errno;
    off_t place = 0;
    ssize_t got;
    while ((got = pread(picture, block, sizeof block, place)) > 0) {
        output_bytes(output, block, (size_t)got);
        place += got;
    }
    int error = got < 0 ? errno : 0;
    int closed = output_close(output, error == 0);
    return error ? error : closed;
}

static enum gnuplot_result gnuplot_judge(const struct gnuplot_files *files, int status,
                                         const char *path, char *message, size_t size)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == GNUPLOT_NOT_FOUND) {
        snprintf(message, size, "gnuplot is not installed");
        return GNUPLOT_ABSENT;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
        lseek(files->picture, 0, SEEK_END) <= 0) {
        gnuplot_explain(files->errors, message, size);
        return GNUPLOT_FAILED;
    }
    int error = gnuplot_keep(files->picture, path);
    if (error == 0)
        return GNUPLOT_FINE;
    snprintf(message, size, "cannot write '%s': %s", path, strerror(error));
    return GNUPLOT_FAILED;
}

enum gnuplot_result gnuplot_run(const char *script, size_t length, const char *path,
                                char *message, size_t size)
{
    struct gnuplot_files files = {-1, -1, -1};
    enum gnuplot_result result = GNUPLOT_FAILED;
    int status = 0;
    pid_t child = gnuplot_open(&files, script, length) ? fork() : -1;
    if (child == 0)
        gnuplot_become(&files);
    if (child < 0)
        snprintf(message, size, "cannot start gnuplot: %s", strerror(errno));
    else if (!gnuplot_wait(child, &status))
        snprintf(message, size, "gnuplot did not end within %d seconds", GNUPLOT_SECONDS_MAX);
    else
        result = gnuplot_judge(&files, status, path, message, size);
    gnuplot_close(&files);
    return result;
}
