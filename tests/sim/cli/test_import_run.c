/* SPDX-License-Identifier: GPL-3.0-or-later
   Whole imports: what is written, what is counted, what is refused; the public traces where
   they are at hand. */
#include "models/replay.h"
#include "sim/cli/command.h"
#include "sim/cli/import.h"
#include "tests/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA "../shared/data/"
#define LINE(path, second) \
    "10.0.0.1 - - [17/May/2015:10:05:" second " +0000] \"GET " path " HTTP/1.1\" 200 7"

struct fixture {
    char folder[64], file[96], target[96];
    struct import_order order;
    struct import_account account;
    struct import_failure failure;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL)
        return -1;
    strcpy(fixture->folder, "/tmp/lbsim-import-XXXXXX");
    if (mkdtemp(fixture->folder) == NULL)
        return -1;
    snprintf(fixture->file, sizeof fixture->file, "%s/a.log", fixture->folder);
    snprintf(fixture->target, sizeof fixture->target, "%s/out.csv", fixture->folder);
    fixture->order = (struct import_order){.format = import_format_find("common"),
                                           .file = fixture->file,
                                           .target = fixture->target};
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->file);
    unlink(fixture->target);
    if (rmdir(fixture->folder) != 0)
        print_error("%s is not empty\n", fixture->folder);
    free(fixture);
    return 0;
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void write_text(struct fixture *fixture, const char *text)
{
    write_bytes(fixture->file, text, strlen(text));
}

static void run(struct fixture *fixture)
{
    if (!import_run(&fixture->order, &fixture->account, &fixture->failure))
        fail_msg("refused: %s", fixture->failure.message);
}

/* The message without the folder, which one about the target begins with. */
static const char *refusal(struct fixture *fixture, int status)
{
    if (import_run(&fixture->order, &fixture->account, &fixture->failure))
        fail_msg("was taken");
    assert_int_equal(fixture->failure.status, status);
    size_t length = strlen(fixture->folder);
    const char *message = fixture->failure.message;
    return strncmp(message, fixture->folder, length) == 0 ? message + length + 1 : message;
}

static void expect_target(struct fixture *fixture, const char *expected)
{
    char found[4096];
    FILE *file = fopen(fixture->target, "r");
    assert_non_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(found, expected);
}

static void test_common_log(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, LINE("/b", "09") "\r\n\n" LINE("/a", "03") "\n" LINE("/b?x", "03"));
    run(fixture);
    expect_target(fixture, "time_ns,key,size,user\n0,1,7,0\n0,0,7,0\n6000000000,0,7,0\n");
    assert_int_equal(fixture->account.lines, 4);
    assert_int_equal(fixture->account.blank, 1);
    assert_int_equal(fixture->account.requests, 3);
    assert_int_equal(fixture->account.out_of_order, 2);
    assert_int_equal(fixture->account.keys, 2);
    assert_int_equal(fixture->account.users, 1);
}

static void test_columns_left_out(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, LINE("/b", "09") "\n");
    fixture->order.columns[IMPORT_KEY] = "none";
    fixture->order.columns[IMPORT_USER] = "none";
    run(fixture);
    expect_target(fixture, "time_ns,size\n0,7\n");
}

static void test_nginx_has_demand_and_upstreams(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("nginx");
    write_text(fixture, LINE("/b", "03") " \"-\" \"agent\" 0.250 10.0.0.7:80\n"
                        LINE("/b", "04") " \"-\" \"agent\" rt=1.5 ua=\"10.0.0.8:80\"\n");
    run(fixture);
    expect_target(fixture, "time_ns,key,size,user,demand_ns\n0,0,7,0,250000000\n"
                           "1000000000,0,7,0,1500000000\n");
    assert_int_equal(fixture->account.upstreams, 2);
}

static void test_csv_with_a_column_map(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("csv");
    fixture->order.columns[IMPORT_TIME] = "when";
    fixture->order.columns[IMPORT_KEY] = "id";
    fixture->order.columns[IMPORT_DEMAND] = "cost";
    fixture->order.time_unit = SIM_MICROSECOND;
    fixture->order.demand_unit = SIM_MILLISECOND;
    write_text(fixture, "\xef\xbb\xbfid,when,cost\nz,1000.5,2\ny,1002,0.25\nz,1003,1e1\n");
    run(fixture);
    expect_target(fixture, "time_ns,key,demand_ns\n0,0,2000000\n1500,1,250000\n"
                           "2500,0,10000000\n");
}

