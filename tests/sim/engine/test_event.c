/* SPDX-License-Identifier: GPL-3.0-or-later
   The event queue against a list that is searched for its least entry: same events, same
   order, over random mixtures of ways in, gaps and ties. */
#include "sim/engine/event.h"
#include "sim/engine/rng.h"
#include "sim/engine/sampler.h"
#include "tests/test.h"

#include <stdlib.h>

enum { REFERENCE_ROOM = 20000, LANES = 3, SUBJECTS = 64 };

struct reference {
    struct event events[REFERENCE_ROOM];
    size_t count;
    uint64_t pushes;
};

static struct event_tickets tickets_of(const void *const *tickets)
{
    return (struct event_tickets){.records = tickets, .record_size = sizeof(uint32_t)};
}

static void reference_push(struct reference *reference, sim_time at, unsigned kind,
                           uint32_t subject, uint32_t ticket)
{
    assert_true(reference->count < REFERENCE_ROOM);
    reference->events[reference->count++] =
        (struct event){at, reference->pushes++ << 8 | kind, subject, ticket, 0, 0};
}

static bool reference_pop(struct reference *reference, struct event *event)
{
    if (reference->count == 0)
        return false;
    size_t least = 0;
    for (size_t i = 1; i < reference->count; i++) {
        const struct event *a = &reference->events[i], *b = &reference->events[least];
        if (a->at < b->at || (a->at == b->at && a->order < b->order))
            least = i;
    }
    *event = reference->events[least];
    reference->events[least] = reference->events[--reference->count];
    return true;
}

/* What an instance of the test mixes. */
struct mixture {
    uint64_t seed;
    double mean_delay; /* ns; 0: everything at the present instant */
    sim_time grain;    /* delays are multiples of it: makes ties */
    size_t steps, waiting;
    bool bimodal;      /* one delay in a hundred is 900 times longer */
};

struct bench {
    struct event_queue *queue;
    struct reference *reference;
    struct rng rng;
    sim_time now;
    event_lane lanes[LANES];
    event_alarm alarm;
    bool alarm_set;
    uint32_t tickets[SUBJECTS];
    const void *tickets_at;
};

static sim_time bench_delay(struct bench *bench, const struct mixture *mixture)
{
    double delay = sampler_exponential(&bench->rng) * mixture->mean_delay;
    if (mixture->bimodal && rng_below(&bench->rng, 100) == 0)
        delay *= 900;
    return sim_time_of(delay) / mixture->grain * mixture->grain;
}

static void bench_push(struct bench *bench, const struct mixture *mixture)
{
    unsigned way = (unsigned)rng_below(&bench->rng, LANES + 2);
    uint32_t subject = (uint32_t)rng_below(&bench->rng, SUBJECTS);
    uint32_t ticket = bench->tickets[subject];
    sim_time at = bench->now + bench_delay(bench, mixture);
    if (way < LANES) {
        at = bench->now + (sim_time)(way * 2) * mixture->grain;
        event_lane_push(bench->queue, bench->lanes[way], at, way, subject, ticket, 0);
        reference_push(bench->reference, at, way, subject, ticket);
    } else if (way == LANES && !bench->alarm_set) {
        event_alarm_set(bench->queue, bench->alarm, at);
        reference_push(bench->reference, at, 200, 77, 0);
        bench->alarm_set = true;
    } else {
        event_push(bench->queue, at, 100, subject, ticket, 5);
        reference_push(bench->reference, at, 100, subject, ticket);
    }
}

/* An event through the lane with tickets does not come out once it is stale. */
static bool bench_is_dropped(const struct bench *bench, const struct event *event)
{
    return event_kind(event) == 0 && bench->tickets[event->subject] != event->ticket;
}

static bool bench_pop(struct bench *bench, const struct mixture *mixture)
{
    struct event found, expected;
    bool any;
    do
        any = reference_pop(bench->reference, &expected);
    while (any && bench_is_dropped(bench, &expected));
    bool got = event_pop(bench->queue, &found);
    if (got != any || (any && (found.at != expected.at || found.order != expected.order ||
                               found.subject != expected.subject)))
        fail_msg("seed %llu: found event at %lld order %llu, expected at %lld order %llu",
                 (unsigned long long)mixture->seed, got ? (long long)found.at : -1,
                 (unsigned long long)found.order, any ? (long long)expected.at : -1,
                 (unsigned long long)expected.order);
    if (!any)
        return false;
    bench->now = found.at;
    if (event_kind(&found) == 200)
        bench->alarm_set = false;
    if (rng_below(&bench->rng, 4) == 0)
        bench->tickets[found.subject % SUBJECTS]++;
    return true;
}

