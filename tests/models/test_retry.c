/* SPDX-License-Identifier: GPL-3.0-or-later
   Retries: what each product tries again, how often, where and after which wait, worked out
   by hand; the law of the waits. */
#include "models/retry.h"
#include "tests/law.h"
#include "tests/models/kind_bind.h"

struct retry_bound {
    struct kind_bound bound;
    const struct retry_config *config;
    struct retry_budget budget;
};

static struct retry_bound *retry_bind(const char *text)
{
    struct retry_bound *it = malloc(sizeof *it);
    assert_non_null(it);
    it->bound = kind_bind(&retry_kinds, text);
    it->config = it->bound.kind.config;
    retry_budget_open(&it->budget, &it->config->budget, 0);
    return it;
}

static void retry_free(struct retry_bound *it)
{
    arena_free(&it->bound.arena);
    free(it);
}

/* The causes after which a first attempt is tried again, as letters of
   Refused resEt reJected erroR Timeout. */
static void assert_causes(const char *text, const char *expected)
{
    struct retry_bound *it = retry_bind(text);
    char found[RETRY_CAUSES + 1] = "", *end = found;
    for (int cause = 0; cause < RETRY_CAUSES; cause++)
        if (retry_may(it->config, &it->budget,
                      &(struct retry_try){.cause = (enum retry_cause)cause}))
            *end++ = "fejrt"[cause];
    *end = '\0';
    if (strcmp(found, expected) != 0)
        fail_msg("%s: retries %s, expected %s", text, found, expected);
    retry_free(it);
}

static void test_causes(void **state)
{
    (void)state;
    assert_causes("envoy", "fejrt");
    assert_causes("{envoy: {retry_on: [refused, timeout]}}", "ft");
    assert_causes("nginx", "fet");
    assert_causes("haproxy", "f");
    assert_causes("{haproxy: {retry_on: [refused, reset, rejected]}}", "fej");
    assert_causes("finagle", "fj");
    assert_causes("linkerd", "jr");
    assert_causes("grpc", "fej");
    assert_causes("custom", "fejrt");
    assert_causes("{custom: {on: error}}", "r");
    assert_causes("{custom: {on: []}}", "");
    kind_bind_refused(&retry_kinds, "{custom: {on: failed}}", "failed");
    kind_bind_refused(&retry_kinds, "{envoy: {max_interval: 1ms}}", "max_interval");
}

static uint64_t attempts_of(const char *text)
{
    struct retry_bound *it = retry_bind(text);
    struct retry_try failed = {.cause = RETRY_REFUSED};
    while (failed.attempt < 10000 && retry_may(it->config, &it->budget, &failed))
        failed.attempt++;
    retry_free(it);
    return failed.attempt;
}

static void test_attempts(void **state)
{
    (void)state;
    assert_int_equal(attempts_of("envoy"), 1);
    assert_int_equal(attempts_of("{envoy: {num_retries: 5}}"), 5);
    assert_int_equal(attempts_of("nginx"), 10000);
    assert_int_equal(attempts_of("{nginx: {proxy_next_upstream_tries: 3}}"), 2);
    assert_int_equal(attempts_of("{nginx: {proxy_next_upstream_tries: 1}}"), 0);
    assert_int_equal(attempts_of("haproxy"), 3);
    assert_int_equal(attempts_of("grpc"), 3);
    assert_int_equal(attempts_of("finagle"), 20);
    assert_int_equal(attempts_of("{linkerd: {on: any}}"), 100); /* the budget's reserve */
    assert_int_equal(attempts_of("{custom: {attempts: unlimited}}"), 10000);
}

/* Envoy refuses the fourth retry at once, whoever's it is; Linkerd lives on what did not have
   to be retried; nginx stops when its time is over. */
