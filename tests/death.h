/* SPDX-License-Identifier: GPL-3.0-or-later
   What becomes of a process: for tests of what ends the program. */
#ifndef TESTS_DEATH_H
#define TESTS_DEATH_H

#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs work(context) in a child; fills `words` with what it wrote to stderr.  Returns its
   exit status, -1 when a signal ended it or it could not be run, 0 when it came back. */
static inline int death_of(void (*work)(void *context), void *context, char *words,
                           size_t size)
{
    int ends[2];
    fflush(NULL);
    pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        work(context);
        _exit(0);
    }
    close(ends[1]);
    size_t used = 0;
    ssize_t got;
    while (used + 1 < size && (got = read(ends[0], words + used, size - 1 - used)) > 0)
        used += (size_t)got;
    words[used] = '\0';
    close(ends[0]);
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

#endif