static void bench_run(const struct mixture *mixture)
{
    struct bench bench = {.queue = event_queue_open(1000),
                          .reference = calloc(1, sizeof(struct reference))};
    rng_seed(&bench.rng, mixture->seed);
    bench.tickets_at = bench.tickets;
    bench.lanes[0] = event_lane_open(bench.queue, tickets_of(&bench.tickets_at));
    bench.lanes[1] = event_lane_open(bench.queue, tickets_of(NULL));
    bench.lanes[2] = event_lane_open(bench.queue, tickets_of(NULL));
    bench.alarm = event_alarm_open(bench.queue, 200, 77);
    for (size_t step = 0; step < mixture->steps; step++) {
        while (bench.reference->count < mixture->waiting)
            bench_push(&bench, mixture);
        size_t pops = rng_below(&bench.rng, mixture->waiting) + 1;
        while (pops-- > 0 && bench_pop(&bench, mixture))
            if (rng_below(&bench.rng, 3) > 0)
                bench_push(&bench, mixture);
    }
    while (bench_pop(&bench, mixture))
        continue;
    assert_int_equal(event_queue_count(bench.queue), 0);
    event_queue_close(bench.queue);
    free(bench.reference);
}

static void test_order(void **state)
{
    (void)state;
    static const struct mixture mixtures[] = {
        {.seed = 1, .mean_delay = 1e6, .grain = 1, .steps = 200, .waiting = 100},
        {.seed = 2, .mean_delay = 1e6, .grain = 250000, .steps = 200, .waiting = 100},
        {.seed = 3, .mean_delay = 1, .grain = 1, .steps = 200, .waiting = 50},
        {.seed = 4, .mean_delay = 1e9, .grain = 1, .steps = 100, .waiting = 300,
         .bimodal = true},
        {.seed = 5, .mean_delay = 1e12, .grain = 1000, .steps = 2000, .waiting = 3},
        {.seed = 7, .mean_delay = 1e9, .grain = 100000000, .steps = 500, .waiting = 40,
         .bimodal = true},
        {.seed = 6, .mean_delay = 0, .grain = 1, .steps = 50, .waiting = 200},
    };
    for (size_t i = 0; i < sizeof mixtures / sizeof *mixtures; i++)
        bench_run(&mixtures[i]);
}

/* The rate changes by six orders of magnitude, down and up: the width follows. */
static void test_width_follows_the_rate(void **state)
{
    (void)state;
    struct event_queue *queue = event_queue_open(1);
    struct event event;
    uint64_t popped = 0;
    sim_time last = 0;
    static const sim_time delays[] = {1000, 1000000000, 1000};
    for (size_t phase = 0; phase < 3; phase++) {
        for (uint32_t i = 0; i < 1000; i++)
            event_push(queue, last + delays[phase] + i, 1, i, 0, 0);
        for (int i = 0; i < 20000; i++, popped++) {
            assert_true(event_pop(queue, &event));
            assert_true(event.at >= last);
            last = event.at;
            event_push(queue, last + delays[phase] + event.subject, 1, event.subject, 0, 0);
        }
    }
    assert_int_equal(event_queue_count(queue), 3000);
    assert_true(event_queue_bytes(queue) < 1 << 20);
    event_queue_close(queue);
}

/* The only event that waits is far ahead; what is pushed before it comes before it, also when
   many more share its instant. */
static void test_what_is_far_ahead_makes_way(void **state)
{
    (void)state;
    for (uint32_t crowd = 1; crowd <= 1000; crowd *= 10) {
        struct event_queue *queue = event_queue_open(1000);
        event_alarm alarm = event_alarm_open(queue, 3, 9);
        struct event event;
        for (uint32_t i = 0; i < crowd; i++)
            event_push(queue, SIM_SECOND, 1, i, 0, 0);
        for (sim_time now = 0; now < 10000; now += 100) {
            event_alarm_set(queue, alarm, now);
            assert_true(event_pop(queue, &event));
            assert_int_equal(event.subject, 9);
            event_push(queue, now + 50, 2, 7777, 0, 0);
            assert_int_equal(event_queue_count(queue), crowd + 1);
            assert_true(event_pop(queue, &event));
            assert_int_equal(event.subject, 7777);
            assert_int_equal(event.at, now + 50);
        }
        for (uint32_t i = 0; i < crowd; i++) {
            assert_true(event_pop(queue, &event));
            assert_int_equal(event.subject, i);
        }
        assert_false(event_pop(queue, &event));
        event_queue_close(queue);
    }
}

/* So many wait that filing is put off.  Each that leaves, at its time and in order, comes
   again later. */
static void test_many_wait(void **state)
{
    (void)state;
    enum { WAITING = 200000, ROUNDS = 4 };
    struct event_queue *queue = event_queue_open(1);
    struct rng rng;
    rng_open(&rng, 9, "test", 0);
    static sim_time due[WAITING];
    for (uint32_t i = 0; i < WAITING; i++) {
        due[i] = sim_time_of(sampler_exponential(&rng) * 1e6);
        event_push(queue, due[i], 1, i, 0, 0);
    }
    struct event event, last = {0};
    for (uint32_t popped = 0; popped < ROUNDS * WAITING; popped++) {
        assert_int_equal(event_queue_count(queue), WAITING);
        assert_true(event_pop(queue, &event));
        if (event.at < last.at || (event.at == last.at && event.order <= last.order))
            fail_msg("event %u at %lld order %llu after one at %lld order %llu", popped,
                     (long long)event.at, (unsigned long long)event.order, (long long)last.at,
                     (unsigned long long)last.order);
        assert_int_equal(event.at, due[event.subject]);
        last = event;
        due[event.subject] = event.at + sim_time_of(sampler_exponential(&rng) * 1e6);
        event_push(queue, due[event.subject], 1, event.subject, 0, 0);
    }
    event_queue_close(queue);
}