static void test_limits(void **state)
{
    (void)state;
    struct retry_bound *it = retry_bind("envoy");
    struct retry_try failed = {.cause = RETRY_ERROR, .load = {.active = 1000, .retries = 2}};
    assert_true(retry_may(it->config, &it->budget, &failed));
    failed.load.retries = 3;
    assert_false(retry_may(it->config, &it->budget, &failed));
    retry_free(it);
    it = retry_bind("{envoy: {budget: percent}}");
    assert_true(retry_may(it->config, &it->budget, &failed));
    failed.load.retries = 200;
    assert_false(retry_may(it->config, &it->budget, &failed));
    retry_free(it);
    it = retry_bind("{linkerd: {budget: {linkerd: {min_retries_per_second: 0}}}}");
    assert_false(retry_may(it->config, &it->budget, &failed));
    for (int i = 0; i < 3; i++)
        retry_budget_end(&it->budget, 0);
    failed.cause = RETRY_TIMEOUT;
    for (int i = 0; i < 2; i++)
        assert_false(retry_may(it->config, &it->budget, &failed));
    failed.cause = RETRY_ERROR;
    assert_true(retry_may(it->config, &it->budget, &failed));
    assert_false(retry_may(it->config, &it->budget, &failed));
    retry_free(it);
    it = retry_bind("{nginx: {proxy_next_upstream_timeout: 2s}}");
    failed = (struct retry_try){.cause = RETRY_RESET, .since = SIM_SECOND,
                                .now = 3 * SIM_SECOND - 1};
    assert_true(retry_may(it->config, &it->budget, &failed));
    failed.now++;
    assert_false(retry_may(it->config, &it->budget, &failed));
    retry_free(it);
}

/* Of a request that its key binds to a pod, as others have no use for the same one again. */
static const struct retry_next bound = {.cause = RETRY_REFUSED, .bound = true};

/* Places as Anywhere, Elsewhere, Untried, Same, sTay for the first retries. */
static void assert_places_of(const char *text, struct retry_next next, const char *expected)
{
    struct retry_bound *it = retry_bind(text);
    char found[16] = "";
    for (size_t i = 0; expected[i] != '\0'; i++) {
        next.attempt = i;
        found[i] = "aeust"[retry_place(it->config, &next)];
    }
    if (strcmp(found, expected) != 0)
        fail_msg("%s: retries go %s, expected %s", text, found, expected);
    retry_free(it);
}

static void assert_places(const char *text, const char *expected)
{
    assert_places_of(text, bound, expected);
}

static void test_places(void **state)
{
    (void)state;
    assert_places("envoy", "aa");
    assert_places("{envoy: {retry_host_predicate: previous_hosts}}", "ee");
    assert_places("nginx", "uuu");
    assert_places("haproxy", "ssa");
    assert_places("{haproxy: {redispatch: 0}}", "ttt");
    assert_places("{haproxy: {redispatch: 2, retries: 5}}", "sasas");
    assert_places("{custom: {place: untried}}", "uu");
    assert_places("finagle", "a");
}

/* With option redispatch HAProxy sends a retry elsewhere whenever the server is down, or when
   no hash and no cookie binds the request and another server is up. */
static void test_redispatch(void **state)
{
    (void)state;
    struct retry_next free = {.cause = RETRY_ERROR}, down = bound, alone = {.alone = true};
    down.down = true;
    assert_places_of("haproxy", free, "aaa");
    assert_places_of("haproxy", down, "aaa");
    assert_places_of("haproxy", alone, "ssa");
    assert_places_of("{haproxy: {redispatch: 2}}", free, "aaa");
    assert_places_of("{haproxy: {redispatch: 0}}", free, "ttt");
    assert_places_of("{haproxy: {redispatch: 0}}", down, "ttt");
    assert_places_of("{custom: {place: same}}", free, "ss");
}

/* It waits only after a refused connection, and only for the same server or the only one. */
static void test_turn_around(void **state)
{
    (void)state;
    static const struct {
        struct retry_next next;
        sim_time with, without; /* option redispatch; of the first retry */
    } cases[] = {
        {{.cause = RETRY_REFUSED, .bound = true}, SIM_SECOND, SIM_SECOND},
        {{.cause = RETRY_REFUSED}, 0, SIM_SECOND},
        {{.cause = RETRY_REFUSED, .alone = true}, SIM_SECOND, SIM_SECOND},
        {{.cause = RETRY_REFUSED, .alone = true, .down = true}, SIM_SECOND, SIM_SECOND},
        {{.cause = RETRY_REFUSED, .bound = true, .down = true}, 0, SIM_SECOND},
        {{.cause = RETRY_RESET, .bound = true}, 0, 0},
        {{.cause = RETRY_REJECTED, .bound = true}, 0, 0},
        {{.cause = RETRY_ERROR, .alone = true}, 0, 0},
        {{.cause = RETRY_TIMEOUT, .bound = true}, 0, 0},
    };
    struct retry_bound *with = retry_bind("haproxy");
    struct retry_bound *without = retry_bind("{haproxy: {redispatch: 0}}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sim_time found[] = {retry_delay(with->config, &cases[i].next, NULL),
                            retry_delay(without->config, &cases[i].next, NULL)};
        if (found[0] != cases[i].with || found[1] != cases[i].without)
            fail_msg("case %zu: waits %g and %g s, expected %g and %g", i,
                     sim_seconds(found[0]), sim_seconds(found[1]),
                     sim_seconds(cases[i].with), sim_seconds(cases[i].without));
    }
    retry_free(with);
    retry_free(without);
}

