/* SPDX-License-Identifier: GPL-3.0-or-later
   A report for people: a few tables, then what must be known to read them.  The same tables
   go to a terminal and into Markdown. */
#include "sim/report/render.h"

#include "sim/report/answer.h"
#include "sim/report/section.h"
#include "sim/stats/interval.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RENDER_NOTES_MAX = 12 }; /* measures without a value that are named one by one */

const char *render_crowded(const struct report *report, enum scope_kind kind)
{
    static const char *const texts[] = {
        [SCOPE_ALL] = NULL,
        [SCOPE_CLIENT] = "no figures per client group: more than 1000 of them",
        [SCOPE_GROUP] = "no figures per pod group: more than 1000 of them",
        [SCOPE_POD] = "no figures per pod: more than 1000 of them",
        [SCOPE_CHANGE] = "no figures per membership change: more than 1000 of them",
        [SCOPE_FAULT] = "no figures of faults beyond the first 64",
        [SCOPE_WINDOW] = NULL,
        [SCOPE_HOP] = NULL,
        [SCOPE_TIER] = "no figures of subsets: balancers times pods are more than 2^29",
        [SCOPE_BALANCER] = "no figures per balancer: more than 64 of them",
    };
    _Static_assert(SCOPE_MEMBERS_MAX == 1000 && HARM_FAULTS_MAX == 64 &&
                       FLEET_LISTED_MAX == 64 && PAIRS_BYTES_MAX == 1 << 26,
                   "as the texts say");
    return report->crowded >> kind & 1 ? texts[kind] : NULL;
}

static void render_answer(const struct section_view *view)
{
    struct output *answer = output_to_memory();
    size_t size;
    answer_write(view->report, view->heading, answer);
    table_print_text(output_memory(answer, &size), view->style, view->output);
    output_text(view->output, "\n\n");
    output_close(answer, false);
}

/* "20 replications", "10 to 35 replications". */
static void render_replications(const struct section_view *view)
{
    const struct report *report = view->report;
    if (report->fewest > 0 && report->fewest < report->replications)
        output_format(view->output, "%zu to ", report->fewest);
    output_format(view->output, "%zu replication%s", report->replications,
                  report->replications == 1 ? "" : "s");
}

/* "20 replications", "10 to 20 sections of one trace", or both. */
static void render_evidence(const struct section_view *view)
{
    if (view->replicated || view->most_sections == 0)
        render_replications(view);
    if (view->most_sections == 0)
        return;
    if (view->replicated)
        output_text(view->output, ", or, where nothing differs between them, over ");
    if (view->fewest_sections < view->most_sections)
        output_format(view->output, "%u to ", view->fewest_sections);
    output_format(view->output, "%u sections of one trace", view->most_sections);
    if (view->report->replications > 1 && !view->replicated)
        output_text(view->output, ", as nothing differs between replications");
}

static void render_heading(const struct section_view *view)
{
    const struct report_heading *heading = view->heading;
    bool markdown = view->style == TABLE_MARKDOWN;
    output_text(view->output, markdown ? "### " : "");
    table_print_text(heading->scenario, view->style, view->output);
    if (heading->summary != NULL && heading->summary[0] != '\0') {
        output_text(view->output, markdown ? "\n\n" : ": ");
        table_print_text(heading->summary, view->style, view->output);
    }
    output_text(view->output, markdown ? "\n\n" : "\n");
    render_replications(view);
    if (!heading->seedless)
        output_format(view->output, ", seed %" PRIu64, heading->seed);
    if (markdown && heading->version != NULL)
        output_format(view->output, ", lbsim %s", heading->version);
    output_text(view->output,
                heading->partial ? "; partial: the run was stopped early\n\n" : "\n\n");
    if (markdown && view->report->count > 0)
        render_answer(view);
}

/* One line under the tables. */
static void render_open_note(const struct section_view *view)
{
    output_text(view->output, table_bullet(view->style));
}

static void render_note(const struct section_view *view, const char *note)
{
    render_open_note(view);
    table_print_text(note, view->style, view->output);
    output_text(view->output, "\n");
}

/* Once for all policies, as they faced the same requests. */
static void render_nothing(const struct section_view *view)
{
    if (view->nothing == NULL)
        return;
    render_open_note(view);
    table_print_text(view->nothing, view->style, view->output);
    output_text(view->output,
                ": perhaps the warm-up outlasted the load, the rate is too low for so short a "
                "run, or what is replayed has no usable stamps\n");
}

static void render_missing(const struct section_view *view)
{
    for (size_t i = 0; i < view->missing_count && i < RENDER_NOTES_MAX; i++) {
        const struct measure *measure = view->missing[i];
        render_open_note(view);
        output_format(view->output, "%s of ", measure->metric);
        table_print_text(measure->policy, view->style, view->output);
        if (strcmp(measure->scope, "all") != 0) {
            output_text(view->output, ", ");
            table_print_text(measure->scope, view->style, view->output);
        }
        output_text(view->output, ": ");
        table_print_text(measure->note, view->style, view->output);
        output_text(view->output, "\n");
    }
    if (view->missing_count > RENDER_NOTES_MAX) {
        render_open_note(view);
        output_format(view->output, "%zu more values are missing likewise\n",
                      view->missing_count - RENDER_NOTES_MAX);
    }
}

void render_notes(const struct section_view *view)
{
    size_t replications = view->report->replications;
    output_text(view->output, "\n");
    if (view->halves) {
        render_open_note(view);
        output_text(view->output, "±: half of the 95 % confidence interval, relative to the "
                                  "value; Student's t over ");
        render_evidence(view);
        output_text(view->output, "\n");
    } else if (replications < INTERVAL_REPLICATIONS_MIN) {
        render_open_note(view);
        output_format(view->output,
                      "no confidence intervals: they need %d replications or more\n",
                      INTERVAL_REPLICATIONS_MIN);
    }
    render_nothing(view);
    render_missing(view);
    if (view->unseen)
        render_note(view, "remap churn without figures: nobody was seen both before and after "
                          "the change");
    for (enum scope_kind kind = 0; kind < SCOPE_KIND_COUNT; kind++)
        if (render_crowded(view->report, kind) != NULL)
            render_note(view, render_crowded(view->report, kind));
    const char *const *notes = view->heading->notes;
    for (; notes != NULL && *notes != NULL; notes++)
        render_note(view, *notes);
}

static void render_all(struct section_view *view)
{
    render_heading(view);
    if (view->report->count == 0) {
        output_text(view->output, "nothing was measured\n");
    } else {
        section_print_all(view);
    }
    render_notes(view);
    free(view->missing);
}

void render_text(const struct report *report, const struct report_heading *heading,
                 bool color, struct output *output)
{
    render_all(&(struct section_view){.report = report,
                                      .heading = heading,
                                      .style = color ? TABLE_COLOR : TABLE_PLAIN,
                                      .output = output});
}

void render_markdown(const struct report *report, const struct report_heading *heading,
                     struct output *output)
{
    render_all(&(struct section_view){
        .report = report, .heading = heading, .style = TABLE_MARKDOWN, .output = output});
}
