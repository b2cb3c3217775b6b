/* SPDX-License-Identifier: GPL-3.0-or-later
   What every policy promises, held against all that there are: it picks whom it may, the
   same with the same seed, asks for no memory while it picks, survives members coming and
   going down to one, and works with one pod and with a thousand. */
#include "models/backends.h"
#include "tests/theory/scene.h"

enum { COUNT_MAX = 1000, POLICIES_MAX = 1000 };

/* A balancer with pods that truly hold what it sent, and a list of what is under way. */
struct host {
    struct scene scene;
    struct arena arena;
    struct backends backends;
    struct backend list[COUNT_MAX];
    char names[COUNT_MAX][16];
    uint32_t count, workers;
    struct rng rng;
    backend_id *under_way;
    size_t under_way_count, under_way_room;
    uint64_t requests;
};

/* What a pod says of itself. */
static struct load_report host_report(const struct host *host, backend_id backend)
{
    uint32_t load = host->backends.outstanding[backend];
    return (struct load_report){
        .backend = backend,
        .in_flight = load,
        .free_workers = load < host->workers ? host->workers - load : 0,
        .speed = backend % 3 + 1,
        .work = 1e6 * load,
        .rate = 100.0 + backend,
        .utilisation = load < host->workers ? load / (double)host->workers : 1,
        .latency = 1000 * ((sim_time)load + 1),
        .measured_at = host->backends.view.now,
    };
}

static void host_hear(struct host *host, backend_id backend)
{
    struct backends *backends = &host->backends;
    struct load_report report = host_report(host, backend);
    if (backends->ops->hear != NULL && backends->ops->traits & POLICY_TOLD)
        backends->ops->hear(backends->state, &backends->view, &report);
}

/* Answers at once whom the policy asks. */
static void host_probe(struct host *host)
{
    struct backends *backends = &host->backends;
    backend_id targets[POLICY_PROBES_MAX];
    if (backends->ops->probe == NULL)
        return;
    uint32_t count = backends->ops->probe(backends->state, &backends->view, targets,
                                          &backends->rng);
    assert_true(count <= POLICY_PROBES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(targets[i] < host->count && backends->is_up[targets[i]]);
        struct load_report report = host_report(host, targets[i]);
        backends->ops->hear(backends->state, &backends->view, &report);
    }
}

/* Opens policy number `policy`, with its defaults. */
static struct host *host_open(size_t policy, uint32_t count, uint32_t limit, uint64_t seed)
{
    struct host *host = calloc(1, sizeof *host);
    scene_open(&host->scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\npods: [{}]\n"
               "balancers: [{policy: [%s]}]\n", policy_kinds.at(policy)->name);
    host->count = count;
    host->workers = 2;
    for (uint32_t i = 0; i < count; i++) {
        snprintf(host->names[i], sizeof host->names[i], "pod-%u", i);
        host->list[i] = (struct backend){.name = host->names[i], .address = host->names[i],
                                         .zone = "", .identity = rng_key(0, host->names[i], 0),
                                         .weight = 1};
    }
    rng_open(&host->rng, seed, "host", 0);
    backends_open(&host->backends, scene_policy(&host->scene, 0), host->list, count,
                  (struct backends_place){.limit = limit, .peers = 1, .key = seed},
                  &host->arena);
    for (uint32_t i = 0; i < count; i++)
        host_hear(host, i);
    return host;
}

static void host_close(struct host *host)
{
    arena_free(&host->arena);
    scene_close(&host->scene);
    free(host->under_way);
    free(host);
}

static const char *host_name(const struct host *host)
{
    return host->backends.ops->kind.name;
}

static void host_finish(struct host *host, size_t index)
{
    backend_id backend = host->under_way[index];
    host->under_way[index] = host->under_way[--host->under_way_count];
    struct backends *backends = &host->backends;
    backends->view.now += 1000;
    backends_done(backends, backend);
    struct load_report load = host_report(host, backend);
    struct outcome_report report = {
        .backend = backend,
        .success = true,
        .status = 200,
        .first_byte = 1000 + (sim_time)backend,
        .latency = 1000 + (sim_time)backend,
        .size = 100,
        .load = backends->ops->traits & POLICY_REPORTS ? &load : NULL,
    };
    if (backends->ops->learn != NULL)
        backends->ops->learn(backends->state, &backends->view, &report);
    host_hear(host, backend);
}

