/* SPDX-License-Identifier: GPL-3.0-or-later
   Whole runs: the same order gives the same rows, another seed or replication others; what a
   run takes of memory does not grow with its length; stopping from outside. */
#include "tests/theory/scene.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTS_MEMORY 0
#elif defined(__has_feature)
#define COUNTS_MEMORY (!__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer))
#else
#define COUNTS_MEMORY 1
#endif

/* Every call for memory of this program is counted; glibc's own functions do the work. */
static size_t memory_calls;

#if COUNTS_MEMORY
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
    memory_calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    memory_calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    memory_calls++;
    return __libc_realloc(memory, size);
}
#endif

static const char rich[] =
    "clients:\n"
    "  - {name: a, arrivals: {poisson: {rate: 5/ms}}, demand: {lognormal: {mean: 1ms, cv: 1}}, "
    "timeout: 20ms, key: {zipf: {count: 1k}}, users: 50}\n"
    "  - {name: b, arrivals: {closed: {users: 20, think: {exponential: {mean: 10ms}}}}, "
    "demand: {exponential: {mean: 1ms}}}\n"
    "pods: [{name: p, count: 8, queue: 50}, {name: q, count: 2, discipline: ps}]\n"
    "network: {to_balancer: 100us, to_pod: {exponential: {mean: 200us}}}\n"
    "balancers: [{count: 3, max_in_flight: 20, queue: {timeout: 5ms}, "
    "policy: [random, round_robin, p2c, least_connections]}]\n";

static void open_rich(struct scene *scene, unsigned seed, unsigned milliseconds)
{
    scene_open(scene, "run: {duration: %ums, warmup: 10ms, replications: 2, seed: %u}\n%s",
               milliseconds, seed, rich);
}

static bool same_rows(const struct scene_rows *one, const struct scene_rows *other)
{
    return one->count == other->count &&
           memcmp(one->rows, other->rows, one->count * sizeof *one->rows) == 0;
}

static void test_same_order_same_rows(void **state)
{
    (void)state;
    struct scene scene, again;
    open_rich(&scene, 5, 200);
    open_rich(&again, 5, 200);
    for (size_t policy = 0; policy < scene_policies(&scene); policy++) {
        struct scene_rows one = scene_run(&scene, policy, 1);
        struct scene_rows two = scene_run(&scene, policy, 1);
        struct scene_rows three = scene_run(&again, policy, 1);
        assert_true(one.count > 1000);
        assert_true(same_rows(&one, &two) && same_rows(&one, &three));
        assert_int_equal(one.account.events, two.account.events);
        assert_int_equal(one.account.peak_in_flight, two.account.peak_in_flight);
        free(one.rows);
        free(two.rows);
        free(three.rows);
    }
    scene_close(&scene);
    scene_close(&again);
}

static void test_other_seed_other_rows(void **state)
{
    (void)state;
    struct scene scene, other;
    open_rich(&scene, 5, 200);
    open_rich(&other, 6, 200);
    struct scene_rows one = scene_run(&scene, 0, 1), replicated = scene_run(&scene, 0, 2);
    struct scene_rows seeded = scene_run(&other, 0, 1), policy = scene_run(&scene, 2, 1);
    assert_false(same_rows(&one, &replicated));
    assert_false(same_rows(&one, &seeded));
    assert_false(same_rows(&replicated, &seeded));
    assert_false(same_rows(&one, &policy));
    free(one.rows);
    free(replicated.rows);
    free(seeded.rows);
    free(policy.rows);
    scene_close(&scene);
    scene_close(&other);
}

struct counted {
    size_t calls;
    uint64_t rows;
};

static void drop_rows(void *context, const struct trace_row *rows, size_t count)
{
    (void)context, (void)rows, (void)count;
}

