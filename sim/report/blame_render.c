/* SPDX-License-Identifier: GPL-3.0-or-later
   Shares are of the sums of the parts, so both figures of a row add up to 100 %.  Who is to blame
   is the part with the largest share of the slowest. */
#include "sim/report/blame_render.h"

#include "sim/report/blame.h"
#include "sim/report/facts.h"
#include "sim/report/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *head, *slow, *all; /* the metrics of the slowest and of all requests */
    const char *words;             /* "the time was spent …" */
} blame_render_parts[PART_COUNT] = {
    [PART_CLIENT] = {"client", "slow1_client_time", "client_time",
                     "before the deciding attempt was sent"},
    [PART_NETWORK] = {"network", "slow1_network_time", "network_time", "on the network"},
    [PART_BALANCER] = {"balancer", "slow1_balancer_time", "balancer_time", "in the balancer"},
    [PART_QUEUE] = {"queue", "slow1_queue_time", "queue_time", "in the pod's queue"},
    [PART_SERVICE] = {"service", "slow1_service_time", "service_time", "in service"},
};

/* Of one policy; shares are NaN where they are not known. */
struct blame_render {
    const char *policy;
    const struct measure *from; /* the p99 */
    double slow[PART_COUNT], all[PART_COUNT];
};

static double blame_render_value(const struct section_view *view, const char *policy,
                                 const char *metric)
{
    const struct measure *measure = report_find(view->report, policy, "all", metric);
    return measure != NULL ? measure->value : NAN;
}

static void blame_render_divide(double *shares)
{
    double sum = 0;
    for (int i = 0; i < PART_COUNT; i++)
        sum += shares[i];
    for (int i = 0; i < PART_COUNT; i++)
        shares[i] /= sum;
}

static struct blame_render blame_render_of(const struct section_view *view, const char *policy)
{
    struct blame_render blame = {.policy = policy,
                                 .from = report_find(view->report, policy, "all", "p99")};
    for (int i = 0; i < PART_COUNT; i++) {
        blame.slow[i] = blame_render_value(view, policy, blame_render_parts[i].slow);
        blame.all[i] = blame_render_value(view, policy, blame_render_parts[i].all);
    }
    blame_render_divide(blame.slow);
    blame_render_divide(blame.all);
    return blame;
}

/* The next policy with known shares, from measure `*at` on; false: there is none. */
static bool blame_render_next(const struct section_view *view, size_t *at,
                              struct blame_render *blame)
{
    while (*at < view->report->count) {
        const struct measure *measure = &view->report->measures[(*at)++];
        if (strcmp(measure->metric, blame_render_parts[0].slow) != 0)
            continue;
        *blame = blame_render_of(view, measure->policy);
        if (blame->from != NULL && isfinite(blame->slow[0]) && isfinite(blame->all[0]))
            return true;
    }
    return false;
}

/* Parts that take less than this share of anybody's time have no column. */
#define BLAME_RENDER_LEAST 0.001

/* Which parts have one; their number. */
static size_t blame_render_use(const struct section_view *view, bool used[PART_COUNT])
{
    struct blame_render blame;
    size_t count = 0;
    for (size_t at = 0; blame_render_next(view, &at, &blame);)
        for (int i = 0; i < PART_COUNT; i++)
            used[i] |= fmax(blame.slow[i], blame.all[i]) >= BLAME_RENDER_LEAST;
    for (int i = 0; i < PART_COUNT; i++)
        count += used[i];
    return count;
}

static void blame_render_row(struct table *table, const bool used[PART_COUNT],
                             const struct blame_render *blame)
{
    char text[FIGURE_SIZE], all[FIGURE_SIZE], tail[FIGURE_SIZE + 2];
    table_add(table, blame->policy, "");
    figure_write(text, FIGURE_TIME, blame->from->value);
    table_add(table, text, "")->measure = blame->from;
    for (int i = 0; i < PART_COUNT; i++) {
        if (!used[i])
            continue;
        figure_write(text, FIGURE_PERCENT, blame->slow[i]);
        figure_write(all, FIGURE_PERCENT, blame->all[i]);
        snprintf(tail, sizeof tail, "(%s)", all);
        table_add(table, text, tail);
    }
}

static void blame_render_table(const struct section_view *view, const bool used[PART_COUNT],
                               size_t count)
{
    struct blame_render blame;
    struct table table = {.title = "Blame", .columns = 2 + count, .labels = 1};
    table_add(&table, "policy", "");
    table_add(&table, "from", "");
    for (int i = 0; i < PART_COUNT; i++)
        if (used[i])
            table_add(&table, blame_render_parts[i].head, "");
    for (size_t at = 0; blame_render_next(view, &at, &blame);)
        blame_render_row(&table, used, &blame);
    table_print(&table, view->style, view->output);
    table_free(&table);
}

static void blame_render_sentence(const struct section_view *view,
                                  const struct blame_render *blame)
{
    char from[FIGURE_SIZE], slow[FIGURE_SIZE], all[FIGURE_SIZE];
    int most = 0;
    for (int i = 1; i < PART_COUNT; i++)
        if (blame->slow[i] > blame->slow[most])
            most = i;
    figure_write(from, FIGURE_TIME, blame->from->value);
    figure_write(slow, FIGURE_PERCENT, blame->slow[most]);
    figure_write(all, FIGURE_PERCENT, blame->all[most]);
    output_text(view->output, table_bullet(view->style));
    output_text(view->output, "of the slowest 1 % of ");
    table_print_text(blame->policy, view->style, view->output);
    output_format(view->output,
                  " (from %s on), %s of the time was spent %s, %s over all requests\n", from,
                  slow, blame_render_parts[most].words, all);
}

/* With more policies only the best, the worst and those that the scenario asks about have a
   sentence: the table has all. */
enum { BLAME_RENDER_SENTENCES = 5 };

static void blame_render_words(const struct section_view *view)
{
    const struct report_facts *facts = view->heading != NULL ? view->heading->facts : NULL;
    struct blame_render blame;
    double best = INFINITY, worst = -INFINITY;
    size_t count = 0;
    bool page = view->style == TABLE_HTML;
    for (size_t at = 0; blame_render_next(view, &at, &blame); count++) {
        best = fmin(best, blame.from->value);
        worst = fmax(worst, blame.from->value);
    }
    output_text(view->output, page ? "<ul>\n" : "");
    for (size_t at = 0; blame_render_next(view, &at, &blame);)
        if (count <= BLAME_RENDER_SENTENCES || blame.from->value <= best ||
            blame.from->value >= worst || facts_is_asked(facts, blame.policy))
            blame_render_sentence(view, &blame);
    output_text(view->output, page                            ? "</ul>\n"
                              : view->style == TABLE_MARKDOWN ? "\n"
                                                              : "");
}

void blame_render_print(const struct section_view *view)
{
    bool used[PART_COUNT] = {false};
    size_t count = blame_render_use(view, used);
    if (count == 0)
        return;
    section_title(view, "Blame (shares of the time of the slowest 1 %; in brackets: of that of "
                        "all requests)");
    blame_render_words(view);
    blame_render_table(view, used, count);
}