static void host_finish_any(struct host *host)
{
    if (host->under_way_count > 0)
        host_finish(host, rng_below(&host->rng, host->under_way_count));
}

/* One request; NO_BACKEND when it is held. */
static backend_id host_ask(struct host *host)
{
    struct backends *backends = &host->backends;
    struct request request = {.key = rng_below(&host->rng, 1000),
                              .user = (uint32_t)rng_below(&host->rng, 50)};
    size_t pieces = host->arena.pieces, bytes = host->arena.bytes;
    backend_id pick = backends_pick(backends, (sim_time)++host->requests * 1000, &request);
    if (host->arena.pieces != pieces || host->arena.bytes != bytes)
        fail_msg("%s took memory to pick", host_name(host));
    host_probe(host);
    if (pick == NO_BACKEND) {
        if (backends->view.eligible_count > 0 &&
            (backends->ops->traits & (POLICY_HOLDS | POLICY_REFUSES | POLICY_WAITS)) == 0)
            fail_msg("%s picked nobody of %u", host_name(host), backends->view.eligible_count);
        return pick;
    }
    if (pick >= host->count || !backends->is_eligible[pick])
        fail_msg("%s picked %u, which is %s, with %u of %u eligible", host_name(host), pick,
                 pick >= host->count       ? "nobody"
                 : !backends->is_up[pick] ? "down"
                                           : "full",
                 backends->view.eligible_count, host->count);
    backends_sent(backends, pick);
    host_hear(host, pick);
    if (host->under_way_count == host->under_way_room) {
        host->under_way_room = 2 * host->under_way_room + 16;
        host->under_way = memory_grow(host->under_way, host->under_way_room, sizeof(backend_id));
    }
    host->under_way[host->under_way_count++] = pick;
    return pick;
}

static void host_toggle(struct host *host, backend_id backend)
{
    backends_set_up(&host->backends, backend, !host->backends.is_up[backend]);
    backends_update(&host->backends);
}

static void host_drain(struct host *host)
{
    while (host->under_way_count > 0)
        host_finish_any(host);
    for (uint32_t i = 0; i < host->count; i++)
        if (host->backends.outstanding[i] != 0)
            fail_msg("%s: %u stay outstanding at %u", host_name(host),
                     host->backends.outstanding[i], i);
}

/* A random life: arrivals, ends, members that come and go. */
static uint64_t host_live(struct host *host, int steps, bool toggles)
{
    uint64_t hash = 0;
    for (int step = 0; step < steps; step++) {
        uint64_t what = rng_below(&host->rng, 100);
        if (what < 50)
            hash = hash * UINT64_C(0x9e3779b97f4a7c15) + host_ask(host);
        else if (what < 97 || !toggles)
            host_finish_any(host);
        else
            host_toggle(host, (backend_id)rng_below(&host->rng, host->count));
    }
    return hash;
}

#define EACH_POLICY(index) (size_t index = 0; policy_kinds.at(index) != NULL; index++)

static void test_picks_whom_it_may(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        static const uint32_t limits[] = {UINT32_MAX, 1, 3};
        for (size_t i = 0; i < 3; i++) {
            struct host *host = host_open(policy, 12, limits[i], 1);
            host_live(host, 8000, true);
            host_drain(host);
            host_close(host);
        }
    }
}

/* Workers and limit differ: a free worker is not a free place, nor the other way round. */
static void test_limit_below_the_workers(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        struct host *host = host_open(policy, 5, 2, 1);
        host->workers = 4;
        for (uint32_t i = 0; i < host->count; i++)
            host_hear(host, i);
        host_live(host, 20000, false);
        host_drain(host);
        host_close(host);
    }
}

static void test_same_seed_same_picks(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        struct host *one = host_open(policy, 20, UINT32_MAX, 7);
        struct host *two = host_open(policy, 20, UINT32_MAX, 7);
        for (int part = 0; part < 20; part++)
            if (host_live(one, 200, true) != host_live(two, 200, true))
                fail_msg("%s picks otherwise with the same seed", host_name(one));
        host_close(one);
        host_close(two);
    }
}

