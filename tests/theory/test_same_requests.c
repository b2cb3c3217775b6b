/* SPDX-License-Identifier: GPL-3.0-or-later
   All policies face the same requests: what a request is at its birth does not depend on who
   serves it.  And two ways to say the same give the same rows, bit for bit. */
#include "models/policy.h"
#include "tests/theory/scene.h"

/* The scenario of `format`, in which one %s stands for all policies that there are. */
static void open_with_all(struct scene *scene, const char *head, const char *tail)
{
    char policies[2048] = "";
    size_t used = 0;
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        used += (size_t)snprintf(policies + used, sizeof policies - used, "%s%s",
                                 i > 0 ? ", " : "", policy_kinds.at(i)->name);
    assert_true(used < sizeof policies);
    scene_open(scene, "%s%s%s", head, policies, tail);
}

static struct scene_rows run_sorted(const struct scene *scene, size_t policy)
{
    struct scene_rows rows = scene_run(scene, policy, 3);
    scene_sort(&rows);
    return rows;
}

/* Everything but what happened to it. */
static void assert_same_birth(const struct trace_row *one, const struct trace_row *other,
                              const char *policy)
{
    if (one->due == other->due && one->client == other->client && one->key == other->key &&
        one->size == other->size && one->demand == other->demand && one->user == other->user)
        return;
    fail_msg("request %llu of client group %u under %s: due %lld, key %llu, size %llu, demand "
             "%lld, user %u; elsewhere due %lld, key %llu, size %llu, demand %lld, user %u",
             (unsigned long long)one->request, one->client, policy, (long long)other->due,
             (unsigned long long)other->key, (unsigned long long)other->size,
             (long long)other->demand, other->user, (long long)one->due,
             (unsigned long long)one->key, (unsigned long long)one->size,
             (long long)one->demand, one->user);
}

/* Births after the measured window go on until its last request has ended. */
static size_t count_due(const struct scene_rows *rows, sim_time end)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += rows->rows[i].due < end;
    return count;
}

static void assert_same_births(const struct scene *scene)
{
    struct scene_rows first = run_sorted(scene, 0);
    size_t due = count_due(&first, scene->scenario->run.duration);
    assert_true(due > 1000);
    for (size_t policy = 1; policy < scene_policies(scene); policy++) {
        struct scene_rows rows = run_sorted(scene, policy);
        assert_int_equal(count_due(&rows, scene->scenario->run.duration), due);
        for (size_t i = 0; i < due; i++)
            assert_same_birth(&first.rows[i], &rows.rows[i],
                              scene_policy(scene, policy)->label);
        free(rows.rows);
    }
    free(first.rows);
}

static const char run_line[] = "run: {duration: 400ms, warmup: 50ms, seed: 40}\n";
static const char one_balancer[] = "pods: [{count: 8, queue: 6}]\n"
                                   "network: {to_pod: {exponential: {mean: 200us}}}\n"
                                   "balancers: [{count: 3, policy: [";

static void test_open_groups(void **state)
{
    (void)state;
    struct scene scene;
    char head[2048];
    snprintf(head, sizeof head,
             "%sclients:\n"
             "  - {name: a, arrivals: {poisson: {rate: 5/ms}}, users: 100, timeout: 4ms, "
             "demand: {lognormal: {mean: 1ms, cv: 2}}, key: {zipf: {count: 1k}}, "
             "size: {exponential: {mean: 1KB}}, rate: {sine: {period: 100ms, amplitude: 50%%}}}\n"
             "  - {name: b, arrivals: {bursts: {rate: 1/ms, burst_rate: 6/ms, calm: 9ms, "
             "burst: 3ms}}, demand: {gamma: {shape: 2, mean: 1ms}}, "
             "key: {hot_set: {count: 100, share: 50%%}}}\n"
             "%s", run_line, one_balancer);
    open_with_all(&scene, head, "]}]\n");
    assert_same_births(&scene);
    scene_close(&scene);
}

/* What the file does not say is drawn: sizes here. */
static void test_replay(void **state)
{
    (void)state;
    char path[] = "/tmp/lbsim-same-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    fprintf(file, "time_ns,key,work\n");
    for (int i = 0; i < 500; i++)
        fprintf(file, "%d,%d,%d\n", i * 100000 + i % 7 * 1000, i % 13, 900 + i % 300);
    assert_int_equal(fclose(file), 0);
    struct scene scene;
    char head[2048];
    snprintf(head, sizeof head,
             "%sclients: [{arrivals: {replay: {file: %s, key: key, demand: work, "
             "demand_scale: 1us, rate_scale: 80%%}}, users: 9, "
             "size: {exponential: {mean: 1KB}}}]\n%s", run_line, path, one_balancer);
    open_with_all(&scene, head, "]}]\n");
    assert_same_births(&scene);
    scene_close(&scene);
    unlink(path);
}

/* Of a closed loop: what each user asks for the n-th time, whenever that is. */
enum { USERS = 40, NTH_MAX = 2000 };

