/* SPDX-License-Identifier: GPL-3.0-or-later
   The time left is the time taken, scaled: work is near enough to proportional to simulated
   time. */
#include "sim/cli/progress.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_WIDTH = 20, PROGRESS_LINE = 512 };

double progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void progress_write(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* a bar that cannot be drawn is no failure */
}

/* "3:05", "1:02:03". */
static void progress_format_time(double seconds, char *text, size_t size)
{
    uint64_t whole = seconds < 360000 ? (uint64_t)(seconds + 0.5) : 360000;
    unsigned hours = (unsigned)(whole / 3600), minutes = (unsigned)(whole / 60 % 60);
    if (hours)
        snprintf(text, size, "%u:%02u:%02u", hours, minutes, (unsigned)(whole % 60));
    else
        snprintf(text, size, "%u:%02u", minutes, (unsigned)(whole % 60));
}

void progress_draw(struct progress *progress, const char *policy, double share)
{
    if (!progress->live)
        return;
    char bar[PROGRESS_WIDTH + 1], left[32] = "-:--", line[PROGRESS_LINE];
    int filled = (int)(share * PROGRESS_WIDTH);
    memset(bar, '-', PROGRESS_WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[PROGRESS_WIDTH] = '\0';
    if (share > 0.005)
        progress_format_time((progress_clock() - progress->began) * (1 - share) / share, left,
                             sizeof left);
    snprintf(line, sizeof line, "\r%.16s [%s] %3d%%  ETA %s  %.20s\x1b[K", progress->title,
             bar, (int)(share * 100), left, policy);
    progress_write(line);
    progress->drawn = true;
}

void progress_clear(struct progress *progress)
{
    if (progress->drawn)
        progress_write("\r\x1b[K");
    progress->drawn = false;
}