/* Down to one pod, which then gets all, to none, and back to everybody. */
static void test_down_to_one_and_back(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        struct host *host = host_open(policy, 6, UINT32_MAX, 3);
        host_live(host, 100, false);
        for (backend_id i = 0; i < host->count; i++)
            if (i != 4)
                host_toggle(host, i);
        for (int i = 0; i < 50; i++) {
            backend_id pick = host_ask(host);
            if (pick != 4 && pick != NO_BACKEND)
                fail_msg("%s picked %u when only 4 was up", host_name(host), pick);
            host_finish_any(host);
        }
        host_toggle(host, 4);
        assert_int_equal(host_ask(host), NO_BACKEND);
        host_drain(host);
        for (backend_id i = 0; i < host->count; i++)
            host_toggle(host, i);
        bool seen = false;
        for (int i = 0; i < 300; i++) {
            backend_id pick = host_ask(host);
            seen |= pick != 4 && pick != NO_BACKEND;
            host_finish_any(host);
        }
        if (!seen)
            fail_msg("%s sticks to the last one", host_name(host));
        host_drain(host);
        host_close(host);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        struct host *one = host_open(policy, 1, UINT32_MAX, 4);
        host_live(one, 1000, true);
        host_drain(one);
        host_close(one);
        struct host *many = host_open(policy, COUNT_MAX, UINT32_MAX, 4);
        host_live(many, 2500, true);
        host_drain(many);
        host_close(many);
    }
}

/* Many outstanding, far beyond what a policy may have made room for at first. */
static void test_deep_queues(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        struct host *host = host_open(policy, 3, UINT32_MAX, 5);
        host->workers = 100000;
        for (uint32_t i = 0; i < host->count; i++)
            host_hear(host, i);
        for (int i = 0; i < 3000; i++)
            host_ask(host);
        host_drain(host);
        host_close(host);
    }
}

/* Picks do not change with the weights where POLICY_UNWEIGHTED says so.  They change under
   way, as under slow start. */
static void test_weights(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        struct host *one = host_open(policy, 7, UINT32_MAX, 6);
        struct host *two = host_open(policy, 7, UINT32_MAX, 6);
        bool matter = false;
        for (int part = 0; part < 10; part++) {
            matter |= host_live(one, 300, false) != host_live(two, 300, false);
            for (uint32_t i = 0; i < two->count; i++)
                two->list[i].weight = 1 + i % 3;
            backends_update(&one->backends);
            backends_update(&two->backends);
        }
        const struct policy_ops *ops = one->backends.ops;
        bool denies = (ops->traits & POLICY_UNWEIGHTED) != 0;
        if (matter && denies)
            fail_msg("%s: weights matter", host_name(one));
        host_drain(one);
        host_drain(two);
        host_close(one);
        host_close(two);
    }
}

/* Required words, names that are their own, verbs that fit the traits. */
static void test_descriptions(void **state)
{
    (void)state;
    for EACH_POLICY(policy) {
        const struct policy_ops *ops = (const struct policy_ops *)policy_kinds.at(policy);
        assert_non_null(ops->kind.name);
        assert_non_null(ops->kind.summary);
        assert_non_null(ops->source);
        assert_non_null(ops->cost);
        assert_non_null(strstr(ops->cost, " a pick"));
        assert_non_null(strstr(ops->cost, " a change"));
        assert_int_equal(strstr(ops->cost, "nothing a change") == NULL, ops->update != NULL);
        assert_non_null(ops->pick);
        assert_true((ops->traits & POLICY_TOLD) == 0 || ops->hear != NULL);
        assert_true((ops->traits & POLICY_ORACLE) == 0 || ops->traits & POLICY_TOLD);
        assert_true(ops->probe == NULL || ops->hear != NULL);
        for (size_t other = 0; other < policy; other++)
            assert_string_not_equal(ops->kind.name, policy_kinds.at(other)->name);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_picks_whom_it_may),
    cmocka_unit_test(test_limit_below_the_workers),
    cmocka_unit_test(test_same_seed_same_picks),
    cmocka_unit_test(test_down_to_one_and_back),
    cmocka_unit_test(test_sizes),
    cmocka_unit_test(test_deep_queues),
    cmocka_unit_test(test_weights),
    cmocka_unit_test(test_descriptions),
};

TEST_MAIN(tests)
