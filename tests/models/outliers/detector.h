/* SPDX-License-Identifier: GPL-3.0-or-later
   A detector of outliers by itself: outcomes and the clock are the test's. */
#ifndef TESTS_MODELS_OUTLIERS_DETECTOR_H
#define TESTS_MODELS_OUTLIERS_DETECTOR_H

#include "models/outlier.h"
#include "sim/config/config.h"
#include "tests/test.h"

#include <string.h>

enum { DETECTOR_MOST = 64 };

struct detector {
    struct arena arena;
    struct param_kind kind; /* as bound */
    const struct outlier_ops *ops;
    void *state;
    struct outlier_host host;
    struct rng rng;
    uint8_t is_member[DETECTOR_MOST], is_out[DETECTOR_MOST];
    uint32_t changes;
};

static const struct param detector_table[] = {
    {.key = "outlier", .type = PARAM_KIND,
     .offset = PARAM_FIELD(struct detector, kind, struct param_kind),
     .of.kinds = &outlier_kinds, .unit = PARAM_DURATION, .help = "a detector"},
    PARAM_END,
};

static inline void detector_changed(void *context, backend_id backend, bool out)
{
    struct detector *detector = context;
    assert_int_equal(detector->is_out[backend], out);
    detector->changes++;
}

/* Binds `outlier`, in scenario syntax; false where it is refused. */
static inline bool detector_bind(struct detector *detector, const char *outlier)
{
    char text[1024];
    snprintf(text, sizeof text, "outlier:\n  %s\n", outlier);
    struct problems problems = {0};
    const struct source *source =
        source_of_text("test", text, strlen(text), &detector->arena, &problems);
    bool bound = source != NULL && config_bind(source, detector_table, detector, NULL, 0,
                                               &detector->arena, &problems) != NULL;
    problems_free(&problems);
    return bound;
}

/* `count` members, at time 0. */
static inline void detector_open(struct detector *detector, const char *outlier,
                                 uint32_t count)
{
    *detector = (struct detector){0};
    if (!detector_bind(detector, outlier))
        fail_msg("refused: %s", outlier);
    detector->ops = outlier_ops(&detector->kind);
    detector->state = arena_take(&detector->arena, 1, detector->ops->state_size);
    memset(detector->is_member, 1, count);
    rng_open(&detector->rng, 1, "detector", 0);
    detector->host = (struct outlier_host){
        .count = count,
        .is_member = detector->is_member,
        .member_count = count,
        .rng = &detector->rng,
        .is_out = detector->is_out,
        .changed = detector_changed,
        .context = detector,
    };
    detector->ops->open(detector->state, detector->kind.config, &detector->host,
                        &detector->arena);
}

static inline void detector_close(struct detector *detector)
{
    arena_free(&detector->arena);
}

/* Lets time pass, to `ms` inclusive. */
static inline void detector_wait(struct detector *detector, int64_t ms)
{
    sim_time until = ms * SIM_MILLISECOND;
    for (sim_time due; (due = detector->ops->due(detector->state)) <= until;) {
        assert_true(due > detector->host.now);
        detector->host.now = due;
        detector->ops->wake(detector->state, &detector->host);
    }
    detector->host.now = until;
}

static inline void detector_send(struct detector *detector, backend_id backend)
{
    if (detector->ops->sent != NULL)
        detector->ops->sent(detector->state, &detector->host, backend);
}

/* So many attempts end with `status`; 0: refused, -1: a connection but no reply, -2: given up. */
static inline void detector_end(struct detector *detector, backend_id backend, int status,
                                int times)
{
    struct outcome_report report = {.backend = backend,
                                    .success = status >= 200 && status < 400,
                                    .refused = status == 0,
                                    .abandoned = status == -2,
                                    .status = (uint16_t)(status > 0 ? status : 0)};
    for (int i = 0; i < times; i++)
        detector->ops->learn(detector->state, &detector->host, &report);
}

static inline void detector_leave(struct detector *detector, backend_id backend)
{
    detector->is_member[backend] = false;
    detector->host.member_count--;
    detector->ops->left(detector->state, &detector->host, backend);
}

static inline void detector_join(struct detector *detector, backend_id backend)
{
    detector->is_member[backend] = true;
    detector->host.member_count++;
}

/* Who is out, as letters from 'a'; "" for nobody. */
static inline void detector_assert_out(const struct detector *detector, const char *expected,
                                       const char *file, int line)
{
    char found[DETECTOR_MOST + 1];
    size_t length = 0;
    for (uint32_t i = 0; i < detector->host.count; i++)
        if (detector->is_out[i])
            found[length++] = (char)('a' + i);
    found[length] = '\0';
    if (strcmp(found, expected) == 0 && detector->host.out_count == length)
        return;
    print_error("at %g s: found \"%s\" out (%u), expected \"%s\"\n",
                sim_seconds(detector->host.now), found, detector->host.out_count, expected);
    _fail(file, line);
}

#define DETECTOR_OUT(detector, expected) \
    detector_assert_out(detector, expected, __FILE__, __LINE__)

#endif
