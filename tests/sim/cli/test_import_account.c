/* SPDX-License-Identifier: GPL-3.0-or-later
   Figures and warnings of small sets of requests, worked out by hand. */
#include "sim/cli/import_part.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

static struct import_account account;

static void fill(const int64_t *stamps, size_t count)
{
    struct import_harvest harvest = {.count = count};
    harvest.requests = calloc(count, sizeof *harvest.requests);
    assert_non_null(harvest.requests);
    for (size_t i = 0; i < count; i++)
        harvest.requests[i] = (struct import_request){
            .stamp = stamps[i], .size = (int64_t)i, .demand = (int64_t)(count - i)};
    account = (struct import_account){.has = {true, true, true, true, true}};
    import_account_fill(&account, &harvest);
    free(harvest.requests);
}

static void test_rate_gaps_sizes(void **state)
{
    (void)state;
    fill((int64_t[]){1000, 1001, 1003, 1006}, 4);
    assert_int_equal(account.requests, 4);
    assert_int_equal(account.span, 6);
    ASSERT_NEAR(account.rate, 0.5e9, 1e-3);
    ASSERT_NEAR(account.gap_cv, 0.5, 1e-15);
    ASSERT_NEAR(account.size_mean, 1.5, 0);
    ASSERT_NEAR(account.demand_mean, 2.5, 0);
    assert_int_equal(account.demand_p99, 4);
    ASSERT_NEAR(account.shared_stamps, 0, 0);
}

static void test_few_requests_have_no_figures(void **state)
{
    (void)state;
    fill((int64_t[]){5}, 1);
    assert_true(isnan(account.rate) && isnan(account.gap_cv));
    assert_int_equal(account.warning_count, 0);
    fill((int64_t[]){5, 7}, 2);
    ASSERT_NEAR(account.rate, 0.5e9, 0);
    assert_true(isnan(account.gap_cv));
    fill((int64_t[]){5, 5, 5}, 3);
    assert_true(isnan(account.rate));
    assert_true(account.unusable);
    assert_string_equal(account.warnings[0], "unusable for timing: all requests have the same "
                                             "stamp; keys and sizes can be used");
}

static void test_p99_is_nearest_rank(void **state)
{
    (void)state;
    int64_t stamps[200];
    for (int i = 0; i < 200; i++)
        stamps[i] = i;
    fill(stamps, 200);
    assert_int_equal(account.demand_p99, 198);
    fill(stamps, 100);
    assert_int_equal(account.demand_p99, 99);
    fill(stamps, 101);
    assert_int_equal(account.demand_p99, 100);
}

static void test_tick_is_the_largest_that_divides(void **state)
{
    (void)state;
    static const struct {
        int64_t stamp;
        const char *name;
    } cases[] = {
        {7200 * SIM_SECOND, "1h"}, {1800 * SIM_SECOND, "10m"}, {60 * SIM_SECOND, "1m"},
        {7 * SIM_SECOND, "1s"}, {20 * SIM_SECOND, "10s"}, {300 * SIM_MILLISECOND, "100ms"},
        {123 * SIM_MILLISECOND, "1ms"}, {15 * SIM_MICROSECOND, "1us"}, {1200, "100ns"},
        {120, "10ns"}, {7, "1ns"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fill((int64_t[]){0, cases[i].stamp}, 2);
        assert_string_equal(import_account_tick_name(account.tick), cases[i].name);
    }
}

static void test_quantised_stamps_are_warned_of(void **state)
{
    (void)state;
    int64_t stamps[20];
    for (int i = 0; i < 20; i++)
        stamps[i] = i / 2 * 3 * SIM_SECOND; /* ten pairs, three seconds apart */
    fill(stamps, 20);
    ASSERT_NEAR(account.shared_stamps, 1, 0);
    assert_int_equal(account.warning_count, 1);
    assert_string_equal(account.warnings[0], "stamps are whole seconds: 100.0 % of requests "
                                             "share a stamp; use spread: 1s when replaying");
    for (int i = 0; i < 20; i++)
        stamps[i] = i * 3 * SIM_SECOND + i; /* as fine as needed */
    fill(stamps, 20);
    assert_int_equal(account.warning_count, 0);
    for (int i = 0; i < 20; i++)
        stamps[i] = i * 31 * SIM_SECOND; /* whole seconds, but that hardly matters */
    fill(stamps, 20);
    assert_int_equal(account.warning_count, 0);
}

static void test_one_minute_of_the_hour_is_impossible(void **state)
{
    (void)state;
    struct import_request requests[3] = {
        {.stamp = 300 * SIM_SECOND}, {.stamp = 3905 * SIM_SECOND}, {.stamp = 7530 * SIM_SECOND}};
    struct import_harvest harvest = {.requests = requests, .count = 3, .minutes = 1U << 5,
                                     .has_minutes = true};
    account = (struct import_account){.has = {[IMPORT_TIME] = true, [IMPORT_KEY] = true}};
    import_account_fill(&account, &harvest);
    assert_true(account.unusable);
    assert_string_equal(account.warnings[0],
                        "unusable for timing: over 2.0 hours every stamp lies in minute 05 of "
                        "its hour, so the times were rewritten; keys can be used");
    requests[2].stamp = 300 * SIM_SECOND + 7200 * SIM_SECOND; /* two hours exactly: may be */
    account = (struct import_account){.has = {[IMPORT_TIME] = true}};
    import_account_fill(&account, &harvest);
    assert_false(account.unusable);
    requests[2].stamp = 9000 * SIM_SECOND;
    harvest.minutes |= 1U << 30;
    account = (struct import_account){.has = {[IMPORT_TIME] = true}};
    import_account_fill(&account, &harvest);
    assert_false(account.unusable);
}

static void test_five_most_wanted(void **state)
{
    (void)state;
    struct import_request requests[25] = {{0}};
    struct import_harvest harvest = {.requests = requests, .count = 25};
    static const int counts[] = {1, 2, 9, 3, 5, 4, 1}; /* top five: 9 5 4 3 2 = 23 */
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < counts[i]; j++)
            import_names_add(&harvest.keys, (struct import_text){&"abcdefg"[i], 1});
    for (int i = 0; i < 25; i++)
        requests[i].stamp = i;
    account = (struct import_account){.has = {true, true}};
    import_account_fill(&account, &harvest);
    assert_int_equal(account.keys, 7);
    ASSERT_NEAR(account.top_share, 23.0 / 25, 1e-15);
    import_names_free(&harvest.keys);
}

static void test_names_are_dense_in_order_of_appearance(void **state)
{
    (void)state;
    struct import_names names = {0};
    char text[16];
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < 5000; i++) {
            int size = snprintf(text, sizeof text, "n%u", i);
            assert_int_equal(import_names_add(&names, (struct import_text){text, (size_t)size}),
                             i);
        }
    assert_int_equal(import_names_add(&names, (struct import_text){"", 0}), 5000);
    assert_int_equal(names.items[17].count, 2);
    assert_int_equal(names.items[5000].count, 1);
    import_names_free(&names);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rate_gaps_sizes),
    cmocka_unit_test(test_few_requests_have_no_figures),
    cmocka_unit_test(test_p99_is_nearest_rank),
    cmocka_unit_test(test_tick_is_the_largest_that_divides),
    cmocka_unit_test(test_quantised_stamps_are_warned_of),
    cmocka_unit_test(test_one_minute_of_the_hour_is_impossible),
    cmocka_unit_test(test_five_most_wanted),
    cmocka_unit_test(test_names_are_dense_in_order_of_appearance),
};
TEST_MAIN(tests)
