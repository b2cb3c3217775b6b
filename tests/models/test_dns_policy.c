/* SPDX-License-Identifier: GPL-3.0-or-later
   Answers worked out by hand, and what a hash must hold: who need not move does not. */
#include "models/dns_policy.h"

#include "sim/engine/rng.h"
#include "tests/test.h"

#include <string.h>

enum { SITES = 3, ASKED = 3000 };

struct server {
    struct dns_choice sites[SITES];
    struct dns_question question;
    uint32_t turn;
};

static const uint32_t all[] = {0, 1, 2};

static void server_open(struct server *server)
{
    *server = (struct server){.sites = {{"a", 1, 0}, {"b", 2, 0}, {"c", 3, 0}}};
    server->question = (struct dns_question){
        .sites = server->sites, .open = all, .open_count = SITES, .turn = &server->turn};
}

static const struct dns_ops *find(const char *name)
{
    for (size_t i = 0; dns_kinds.at(i) != NULL; i++)
        if (strcmp(dns_kinds.at(i)->name, name) == 0)
            return (const struct dns_ops *)dns_kinds.at(i);
    fail_msg("no policy called %s", name);
    return NULL;
}

/* The next answers, as letters. */
static void assert_answers(struct server *server, const char *policy, const void *config,
                           const char *expected)
{
    char found[32] = "";
    for (size_t i = 0; i < strlen(expected); i++)
        found[i] = *server->sites[find(policy)->choose(config, &server->question)].zone;
    assert_string_equal(found, expected);
}

static void test_turns(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    assert_answers(&server, "round_robin", NULL, "abcab");
    const uint32_t open[] = {0, 2};
    server.question.open = open;
    server.question.open_count = 2;
    assert_answers(&server, "round_robin", NULL, "caca"); /* the sixth turn is odd */
}

/* 1 : 2 : 3, smoothly.  Credits after each turn: 1 2 -3, 2 -2 0, -3 0 3, -2 2 0, -1 -2 3, and
   all 0, where equals go to the first. */
static void test_ratio(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    assert_answers(&server, "ratio", NULL, "cbacbccbacbc");
}

static void test_ratio_of_nothing(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    server.sites[1].ratio = 0;
    assert_answers(&server, "ratio", NULL, "cacccaccca");
}

/* Each of three sites has a third of 3000 resolvers, 1000 with a deviation of 26: six of these
   fail by chance one time in 10^8.  When c closes, those of a and b stay. */
static void test_hash(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    const struct dns_ops *hash = find("consistent_hash");
    int counts[SITES] = {0};
    for (uint64_t i = 0; i < ASKED; i++) {
        server.question.resolver = rng_key(1, "resolver", i);
        server.question.open_count = SITES;
        uint32_t before = hash->choose(NULL, &server.question);
        server.question.open_count = SITES - 1;
        uint32_t after = hash->choose(NULL, &server.question);
        counts[before]++;
        assert_true(after < 2);
        if (before < 2)
            assert_int_equal(before, after);
    }
    for (size_t i = 0; i < SITES; i++)
        assert_in_range(counts[i], ASKED / SITES - 156, ASKED / SITES + 156);
}

/* b and c are equally near, and take turns; with c closed it is b. */
static void test_nearest(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    const double distances[] = {7e6, 2e6, 2e6};
    server.question.distances = distances;
    assert_answers(&server, "geo", NULL, "bcbc");
    server.question.open_count = 2;
    assert_answers(&server, "geo", NULL, "bb");
    server.question.distances = NULL;
    assert_answers(&server, "geo", NULL, "abab");
}

static void test_rules(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    const char *first[] = {"c", "a"}, *second[] = {"b"};
    struct dns_rule rules[] = {{"here", {first, 2}}, {"there", {second, 1}}};
    const struct dns_topology topology = {{rules, 2}};
    server.question.zone = "here";
    assert_answers(&server, "topology", &topology, "ccc");
    server.question.open_count = 2; /* a, b */
    assert_answers(&server, "topology", &topology, "aa");
    const uint32_t last[] = {2};
    server.question = (struct dns_question){
        .sites = server.sites, .open = last, .open_count = 1, .turn = &server.turn,
        .zone = "there"};
    assert_answers(&server, "topology", &topology, "cc"); /* its only site is closed */
    server.question.open = all;
    server.question.open_count = SITES;
    server.question.zone = "elsewhere";
    server.turn = 0;
    assert_answers(&server, "topology", &topology, "abc");
    server.question.zone = NULL;
    assert_answers(&server, "topology", &topology, "abc");
}

static void test_preference(void **state)
{
    (void)state;
    struct server server;
    server_open(&server);
    assert_answers(&server, "preference", NULL, "aaa");
    server.question.open = &all[1];
    server.question.open_count = 2;
    assert_answers(&server, "preference", NULL, "bb");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_turns),   cmocka_unit_test(test_ratio),
    cmocka_unit_test(test_ratio_of_nothing), cmocka_unit_test(test_hash),
    cmocka_unit_test(test_nearest), cmocka_unit_test(test_rules),
    cmocka_unit_test(test_preference),
};

TEST_MAIN(tests)