static void test_reasons_are_counted_with_first_places(void **state)
{
    struct fixture *fixture = *state;
    char text[2048] = "";
    for (int i = 0; i < 4; i++)
        strcat(text, LINE("/a", "03") "\n" LINE("/a", "03") "\njunk here\n");
    strcat(text, LINE("/a", "03") " -\n");
    write_text(fixture, text);
    run(fixture);
    assert_int_equal(fixture->account.requests, 8);
    assert_int_equal(fixture->account.skipped, 5);
    assert_int_equal(fixture->account.reason_count, 2);
    const struct import_reason *reason = fixture->account.reasons;
    assert_string_equal(reason[0].text, "no time in brackets");
    assert_int_equal(reason[0].count, 4);
    assert_int_equal(reason[0].lines[0], 3);
    assert_int_equal(reason[0].lines[1], 6);
    assert_int_equal(reason[0].lines[2], 9);
    assert_int_equal(reason[0].columns[2], 5);
    assert_string_equal(reason[1].text, "more after the size");
    assert_int_equal(reason[1].count, 1);
    assert_int_equal(reason[1].lines[0], 13);
}

static void test_nul_and_giant_lines_are_skipped(void **state)
{
    struct fixture *fixture = *state;
    enum { GIANT = 200000 };
    static char text[GIANT + 1000];
    size_t size = (size_t)sprintf(text, "%s\n%s\n", LINE("/a", "03"), LINE("/a?b", "04"));
    char *nul = strchr(text, '?');
    *nul = '\0';
    memset(text + size, 'x', GIANT);
    size += GIANT;
    size += (size_t)sprintf(text + size, "\n%s\n%s", LINE("/a", "05"), LINE("/a", "06"));
    write_bytes(fixture->file, text, size);
    run(fixture);
    assert_int_equal(fixture->account.lines, 5);
    assert_int_equal(fixture->account.requests, 3);
    assert_int_equal(fixture->account.reason_count, 2);
    assert_string_equal(fixture->account.reasons[0].text, "a NUL byte");
    assert_int_equal(fixture->account.reasons[0].lines[0], 2);
    assert_int_equal(fixture->account.reasons[0].columns[0], 50);
    assert_string_equal(fixture->account.reasons[1].text, "longer than 64 KiB");
    assert_int_equal(fixture->account.reasons[1].lines[0], 3);
    assert_int_equal(fixture->account.reasons[1].columns[0], 65537);
}

static void test_wrong_format_names_the_right_one(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, LINE("/a", "03") " \"-\" \"agent\"\n" LINE("/a", "04")
                        " \"-\" \"agent\"\n");
    assert_string_equal(refusal(fixture, STATUS_INVALID),
                        "this does not look like format common: 2 of 2 lines do not parse, "
                        "most of them because: more after the size (first at 1:66)");
    assert_string_equal(fixture->failure.hint, "format combined reads 2 of the first 2 lines");
    assert_int_equal(access(fixture->target, F_OK), -1);
    fixture->order.format = import_format_find("azure");
    assert_string_equal(refusal(fixture, STATUS_INVALID),
                        "no column 'TIMESTAMP' in the header");
    assert_int_equal(fixture->failure.line, 1);
    assert_string_equal(fixture->failure.hint, "format combined reads 2 of the first 2 lines");
    write_text(fixture, "t_s,client,method,path,status,bytes\n0,0,GET,/,200,1\n");
    refusal(fixture, STATUS_INVALID);
    assert_string_equal(fixture->failure.hint, "format nasa reads 1 of the first 2 lines");
    fixture->order.format = import_format_find("nasa");
    fixture->order.columns[IMPORT_KEY] = "pth";
    refusal(fixture, STATUS_INVALID);
    assert_string_equal(fixture->failure.hint,
                        "did you mean 'path'? columns are t_s, client, method, path, status, "
                        "bytes");
    fixture->order.columns[IMPORT_KEY] = NULL;
    fixture->order.format = import_format_find("common");
    write_text(fixture, "a,b\n1,2\n3,4\n");
    refusal(fixture, STATUS_INVALID);
    assert_string_equal(fixture->failure.hint,
                        "format csv with --time COLUMN may suit; the first line has a, b");
}

static void test_half_bad_is_still_taken(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, "junk\n" LINE("/a", "03") "\n");
    run(fixture);
    fixture->order.force = true;
    write_text(fixture, "junk\n" LINE("/a", "03") "\njunk\n");
    refusal(fixture, STATUS_INVALID);
}