static size_t collect_users(const struct scene_rows *rows,
                            const struct trace_row *table[USERS][NTH_MAX], size_t *counts)
{
    size_t all = 0;
    memset(counts, 0, USERS * sizeof *counts);
    for (size_t i = 0; i < rows->count; i++) {
        uint32_t user = rows->rows[i].user;
        assert_true(user < USERS && counts[user] < NTH_MAX);
        table[user][counts[user]++] = &rows->rows[i];
        all++;
    }
    return all;
}

static void test_closed_loop(void **state)
{
    (void)state;
    struct scene scene;
    open_with_all(&scene,
                  "run: {duration: 400ms, warmup: 50ms, seed: 40}\n"
                  "clients: [{arrivals: {closed: {users: 40, think: {exponential: "
                  "{mean: 2ms}}}}, demand: {lognormal: {mean: 1ms, cv: 2}}, "
                  "key: {zipf: {count: 1k}}, size: {exponential: {mean: 1KB}}}]\n"
                  "pods: [{count: 8}]\nbalancers: [{count: 3, policy: [", "]}]\n");
    static const struct trace_row *first_table[USERS][NTH_MAX], *table[USERS][NTH_MAX];
    size_t first_counts[USERS], counts[USERS];
    struct scene_rows first = run_sorted(&scene, 0);
    assert_true(collect_users(&first, first_table, first_counts) > 1000);
    for (size_t policy = 1; policy < scene_policies(&scene); policy++) {
        struct scene_rows rows = run_sorted(&scene, policy);
        collect_users(&rows, table, counts);
        for (size_t user = 0; user < USERS; user++)
            for (size_t n = 0; n < counts[user] && n < first_counts[user]; n++) {
                struct trace_row one = *first_table[user][n], other = *table[user][n];
                one.due = other.due = 0;
                assert_same_birth(&one, &other, scene_policy(&scene, policy)->label);
            }
        free(rows.rows);
    }
    free(first.rows);
    scene_close(&scene);
}

static void assert_same_rows(const struct scene *scene, size_t one, size_t other)
{
    struct scene_rows left = scene_run(scene, one, 1), right = scene_run(scene, other, 1);
    assert_int_equal(left.count, right.count);
    assert_true(left.count > 1000);
    for (size_t i = 0; i < left.count; i++)
        if (memcmp(&left.rows[i], &right.rows[i], sizeof *left.rows) != 0)
            fail_msg("%s and %s differ first in row %zu: request %llu at pod %u, request %llu "
                     "at pod %u", scene_policy(scene, one)->label,
                     scene_policy(scene, other)->label, i,
                     (unsigned long long)left.rows[i].request, left.rows[i].pod,
                     (unsigned long long)right.rows[i].request, right.rows[i].pod);
    free(left.rows);
    free(right.rows);
}

/* One balancer without a network knows the true load. */
static void test_jsq_is_least_connections(void **state)
{
    (void)state;
    static const char *const pods[] = {"{count: 10}", "{count: 5, workers: 2, queue: 3}",
                                       "{count: 10, discipline: ps, speed: 1.1}",
                                       "{count: 10, discipline: lifo, queue: 0}"};
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 400ms, warmup: 50ms, replications: 1, seed: 41}\n"
                   "clients:\n"
                   "  - {name: a, arrivals: {poisson: {rate: 7/ms}}, "
                   "demand: {exponential: {mean: 1ms}}}\n"
                   "  - {name: b, arrivals: {closed: {users: 4, think: 1ms}}, "
                   "demand: {exponential: {mean: 1ms}}}\n"
                   "pods: [%s]\nbalancers: [{policy: [jsq, least_connections]}]\n", pods[i]);
        assert_same_rows(&scene, 0, 1);
        scene_close(&scene);
    }
}

/* One draw is no choice; one pod leaves none, but to refuse. */
static void test_same_in_the_trivial_case(void **state)
{
    (void)state;
    struct scene scene;
    open_with_all(&scene, "run: {duration: 2s, warmup: 0s, seed: 42}\n"
                          "clients: [{arrivals: {poisson: {rate: 800/s}}, "
                          "demand: {exponential: {mean: 1ms}}}]\n"
                          "pods: [{count: 1}]\nbalancers: [{policy: [", "]}]\n");
    for (size_t i = 1; i < scene_policies(&scene); i++) {
        const struct policy_ops *ops = policy_ops(scene_policy(&scene, i));
        struct scene_rows first = run_sorted(&scene, 0), rows = run_sorted(&scene, i);
        bool refused = false;
        for (size_t k = 0; k < rows.count; k++)
            refused |= rows.rows[k].outcome == OUTCOME_NO_BACKEND;
        assert_true(!refused || (ops->traits & POLICY_REFUSES) != 0);
        assert_true(refused || rows.count == first.count);
        for (size_t k = 0; k < rows.count && !refused; k++)
            assert_int_equal(rows.rows[k].ended, first.rows[k].ended);
        free(first.rows);
        free(rows.rows);
    }
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_open_groups),
    cmocka_unit_test(test_replay),
    cmocka_unit_test(test_closed_loop),
    cmocka_unit_test(test_jsq_is_least_connections),
    cmocka_unit_test(test_same_in_the_trivial_case),
};

TEST_MAIN(tests)