static struct counted count_calls(unsigned milliseconds, size_t policy)
{
    struct scene scene;
    open_rich(&scene, 7, milliseconds);
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, policy),
                                .replication = 1, .sink = {drop_rows, NULL}};
    struct world *world = world_build(&order);
    size_t before = memory_calls;
    struct counted counted = {.rows = world_run(world).rows};
    counted.calls = memory_calls - before;
    world_free(world);
    scene_close(&scene);
    return counted;
}

/* Twice the requests need no more memory but for a few doublings of what is under way. */
static void test_memory_does_not_grow(void **state)
{
    (void)state;
    if (!COUNTS_MEMORY)
        skip();
    for (size_t policy = 0; policy < 4; policy++) {
        struct counted brief = count_calls(2000, policy), lengthy = count_calls(4000, policy);
        print_message("    %zu calls for %llu requests, %zu for %llu\n", brief.calls,
                      (unsigned long long)brief.rows, lengthy.calls,
                      (unsigned long long)lengthy.rows);
        assert_true(lengthy.rows > brief.rows * 19 / 10);
        assert_true(lengthy.calls <= brief.calls + 6);
        assert_true(brief.calls < 100);
    }
}

static void test_account(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10ms, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 2500us}]\n"
                       "pods: [{workers: 10}]\nbalancers: [{policy: random}]\n");
    struct scene_rows rows = scene_run(&scene, 0, 1);
    /* Due at 1, 2, … ms; the last one measured, of 9 ms, ends at 11.5 ms. */
    assert_int_equal(rows.account.requests, 11);
    assert_int_equal(rows.account.rows, 11);
    assert_int_equal(rows.account.peak_in_flight, 3);
    assert_int_equal(rows.account.events, 11 + 9);
    assert_false(rows.account.stopped);
    free(rows.rows);
    scene_close(&scene);
}

/* All that is under way is cut where the run was stopped; nothing is lost. */
static void test_stop(void **state)
{
    (void)state;
    struct scene scene;
    open_rich(&scene, 8, 2000);
    atomic_bool stop = true;
    _Atomic uint64_t progress = 0;
    struct scene_rows kept = {0};
    struct world_order order = {.scenario = scene.scenario, .policy = scene_policy(&scene, 0),
                                .replication = 1, .sink = {scene_keep, &kept}, .stop = &stop,
                                .progress = &progress};
    struct world *world = world_build(&order);
    struct world_account account = world_run(world);
    world_free(world);
    assert_true(account.stopped);
    assert_int_equal(account.rows, kept.count);
    assert_int_equal(account.requests, kept.count);
    size_t unfinished = 0;
    for (size_t i = 0; i < kept.count; i++)
        unfinished += kept.rows[i].outcome == OUTCOME_UNFINISHED;
    assert_true(unfinished > 0 && unfinished < kept.count);
    free(kept.rows);
    scene_close(&scene);
}

static void test_roster(void **state)
{
    (void)state;
    struct scene scene;
    open_rich(&scene, 9, 100);
    struct world_order order = {.scenario = scene.scenario, .policy = scene_policy(&scene, 0),
                                .replication = 1, .sink = {drop_rows, NULL}};
    struct world *world = world_build(&order);
    const struct roster *roster = world_roster(world);
    assert_int_equal(roster->client_count, 2);
    assert_string_equal(roster->clients[1], "b");
    assert_int_equal(roster->pod_count, 10);
    assert_string_equal(roster->pods[0].name, "p-0");
    assert_string_equal(roster->pods[9].name, "q-1");
    assert_string_equal(roster_kind(roster, 9)->group, "q");
    assert_int_equal(roster->measure_begin, 10 * SIM_MILLISECOND);
    assert_int_equal(roster->measure_end, 100 * SIM_MILLISECOND);
    world_free(world); /* without a run */
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_order_same_rows),
    cmocka_unit_test(test_other_seed_other_rows),
    cmocka_unit_test(test_memory_does_not_grow),
    cmocka_unit_test(test_account),
    cmocka_unit_test(test_stop),
    cmocka_unit_test(test_roster),
};

TEST_MAIN(tests)