static void test_files_that_are_none(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(refusal(fixture, STATUS_INVALID),
                        "cannot be read: no such file or directory");
    write_text(fixture, "");
    assert_string_equal(refusal(fixture, STATUS_INVALID), "the file is empty");
    write_text(fixture, "\n\n");
    assert_string_equal(refusal(fixture, STATUS_INVALID), "the file has no requests");
    char bytes[4096];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37 % 251);
    write_bytes(fixture->file, bytes, sizeof bytes);
    assert_string_equal(refusal(fixture, STATUS_INVALID), "the file is not text");
    fixture->order.file = fixture->folder;
    refusal(fixture, STATUS_INVALID);
    assert_non_null(strstr(fixture->failure.message, "cannot be read: is a directory"));
    fixture->order.file = fixture->file;
    fixture->order.format = import_format_find("nasa");
    write_text(fixture, "t_s,client,method,path,status,bytes\n");
    assert_string_equal(refusal(fixture, STATUS_INVALID), "the file has no requests");
}

static void test_targets(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, LINE("/a", "03") "\n");
    run(fixture);
    assert_string_equal(refusal(fixture, STATUS_USAGE), "out.csv is there already");
    assert_string_equal(fixture->failure.hint, "--force replaces it, -o FILE writes elsewhere");
    fixture->order.force = true;
    run(fixture);
    fixture->order.target = fixture->file;
    assert_string_equal(refusal(fixture, STATUS_USAGE), "a.log would replace itself");
    fixture->order.target = "/tmp/lbsim-no-such-folder/x.csv";
    assert_string_equal(refusal(fixture, STATUS_FAILED),
                        "cannot write /tmp/lbsim-no-such-folder/x.csv: No such file or "
                        "directory");
}

static void test_target_is_named_after_the_file(void **state)
{
    struct fixture *fixture = *state;
    char before[4096], made[160];
    assert_non_null(getcwd(before, sizeof before));
    write_text(fixture, LINE("/a", "03") "\n");
    fixture->order.target = NULL;
    assert_int_equal(chdir(fixture->folder), 0);
    bool is_done = import_run(&fixture->order, &fixture->account, &fixture->failure);
    assert_int_equal(chdir(before), 0);
    assert_true(is_done);
    assert_string_equal(fixture->account.target, "a.replay.csv");
    snprintf(made, sizeof made, "%s/a.replay.csv", fixture->folder);
    assert_int_equal(unlink(made), 0);
}

static void test_standard_input(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, LINE("/a", "03") "\n");
    int kept = dup(STDIN_FILENO), file = open(fixture->file, O_RDONLY);
    assert_true(file >= 0);
    assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
    fixture->order.file = "-";
    bool is_done = import_run(&fixture->order, &fixture->account, &fixture->failure);
    close(file);
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
    assert_true(is_done);
    assert_string_equal(fixture->account.file, "standard input");
    expect_target(fixture, "time_ns,key,size,user\n0,0,7,0\n");
}

static void test_times_that_span_too_much(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("csv");
    fixture->order.columns[IMPORT_TIME] = "t_s";
    write_text(fixture, "t_s\n1\n1700158623\n");
    refusal(fixture, STATUS_INVALID);
    assert_non_null(strstr(fixture->failure.message, "span 54 years; is the unit right?"));
}

static void test_what_is_written_can_be_replayed(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("nginx");
    write_text(fixture, LINE("/b", "09") " \"-\" \"agent\" 0.250 10.0.0.7:80\n"
                        LINE("/a", "04") " \"-\" \"agent\" 0.750 10.0.0.7:80\n");
    run(fixture);
    struct replay_config config = {
        .file = fixture->target, .time = "time_ns", .unit = 1, .key = "key", .size = "size",
        .user = "user", .demand = "demand_ns", .demand_scale = 1, .speed_up = 1,
        .rate_scale = 1, .at_end = REPLAY_STOP,
    };
    struct arena arena = {0};
    char message[256];
    if (!replay_check(&config, &arena, message, sizeof message))
        fail_msg("%s", message);
    ASSERT_NEAR(replay_mean_demand(&config), 5e8, 0);
    struct replay_cursor cursor;
    struct replay_request request;
    replay_open(&cursor, &config, 1);
    assert_true(replay_next(&cursor, &request));
    assert_int_equal(request.key, 1);
    assert_int_equal(request.demand, 750 * SIM_MILLISECOND);
    assert_true(replay_next(&cursor, &request));
    assert_int_equal(request.due, 5 * SIM_SECOND);
    assert_int_equal(request.size, 7);
    arena_free(&arena);
}

static void need(const char *file)
{
    if (access(file, R_OK) != 0) {
        print_message("skipped: %s is not here\n", file);
        skip();
    }
}