/* Those that are followed, at exactly the size that is announced. */
struct test_records {
    uint64_t *subjects;
    uint32_t *followers, *counts;
};

enum { RECORDS_SUBJECTS = 1000, RECORDS_DETAILS = 300 };

static struct test_records test_records_make(struct rng *rng)
{
    struct test_records records = {malloc(RECORDS_SUBJECTS * sizeof(uint64_t)),
                                   malloc(RECORDS_DETAILS * sizeof(uint32_t)),
                                   malloc(RECORDS_DETAILS * sizeof(uint32_t))};
    for (size_t i = 0; i < RECORDS_DETAILS; i++)
        records.followers[i] =
            i % 3 == 0 ? UINT32_MAX : (uint32_t)rng_below(rng, RECORDS_SUBJECTS);
    return records;
}

static void test_records_follow(struct event_queue *queue, const struct test_records *records,
                                const void *const *subjects)
{
    event_queue_fetch(queue, (struct event_records){.subjects = subjects,
                                                    .details = records->followers,
                                                    .subject_size = sizeof(uint64_t),
                                                    .detail_size = sizeof(uint32_t),
                                                    .detail_count = RECORDS_DETAILS,
                                                    .counts = records->counts});
}

/* With few events waiting, with some, and with so many that it looks several buckets ahead. */
static void test_fetching_changes_nothing(void **state)
{
    (void)state;
    static const size_t waiting[] = {100, 5000, 40000};
    for (size_t w = 0; w < 3; w++) {
        struct event_queue *plain = event_queue_open(10), *fetching = event_queue_open(10);
        struct rng rng;
        rng_open(&rng, w, "fetch", 0);
        struct test_records records = test_records_make(&rng);
        const void *subjects = records.subjects;
        test_records_follow(fetching, &records, &subjects);
        struct event a = {0}, b = {0};
        for (size_t pushed = 0, popped = 0; popped < 4 * waiting[w]; popped++) {
            for (; pushed < popped + waiting[w]; pushed++) {
                sim_time at = a.at + sim_time_of(sampler_exponential(&rng) * 1e6);
                uint32_t subject = (uint32_t)rng_below(&rng, RECORDS_SUBJECTS);
                uint32_t detail = pushed % 7 == 0
                                      ? UINT32_MAX
                                      : (uint32_t)rng_below(&rng, RECORDS_DETAILS);
                event_push(plain, at, 1, subject, 0, detail);
                event_push(fetching, at, 1, subject, 0, detail);
            }
            assert_true(event_pop(plain, &a) && event_pop(fetching, &b));
            assert_true(a.at == b.at && a.order == b.order && a.subject == b.subject);
        }
        event_queue_close(plain);
        event_queue_close(fetching);
        free(records.subjects);
        free(records.followers);
        free(records.counts);
    }
}

static void test_equal_times_leave_in_push_order(void **state)
{
    (void)state;
    struct event_queue *queue = event_queue_open(1000);
    event_lane lane = event_lane_open(queue, tickets_of(NULL));
    event_alarm alarm = event_alarm_open(queue, 3, 9);
    event_push(queue, 500, 1, 0, 0, 0);
    event_lane_push(queue, lane, 500, 2, 1, 0, 0);
    event_alarm_set(queue, alarm, 500);
    event_push(queue, 500, 1, 2, 0, 0);
    event_lane_push(queue, lane, 500, 2, 3, 0, 0);
    static const uint32_t expected[] = {0, 1, 9, 2, 3};
    for (size_t i = 0; i < 5; i++) {
        struct event event;
        assert_true(event_pop(queue, &event));
        assert_int_equal(event.subject, expected[i]);
    }
    event_queue_close(queue);
}

static void test_stale_lane_events_do_not_pile_up(void **state)
{
    (void)state;
    struct event_queue *queue = event_queue_open(1000);
    uint32_t tickets[1] = {0};
    const void *tickets_at = tickets;
    event_lane lane = event_lane_open(queue, tickets_of(&tickets_at));
    for (uint32_t i = 0; i < 100000; i++) {
        event_lane_push(queue, lane, 1000000 + (sim_time)i, 1, 0, tickets[0], 0);
        tickets[0]++;
    }
    assert_true(event_queue_count(queue) <= 2);
    struct event event;
    assert_false(event_pop(queue, &event));
    event_queue_close(queue);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order),
    cmocka_unit_test(test_width_follows_the_rate),
    cmocka_unit_test(test_what_is_far_ahead_makes_way),
    cmocka_unit_test(test_many_wait),
    cmocka_unit_test(test_fetching_changes_nothing),
    cmocka_unit_test(test_equal_times_leave_in_push_order),
    cmocka_unit_test(test_stale_lane_events_do_not_pile_up),
};

TEST_MAIN(tests)
