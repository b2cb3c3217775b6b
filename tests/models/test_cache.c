/* SPDX-License-Identifier: GPL-3.0-or-later
   The cache against a plain array in order of use; pods with caches, by hand. */
#include "models/cache.h"
#include "sim/engine/rng.h"
#include "tests/models/script.h"

#include <string.h>

enum { ROOM = 50 };

/* Newest first. */
struct plain {
    uint64_t keys[ROOM + 1];
    size_t count, capacity;
};

static bool plain_use(struct plain *plain, uint64_t key)
{
    size_t at = 0;
    while (at < plain->count && plain->keys[at] != key)
        at++;
    bool hit = at < plain->count;
    if (!hit && plain->count < plain->capacity)
        plain->count++;
    if (!hit && at >= plain->count)
        at = plain->count - 1;
    memmove(plain->keys + 1, plain->keys, at * sizeof *plain->keys);
    plain->keys[0] = key;
    return hit;
}

static void check_capacity(uint32_t capacity)
{
    struct cache cache;
    struct plain plain = {.capacity = capacity};
    struct rng rng;
    rng_seed(&rng, capacity);
    cache_open(&cache, capacity);
    for (int i = 0; i < 20000; i++) {
        uint64_t key = rng_below(&rng, 3 * ROOM) << 33;
        bool expected = plain_use(&plain, key);
        if (cache_use(&cache, key) != expected)
            fail_msg("capacity %u, step %d: expected a %s", capacity, i,
                     expected ? "hit" : "miss");
    }
    assert_int_equal(cache.count, plain.count);
    cache_close(&cache);
}

static void test_least_recently_used_goes_first(void **state)
{
    (void)state;
    check_capacity(1);
    check_capacity(2);
    check_capacity(7);
    check_capacity(ROOM);
}

#define PODS(discipline) \
    "pods: [{count: 1, speed: 2, discipline: " discipline ", cache: {capacity: 2, " \
    "miss: 100us}}]\nbalancers: [{policy: random}]\n"
#define AT(time, took, pod) \
    {time, time, time, time, (time) + (took), (time) + (took), pod, OUTCOME_OK}

/* Keys 5 6 5 7 6: misses, miss, hit, miss (6 goes), miss; 20 us of work at speed 2 take 10, and
   a miss 50 more. */
static const char keys[] = "0,20,5,0\n100,20,6,0\n200,20,5,0\n300,20,7,0\n400,20,6,0\n";

static void test_misses_cost_work(void **state)
{
    (void)state;
    SCRIPT((keys, "none", PODS("fifo")), AT(0, 60, 0), AT(100, 60, 0), AT(200, 10, 0),
           AT(300, 60, 0), AT(400, 60, 0));
    SCRIPT((keys, "none", PODS("ps")), AT(0, 60, 0), AT(100, 60, 0), AT(200, 10, 0),
           AT(300, 60, 0), AT(400, 60, 0));
}

/* One letter a request, in order of birth: Hit, Miss, or - for none. */
static void check_column(const char *lines, const char *timeout, const char *rest,
                         const char *expected)
{
    char text[1024], found[ROOM];
    snprintf(text, sizeof text, "run: {duration: 1s, warmup: 0s, replications: 1, seed: 1}\n%s",
             rest);
    struct scene scene;
    scene_open_script(&scene, lines, timeout, text);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_in_range(rows.count, 1, ROOM - 1);
    for (size_t i = 0; i < rows.count; i++)
        found[i] = "-HM"[rows.rows[i].cache];
    found[rows.count] = '\0';
    assert_string_equal(found, expected);
    free(rows.rows);
    scene_close(&scene);
}

static void test_rows_tell_hits_from_misses(void **state)
{
    (void)state;
    check_column(keys, "none", PODS("fifo"), "MMHMM");
    check_column(keys, "none", PODS("lifo"), "MMHMM");
    check_column(keys, "none", PODS("ps"), "MMHMM");
}

/* In turns to a pod with a cache, where keys 5 5 6 5 come, and to one without. */
static void test_rows_of_other_pods_have_none(void **state)
{
    (void)state;
    check_column("0,20,5,0\n100,20,5,0\n200,20,5,0\n300,20,5,0\n400,20,6,0\n"
                 "500,20,6,0\n600,20,5,0\n",
                 "none",
                 "pods: [{name: a, count: 1, cache: {capacity: 1, miss: 100us}}, "
                 "{name: b, count: 1}]\nbalancers: [{policy: round_robin}]\n",
                 "M-H-M-M");
}

/* Given up in service and in the queue, which the pod serves all the same; the queue is full for
   the third. */
static void test_rows_that_were_not_served_have_none(void **state)
{
    (void)state;
    check_column("0,20,5,0\n10,20,5,0\n20,20,5,0\n200,20,5,0\n", "15us",
                 "pods: [{count: 1, queue: 1, cache: {capacity: 2, miss: 100us}}]\n"
                 "balancers: [{policy: random}]\n",
                 "MH-H");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_misses_cost_work),
    cmocka_unit_test(test_rows_tell_hits_from_misses),
    cmocka_unit_test(test_rows_of_other_pods_have_none),
    cmocka_unit_test(test_rows_that_were_not_served_have_none),
    cmocka_unit_test(test_least_recently_used_goes_first),
};

TEST_MAIN(tests)