static void test_azure_trace(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("azure");
    fixture->order.file = DATA "azure_llm_code_2023.csv";
    need(fixture->order.file);
    run(fixture);
    const struct import_account *account = &fixture->account;
    assert_int_equal(account->requests, 8819);
    assert_int_equal(account->skipped, 0);
    assert_int_equal(account->out_of_order, 0);
    ASSERT_NEAR(sim_seconds(account->span), 3436, 0.5);
    ASSERT_NEAR(account->rate, 2.57, 0.005);
    ASSERT_NEAR(account->gap_cv, 13.2, 0.05);
    assert_int_equal(account->demand_p99, 252 * SIM_MILLISECOND);
    assert_int_equal(account->warning_count, 0);
}

static void test_nasa_trace(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("nasa");
    fixture->order.file = DATA "nasa_http_1995-08-01.csv";
    need(fixture->order.file);
    run(fixture);
    const struct import_account *account = &fixture->account;
    assert_int_equal(account->requests, 33996);
    assert_int_equal(account->skipped, 0);
    assert_int_equal(account->span, 53520 * SIM_SECOND);
    assert_int_equal(account->users, 2582);
    assert_int_equal(account->keys, 2220);
    ASSERT_NEAR(account->top_share, 0.28, 0.005);
    assert_int_equal(account->tick, SIM_SECOND);
    assert_false(account->unusable);
    assert_int_equal(account->warning_count, 1);
    assert_non_null(strstr(account->warnings[0], "use spread: 1s when replaying"));
}

static void test_access_log(void **state)
{
    struct fixture *fixture = *state;
    fixture->order.format = import_format_find("combined");
    fixture->order.file = DATA "access_combined_5k.log";
    need(fixture->order.file);
    run(fixture);
    const struct import_account *account = &fixture->account;
    assert_int_equal(account->lines, 5000);
    assert_int_equal(account->requests + account->skipped, 5000);
    assert_int_equal(account->users, 965);
    assert_true(account->unusable);
    assert_int_equal(account->warning_count, 1);
    assert_non_null(strstr(account->warnings[0], "every stamp lies in minute 05 of its hour"));
}

static void test_prints(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, LINE("/b", "03") "\njunk\n" LINE("/a", "03") "\n" LINE("/b", "05") "\n");
    run(fixture);
    strcpy(fixture->account.target, "out.csv");
    fixture->account.file = "a.log";
    struct output *output = output_to_memory();
    import_print_text(&fixture->account, output);
    assert_string_equal(
        output_memory(output, &(size_t){0}),
        "read     a.log as common: 4 lines\n"
        "kept     3 requests; 1 skipped, 0 blank\n"
        "skipped  1: no time in brackets, at 2:5\n"
        "span     2 s\n"
        "rate     1/s, cv of gaps 1.41 (Poisson has 1)\n"
        "stamps   multiples of 1s; 66.7 % of requests share one\n"
        "keys     2 distinct, the five most wanted take 100.0 %\n"
        "users    1 distinct\n"
        "sizes    mean 7 bytes\n"
        "wrote    out.csv with time_ns,key,size,user\n"
        "use      arrivals: {replay: {file: out.csv, key: key, size: size, user: user}}\n");
    output_close(output, true);
    output = output_to_memory();
    import_print_json(&fixture->account, output);
    const char *json = output_memory(output, &(size_t){0});
    assert_non_null(strstr(json, "\"requests\": 3"));
    assert_non_null(strstr(json, "\"demand_mean_s\": null"));
    assert_non_null(strstr(json, "\"reason\": \"no time in brackets\""));
    output_close(output, true);
}

static void test_the_command_knows_every_format(void **state)
{
    (void)state;
    size_t count = 0;
    for (; import_format_at(count) != NULL; count++) {
        assert_string_equal(command_import.words[count], import_format_at(count)->name);
        assert_non_null(strstr(command_import.details, import_format_at(count)->name));
    }
    assert_null(command_import.words[count]);
    assert_null(import_format_find("apache"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST(test_common_log),
    TEST(test_columns_left_out),
    TEST(test_nginx_has_demand_and_upstreams),
    TEST(test_csv_with_a_column_map),
    TEST(test_reasons_are_counted_with_first_places),
    TEST(test_nul_and_giant_lines_are_skipped),
    TEST(test_wrong_format_names_the_right_one),
    TEST(test_half_bad_is_still_taken),
    TEST(test_files_that_are_none),
    TEST(test_targets),
    TEST(test_target_is_named_after_the_file),
    TEST(test_standard_input),
    TEST(test_times_that_span_too_much),
    TEST(test_what_is_written_can_be_replayed),
    TEST(test_azure_trace),
    TEST(test_nasa_trace),
    TEST(test_access_log),
    TEST(test_prints),
    cmocka_unit_test(test_the_command_knows_every_format),
};
TEST_MAIN(tests)
