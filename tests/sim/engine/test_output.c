/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers read back as they were; a file is whole or not there; every kind of failing write
   is one error that sticks. */
#include "sim/engine/output.h"
#include "sim/engine/rng.h"
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEST_PATH_ROOM = 256 };

struct test_folder {
    char name[64];
    char path[TEST_PATH_ROOM], part[TEST_PATH_ROOM];
};

static struct test_folder test_folder_make(void)
{
    struct test_folder folder = {.name = "/tmp/lbsim-test-XXXXXX"};
    assert_non_null(mkdtemp(folder.name));
    snprintf(folder.path, TEST_PATH_ROOM, "%s/out", folder.name);
    snprintf(folder.part, TEST_PATH_ROOM, "%s/out.part-%ld", folder.name, (long)getpid());
    return folder;
}

static void test_folder_remove(struct test_folder *folder)
{
    unlink(folder->path);
    unlink(folder->part);
    assert_int_equal(rmdir(folder->name), 0); /* fails where a part was left behind */
}

/* Up to `room` bytes of a file; -1: it is not there. */
static ssize_t test_read(const char *path, char *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return -1;
    size_t size = fread(bytes, 1, room, file);
    fclose(file);
    return (ssize_t)size;
}

static void test_write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void test_assert_file(const char *path, const char *expected)
{
    char found[256] = "";
    assert_int_equal(test_read(path, found, sizeof found - 1), strlen(expected));
    assert_string_equal(found, expected);
}

static void test_assert_unsigned(uint64_t value)
{
    char found[32] = "", expected[32];
    *text_unsigned(found, value) = '\0';
    snprintf(expected, sizeof expected, "%" PRIu64, value);
    assert_string_equal(found, expected);
    *text_signed(found, (int64_t)value) = '\0';
    snprintf(expected, sizeof expected, "%" PRId64, (int64_t)value);
    assert_string_equal(found, expected);
}

static void integers_are_as_printf_has_them(void **state)
{
    (void)state;
    struct rng rng;
    rng_open(&rng, 1, "integers", 0);
    for (uint64_t value = 0; value < 20000; value++)
        test_assert_unsigned(value);
    for (uint64_t ten = 1, i = 0; i < 20; i++, ten *= 10) {
        test_assert_unsigned(ten - 1);
        test_assert_unsigned(ten);
        test_assert_unsigned(0 - ten);
    }
    test_assert_unsigned(UINT64_MAX);
    test_assert_unsigned((uint64_t)INT64_MAX);
    test_assert_unsigned((uint64_t)INT64_MIN);
    for (int i = 0; i < 100000; i++)
        test_assert_unsigned(rng_next(&rng) >> (i % 64));
}

static void doubles_have_the_expected_text(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {5, "5"},
        {-12, "-12"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {999999999999999, "999999999999999"},
        {1e15, "1e+15"},
        {1234567890123456, "1234567890123456"},
        {1e300, "1e+300"},
        {4.9406564584124654e-324, "5e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {0.000125, "0.000125"},
        {NAN, "nan"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char found[33] = "";
        *text_double(found, cases[i].value) = '\0';
        assert_string_equal(found, cases[i].text);
    }
}

/* Significant digits of a number as text. */
static int test_digits(const char *text)
{
    int digits = 0;
    for (; *text != '\0' && *text != 'e'; text++)
        digits += *text >= '0' && *text <= '9' && (digits > 0 || *text != '0');
    return digits;
}

/* Any bits at all; and decimals of up to 15 digits, which must come back digit by digit. */
static void doubles_read_back_equal_and_short(void **state)
{
    (void)state;
    struct rng rng;
    rng_open(&rng, 2, "doubles", 0);
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = rng_next(&rng);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char found[33] = "", other[40];
        *text_double(found, value) = '\0';
        if (strtod(found, NULL) != value)
            fail_msg("%s is not %.17g", found, value);
        snprintf(other, sizeof other, "%.*e", test_digits(found) - 2, value);
        if (test_digits(found) > 1 && strtod(other, NULL) == value)
            fail_msg("%s is longer than %s", found, other);
        uint64_t digits = bits % 1000000;
        snprintf(other, sizeof other, "%" PRIu64 ".%" PRIu64 "5", bits >> 45, digits);
        *text_double(found, strtod(other, NULL)) = '\0';
        assert_string_equal(found, other);
    }
}

static void fields_are_quoted_when_they_must_be(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"two words", "two words"},
        {"a,b", "\"a,b\""},
        {"say \"so\"", "\"say \"\"so\"\"\""},
        {"a\nb", "\"a\nb\""},
        {"a\rb", "\"a\rb\""},
        {" lead", "\" lead\""},
        {"trail\t", "\"trail\t\""},
        {"\"", "\"\"\"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct output *output = output_to_memory();
        output_field(output, cases[i][0]);
        size_t size;
        assert_string_equal(output_memory(output, &size), cases[i][1]);
        assert_int_equal(size, strlen(cases[i][1]));
        assert_int_equal(output_close(output, true), 0);
    }
}