static void assert_delays(const char *text, const double *seconds, size_t count)
{
    struct retry_bound *it = retry_bind(text);
    struct retry_next next = bound;
    for (size_t i = 0; i < count; i++) {
        next.attempt = i;
        sim_time delay = retry_delay(it->config, &next, NULL);
        if (delay != sim_time_of(seconds[i] * 1e9))
            fail_msg("%s: retry %zu after %.9g s, expected %.9g", text, i, sim_seconds(delay),
                     seconds[i]);
    }
    retry_free(it);
}

#define DELAYS(text, ...) \
    assert_delays(text, (const double[]){__VA_ARGS__}, \
                  sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void test_delays(void **state)
{
    (void)state;
    DELAYS("nginx", 0, 0, 0);
    DELAYS("finagle", 0, 0);
    DELAYS("linkerd", 0, 0);
    DELAYS("haproxy", 1, 1, 0);
    DELAYS("{haproxy: {timeout_connect: 300ms, redispatch: 0}}", 0.3, 0.3, 0.3);
    DELAYS("{custom: {base: 10ms, jitter: none}}", 0.01, 0.02, 0.04, 0.08, 0.1, 0.1);
    DELAYS("{custom: {base: 1s, max: 5s, multiplier: 3, jitter: none}}", 1, 3, 5, 5);
    DELAYS("{custom: {base: 1s, multiplier: 1, jitter: none}}", 1, 1, 1);
}

enum { DRAWS = 20000 };

static double uniform_cdf(double x, const double *end)
{
    return fmin(fmax(x / *end, 0), 1);
}

/* Fully jittered: uniform from 0 up to 25, 50, 100, 200, 250, 250 ms, as Envoy has it but for
   its whole milliseconds. */
static void test_jitter(void **state)
{
    (void)state;
    static double sample[DRAWS];
    static const double ends[] = {0.025, 0.05, 0.1, 0.2, 0.25, 0.25};
    struct retry_bound *it = retry_bind("{custom: {base: 25ms}}");
    struct retry_next next = bound;
    struct rng rng;
    rng_open(&rng, 1, "retry", 0);
    for (size_t retry = 0; retry < sizeof ends / sizeof *ends; retry++) {
        next.attempt = retry;
        for (size_t i = 0; i < DRAWS; i++) {
            sample[i] = sim_seconds(retry_delay(it->config, &next, &rng));
            if (!(sample[i] >= 0 && sample[i] < ends[retry]))
                fail_msg("retry %zu after %.9g s, expected below %g", retry, sample[i],
                         ends[retry]);
        }
        double distance = law_distance(sample, DRAWS, uniform_cdf, &ends[retry]);
        if (!(distance < law_distance_limit))
            fail_msg("retry %zu: distance %.4g from uniform below %g", retry, distance,
                     ends[retry]);
        law_assert_moments(sample, DRAWS, ends[retry] / 2, ends[retry] * ends[retry] / 12);
    }
    next.attempt = UINT64_MAX - 1;
    assert_true(retry_delay(it->config, &next, &rng) < 250 * SIM_MILLISECOND);
    retry_free(it);
}

/* gRPC: 0.8 to 1.2 times 100, 200, 400, 800, 1000 ms, evenly. */
static void test_jitter_of_a_fifth(void **state)
{
    (void)state;
    static double sample[DRAWS];
    static const double waits[] = {0.1, 0.2, 0.4, 0.8, 1, 1};
    struct retry_bound *it = retry_bind("grpc");
    struct retry_next next = bound;
    struct rng rng;
    rng_open(&rng, 3, "retry", 0);
    for (size_t retry = 0; retry < sizeof waits / sizeof *waits; retry++) {
        double width = 0.4 * waits[retry];
        next.attempt = retry;
        for (size_t i = 0; i < DRAWS; i++) {
            sample[i] = sim_seconds(retry_delay(it->config, &next, &rng)) - 0.8 * waits[retry];
            if (!(sample[i] >= -1e-9 && sample[i] <= width + 1e-9))
                fail_msg("retry %zu: %.9g s after the earliest", retry, sample[i]);
        }
        double distance = law_distance(sample, DRAWS, uniform_cdf, &width);
        if (!(distance < law_distance_limit))
            fail_msg("retry %zu: distance %.4g from uniform", retry, distance);
    }
    retry_free(it);
}

/* With 4 tokens, each success worth a half: failures take it to 3 (retried), 2 (half: not), 1, 0,
   0; five successes to 2.5, and the next failure to 1.5; it never holds more than 4.  The last
   attempt of a request takes a token too; another cause neither takes nor gives. */
static void test_throttling(void **state)
{
    (void)state;
    struct retry_bound *it =
        retry_bind("{grpc: {max_attempts: 2, budget: {grpc: {max_tokens: 4, token_ratio: 0.5}}}}");
    struct retry_try first = {.cause = RETRY_REFUSED}, last = first, other = first;
    last.attempt = 1;
    other.cause = RETRY_ERROR;
    assert_true(retry_may(it->config, &it->budget, &first));
    for (int i = 0; i < 4; i++)
        assert_false(retry_may(it->config, &it->budget, &first));
    for (int i = 0; i < 5; i++)
        retry_budget_succeed(&it->budget, 0);
    assert_false(retry_may(it->config, &it->budget, &other));
    assert_false(retry_may(it->config, &it->budget, &first));
    for (int i = 0; i < 100; i++)
        retry_budget_succeed(&it->budget, 0);
    assert_false(retry_may(it->config, &it->budget, &last)); /* 3 */
    assert_false(retry_may(it->config, &it->budget, &first)); /* 2 */
    retry_budget_succeed(&it->budget, 0);
    retry_budget_succeed(&it->budget, 0);
    retry_budget_succeed(&it->budget, 0);
    assert_true(retry_may(it->config, &it->budget, &first)); /* 2.5 */
    retry_free(it);
}

/* Envoy takes its random number modulo the interval in ms: from 0 to 24, 49, … 249 ms, each as
   likely; 6 standard deviations of a count are allowed. */
static void test_whole_milliseconds(void **state)
{
    (void)state;
    static const size_t ends[] = {25, 50, 100, 200, 250, 250};
    struct retry_bound *it = retry_bind("envoy");
    struct retry_next next = bound;
    struct rng rng;
    rng_open(&rng, 2, "retry", 0);
    for (size_t retry = 0; retry < sizeof ends / sizeof *ends; retry++) {
        size_t counts[250] = {0};
        double expected = (double)DRAWS / (double)ends[retry];
        next.attempt = retry;
        for (size_t i = 0; i < DRAWS; i++) {
            sim_time delay = retry_delay(it->config, &next, &rng);
            assert_int_equal(delay % SIM_MILLISECOND, 0);
            assert_true(delay / SIM_MILLISECOND < (sim_time)ends[retry]);
            counts[delay / SIM_MILLISECOND]++;
        }
        for (size_t ms = 0; ms < ends[retry]; ms++)
            ASSERT_NEAR((double)counts[ms], expected, 6 * sqrt(expected));
    }
    retry_free(it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_causes), cmocka_unit_test(test_attempts),
    cmocka_unit_test(test_limits), cmocka_unit_test(test_places),
    cmocka_unit_test(test_redispatch), cmocka_unit_test(test_turn_around),
    cmocka_unit_test(test_delays), cmocka_unit_test(test_jitter),
    cmocka_unit_test(test_whole_milliseconds), cmocka_unit_test(test_jitter_of_a_fifth),
    cmocka_unit_test(test_throttling),
};

TEST_MAIN(tests)
