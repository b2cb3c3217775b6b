/* SPDX-License-Identifier: GPL-3.0-or-later
   The time left is the time taken, scaled: work is near enough to proportional to simulated
   time.  The cells of a sweep have no lines of their own: there may be thousands. */
#include "sim/cli/progress.h"

#include "sim/config/utf8.h"
#include "sim/report/figure.h"
#include "sim/report/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_WIDTH = 20, PROGRESS_NAME_MAX = 24 };

double progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void progress_write(const char *text, size_t size)
{
    ssize_t written = write(STDERR_FILENO, text, size);
    (void)written; /* a bar that cannot be drawn is no failure */
}

static struct progress_size progress_measure(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
        return (struct progress_size){size.ws_col, size.ws_row};
    return (struct progress_size){80, 24};
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

/* As much of a text as fits into `most` columns; hidden characters are not for terminals. */
static void progress_put(struct output *output, const char *text, size_t most)
{
    for (size_t used = 0; *text != '\0' && used < most; used++) {
        size_t size = utf8_size(text, strnlen(text, 4));
        if (size == 0 || utf8_is_hidden(text, size))
            output_text(output, "?");
        else
            output_bytes(output, text, size);
        text += size > 0 ? size : 1;
    }
}

/* Ends a line, cut to the width of the terminal, and empties it for the next one. */
static void progress_end_line(struct output *line, size_t columns, struct output *output)
{
    size_t size;
    progress_put(output, output_memory(line, &size), columns > 1 ? columns - 1 : 1);
    output_text(output, "\n");
    output_close(line, false);
}

/* How far a policy is, and its p99 where something is known of it. */
static void progress_format_lane(const struct watch_lane *lane, size_t width, size_t columns,
                                 struct output *output)
{
    struct output *line = output_to_memory();
    char count[48], value[FIGURE_SIZE], half[FIGURE_SIZE];
    size_t own = table_width(lane->policy);
    output_text(line, "  ");
    progress_put(line, lane->policy, width);
    snprintf(count, sizeof count, "%llu/%llu", (unsigned long long)lane->done,
             (unsigned long long)lane->wanted);
    output_format(line, "%*s  %7s %3d%%", own < width ? (int)(width - own) : 0, "", count,
                  (int)(lane->share * 100));
    if (isfinite(lane->p99.value)) {
        figure_write(value, FIGURE_TIME, lane->p99.value);
        figure_write_half(half, lane->p99.value, lane->p99.high);
        output_format(line, "  p99 %s%s%s", value, half[0] != '\0' ? " " : "", half);
    }
    progress_end_line(line, columns, output);
}

static void progress_format_bar(const char *title, double elapsed, const struct watch_view *view,
                                size_t columns, struct output *output)
{
    struct output *line = output_to_memory();
    char bar[PROGRESS_WIDTH + 1], left[32] = "-:--";
    int filled = (int)(view->share * PROGRESS_WIDTH);
    memset(bar, '-', PROGRESS_WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[PROGRESS_WIDTH] = '\0';
    if (view->share > 0.005)
        progress_format_time(elapsed * (1 - view->share) / view->share, left, sizeof left);
    progress_put(line, title, PROGRESS_NAME_MAX);
    output_format(line, " [%s] %3d%%  ETA %s", bar, (int)(view->share * 100), left);
    progress_end_line(line, columns, output);
}

size_t progress_format(const char *title, double elapsed, const struct watch_view *view,
                       struct progress_size size, struct output *output)
{
    size_t room = size.rows > 2 ? size.rows - 2 : 0, width = 0;
    size_t most = view->cells > 1 ? 1 : view->count;
    most = most < room ? most : room;
    size_t first = most < 2 || view->at == 0 ? view->at : view->at - 1;
    if (first + most > view->count)
        first = view->count - most;
    for (size_t i = first; i < first + most; i++)
        if (table_width(view->lanes[i].policy) > width)
            width = table_width(view->lanes[i].policy);
    width = width < PROGRESS_NAME_MAX ? width : PROGRESS_NAME_MAX;
    progress_format_bar(title, elapsed, view, size.columns, output);
    for (size_t i = first; i < first + most; i++)
        progress_format_lane(&view->lanes[i], width, size.columns, output);
    return 1 + most;
}

/* Back to the first line; what is below goes. */
static void progress_rewind(struct output *output, size_t lines)
{
    if (lines > 0)
        output_format(output, "\r\x1b[%zuA\x1b[J", lines);
}

/* In one piece, so that nobody sees half of it. */
static void progress_flush(struct output *output)
{
    size_t size;
    const char *bytes = output_memory(output, &size);
    progress_write(bytes, size);
    output_close(output, false);
}

void progress_draw(struct progress *progress, const struct watch_view *view)
{
    struct output *output = output_to_memory();
    progress_rewind(output, progress->lines);
    progress->lines = progress_format(progress->title, progress_clock() - progress->began, view,
                                      progress_measure(), output);
    progress_flush(output);
}

void progress_clear(struct progress *progress)
{
    struct output *output = output_to_memory();
    progress_rewind(output, progress->lines);
    progress->lines = 0;
    progress_flush(output);
}
