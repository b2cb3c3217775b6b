/* SPDX-License-Identifier: GPL-3.0-or-later
   Bounded loads as Envoy's test/extensions/load_balancing_policies/common/
   bounded_load_hlb_test.cc has them: five hosts, of which the hash is the index, shuffled by
   seed 2 as 2 1 0 4 3, by 6 as 4 0 2 3 1, by 7 as 0 1 4 3 2. */
#include "models/blocks/envoy_hash.h"
#include "tests/test.h"

enum { HOSTS = 5 };

struct cluster {
    struct arena arena;
    struct envoy_hash_config config;
    struct envoy_hash hash;
    struct backend backends[HOSTS];
    uint32_t outstanding[HOSTS];
    uint8_t is_up[HOSTS], is_eligible[HOSTS];
    backend_id eligible[HOSTS];
    struct view view;
};

static void cluster_open(struct cluster *cluster, uint32_t hosts)
{
    *cluster = (struct cluster){.config = {.hash_balance_factor = 100}};
    for (uint32_t i = 0; i < hosts; i++) {
        cluster->backends[i] = (struct backend){"a", "a", "", i, 1};
        cluster->is_up[i] = cluster->is_eligible[i] = 1;
        cluster->eligible[i] = i;
    }
    cluster->view = (struct view){
        .backends = cluster->backends, .count = hosts, .capacity = hosts,
        .outstanding = cluster->outstanding, .is_member = cluster->is_up,
        .is_up = cluster->is_up, .is_eligible = cluster->is_eligible,
        .eligible = cluster->eligible, .eligible_count = hosts,
    };
    envoy_hash_init(&cluster->hash, &cluster->config, &cluster->view, &cluster->arena);
    envoy_hash_update(&cluster->hash, &cluster->view);
}

static void cluster_load(struct cluster *cluster, backend_id host, uint32_t load)
{
    cluster->hash.active += load - cluster->outstanding[host];
    cluster->outstanding[host] = load;
}

static backend_id choose_index(const void *table, uint64_t hash, uint32_t attempt)
{
    return (backend_id)((hash / *(const uint32_t *)table + attempt) % HOSTS);
}

static backend_id ask(struct cluster *cluster, uint64_t hash, uint32_t points)
{
    struct request request = {.hash = hash, .has_hash = true};
    return envoy_hash_pick(&cluster->hash, &cluster->view, &request, choose_index, &points);
}

static void test_nobody_overloaded(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_open(&cluster, HOSTS);
    for (uint64_t i = 0; i < HOSTS; i++)
        assert_int_equal(ask(&cluster, i, 1), i);
    arena_free(&cluster.arena);
}

/* 10 active and one to come: 11 slots, 2.2 each, so 3 each; 3 active are still fine. */
static void test_one_overloaded(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_open(&cluster, HOSTS);
    cluster_load(&cluster, 2, 3);
    cluster_load(&cluster, 4, 7);
    assert_int_equal(ask(&cluster, 2, 1), 2);
    cluster_load(&cluster, 2, 4);
    assert_int_equal(ask(&cluster, 2, 1), 1);
    arena_free(&cluster.arena);
}

/* 14 active, 15 slots, 3 each. */
static void test_several_overloaded(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_open(&cluster, HOSTS);
    cluster_load(&cluster, 0, 4);
    cluster_load(&cluster, 1, 5);
    cluster_load(&cluster, 2, 5);
    assert_int_equal(ask(&cluster, 2, 1), 4);
    arena_free(&cluster.arena);
}

static void test_hashes_differ(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_open(&cluster, HOSTS);
    cluster_load(&cluster, 3, 10);
    assert_int_equal(ask(&cluster, 6, 2), 4);
    assert_int_equal(ask(&cluster, 7, 2), 0);
    arena_free(&cluster.arena);
}

/* AllHostsOverloaded, with a count of active requests that is far too low: the least
   overloaded wins, the owner among equals.  5, 4 and 6 active, one slot each. */
static void test_all_overloaded(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_open(&cluster, 3);
    cluster_load(&cluster, 0, 5);
    cluster_load(&cluster, 1, 4);
    cluster_load(&cluster, 2, 6);
    cluster.hash.active = 0;
    assert_int_equal(ask(&cluster, 0, 1), 1);
    cluster.outstanding[1] = 5;
    assert_int_equal(ask(&cluster, 0, 1), 0);
    arena_free(&cluster.arena);
}

/* Whom the host forbids counts as overloaded; without a bound it is the next attempt. */
static void test_not_eligible(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_open(&cluster, HOSTS);
    cluster.is_eligible[2] = cluster.is_eligible[1] = 0;
    cluster.eligible[1] = 3;
    cluster.eligible[2] = 4;
    cluster.view.eligible_count = 3;
    assert_int_equal(ask(&cluster, 2, 1), 0);
    cluster.config.hash_balance_factor = 0;
    assert_int_equal(ask(&cluster, 2, 1), 3);
    assert_int_equal(ask(&cluster, 1, 1), 3);
    arena_free(&cluster.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_nobody_overloaded), cmocka_unit_test(test_one_overloaded),
    cmocka_unit_test(test_several_overloaded), cmocka_unit_test(test_hashes_differ),
    cmocka_unit_test(test_all_overloaded),    cmocka_unit_test(test_not_eligible),
};

TEST_MAIN(tests)