static void memory_grows_and_ends_with_a_nul(void **state)
{
    (void)state;
    struct output *output = output_to_memory();
    assert_string_equal(output_memory(output, NULL), "");
    char *long_text = malloc(200001);
    memset(long_text, 'x', 200000);
    long_text[200000] = '\0';
    output_format(output, "%s|%d|", long_text, 42);
    output_signed(output, -7);
    output_text(output, "|");
    output_double(output, 2.5);
    output_text(output, "|");
    output_field(output, long_text);
    size_t size;
    const char *found = output_memory(output, &size);
    assert_int_equal(size, 400000 + strlen("|42|-7|2.5|"));
    assert_int_equal(strlen(found), size);
    assert_memory_equal(found + 200000, "|42|-7|2.5|x", 12);
    assert_int_equal(output_close(output, true), 0);
    free(long_text);
}

static void room_up_to_the_promise_is_there(void **state)
{
    (void)state;
    struct output *output = output_to_memory();
    for (size_t size = 1; size <= 65536; size *= 2) {
        memset(output_room(output, size), 'r', size);
        output_advance(output, size);
    }
    size_t size;
    assert_int_equal(strlen(output_memory(output, &size)), 2 * 65536 - 1);
    output_close(output, true);
}

static void a_file_appears_only_when_whole(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make();
    struct output *output = output_to_file(folder.path);
    assert_non_null(output);
    assert_string_equal(output_name(output), folder.path);
    output_text(output, "whole\n");
    assert_int_equal(access(folder.path, F_OK), -1);
    assert_int_equal(access(folder.part, F_OK), 0);
    assert_int_equal(output_close(output, true), 0);
    test_assert_file(folder.path, "whole\n");
    assert_int_equal(access(folder.part, F_OK), -1);
    test_folder_remove(&folder);
}

static void a_file_not_kept_leaves_the_old_one(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make();
    test_write_text(folder.path, "old");
    struct output *output = output_to_file(folder.path);
    output_text(output, "new");
    assert_int_equal(output_close(output, false), 0);
    test_assert_file(folder.path, "old");
    test_folder_remove(&folder);
}

/* The largest file allowed is smaller than what is written. */
static void a_failed_file_leaves_the_old_one(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make();
    test_write_text(folder.path, "old");
    struct rlimit before, small = {100000, 0};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    struct output *output = output_to_file(folder.path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 100000; i++)
        output_text(output, "0123456789");
    assert_int_equal(output_error(output), EFBIG);
    int error = output_close(output, true);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(error, EFBIG);
    test_assert_file(folder.path, "old");
    test_folder_remove(&folder);
}

static void a_link_at_the_part_is_not_followed(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make();
    char target[TEST_PATH_ROOM];
    snprintf(target, sizeof target, "%s/target", folder.name);
    test_write_text(target, "mine");
    assert_int_equal(symlink(target, folder.part), 0);
    struct output *output = output_to_file(folder.path);
    assert_non_null(output);
    output_text(output, "text");
    assert_int_equal(output_close(output, true), 0);
    test_assert_file(folder.path, "text");
    test_assert_file(target, "mine");
    unlink(target);
    test_folder_remove(&folder);
}

static void what_cannot_be_created_is_null_and_errno(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_make();
    assert_null(output_to_file(folder.name));
    assert_int_equal(errno, EISDIR);
    assert_null(output_to_file("/tmp/lbsim-no-such-folder/out"));
    assert_int_equal(errno, ENOENT);
    test_folder_remove(&folder);
}

static void a_full_disk_is_an_error_that_sticks(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0) {
        print_message("skipped: no /dev/full here\n");
        skip();
    }
    struct output *output = output_to_descriptor(full, "full");
    for (int i = 0; i < 100000; i++)
        output_text(output, "0123456789");
    assert_int_equal(output_error(output), ENOSPC);
    assert_int_equal(output_close(output, true), ENOSPC);
    assert_int_equal(close(full), 0); /* was left open */

    output = output_to_file("/dev/full"); /* in place: nothing is renamed over it */
    assert_non_null(output);
    output_text(output, "short");
    assert_int_equal(output_error(output), 0);
    assert_int_equal(output_close(output, true), ENOSPC);
    struct stat status;
    assert_int_equal(stat("/dev/full", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void a_closed_pipe_is_an_error(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct output *output = output_to_descriptor(ends[1], "pipe");
    output_text(output, "nobody reads this");
    close(ends[0]);
    assert_int_equal(output_close(output, true), EPIPE);
    close(ends[1]);
    signal(SIGPIPE, SIG_DFL);
}

/* A child that reads slowly and adds up what it read; its exit status tells. */
static pid_t test_slow_reader(const int ends[2])
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) {
        close(ends[0]);
        return child;
    }
    close(ends[1]);
    char bytes[4096];
    size_t sum = 0, total = 0;
    for (ssize_t size; (size = read(ends[0], bytes, sizeof bytes)) > 0; total++) {
        for (ssize_t i = 0; i < size; i++)
            sum += (unsigned char)bytes[i];
        if (total % 64 == 0)
            usleep(2000);
    }
    _exit(sum == (size_t)100000 * 525 ? 0 : 1); /* "0123456789" adds up to 525 */
}

static void test_alarm(int number)
{
    (void)number;
}

static void test_write_to_slow_reader(bool blocking)
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = test_slow_reader(ends);
    if (!blocking)
        fcntl(ends[1], F_SETFL, O_NONBLOCK);
    struct output *output = output_to_descriptor(ends[1], "pipe");
    for (int i = 0; i < 100000; i++)
        output_text(output, "0123456789");
    assert_int_equal(output_close(output, true), 0);
    close(ends[1]);
    while (waitpid(child, &status, 0) != child)
        assert_int_equal(errno, EINTR);
    assert_int_equal(status, 0);
}

static void short_and_interrupted_writes_lose_nothing(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = test_alarm}, before; /* without SA_RESTART */
    struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &often, NULL);
    test_write_to_slow_reader(true);
    test_write_to_slow_reader(false);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(integers_are_as_printf_has_them),
    cmocka_unit_test(doubles_have_the_expected_text),
    cmocka_unit_test(doubles_read_back_equal_and_short),
    cmocka_unit_test(fields_are_quoted_when_they_must_be),
    cmocka_unit_test(memory_grows_and_ends_with_a_nul),
    cmocka_unit_test(room_up_to_the_promise_is_there),
    cmocka_unit_test(a_file_appears_only_when_whole),
    cmocka_unit_test(a_file_not_kept_leaves_the_old_one),
    cmocka_unit_test(a_failed_file_leaves_the_old_one),
    cmocka_unit_test(a_link_at_the_part_is_not_followed),
    cmocka_unit_test(what_cannot_be_created_is_null_and_errno),
    cmocka_unit_test(a_full_disk_is_an_error_that_sticks),
    cmocka_unit_test(a_closed_pipe_is_an_error),
    cmocka_unit_test(short_and_interrupted_writes_lose_nothing),
};

TEST_MAIN(tests)
