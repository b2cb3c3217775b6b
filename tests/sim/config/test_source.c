/* SPDX-License-Identifier: GPL-3.0-or-later
   Files and texts: what is refused before any parser sees it, folders, and lines. */
#include "sim/config/problem.h"
#include "sim/config/source.h"
#include "sim/engine/check.h"
#include "tests/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/lbsim-test-source-XXXXXX";

static const char *source_test_path(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void source_test_write(const char *name, const char *bytes, size_t size)
{
    FILE *file = fopen(source_test_path(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The message for a path that cannot be read. */
static void assert_unread(const char *path, const char *message, uint32_t line, uint32_t column)
{
    struct arena arena = {0};
    struct problems problems = {.count = 0};
    assert_null(source_read(path, &arena, &problems));
    assert_int_equal(problems.errors, 1);
    assert_string_equal(problems.items[0].message, message);
    assert_string_equal(problems.items[0].mark.source->name, path);
    assert_int_equal(problems.items[0].mark.line, line);
    assert_int_equal(problems.items[0].mark.column, column);
    problems_free(&problems);
    arena_free(&arena);
}

static void unfit_files_are_refused(void **state)
{
    size_t size = 17 << 20;
    char *large = memory_zeroed(size, 1);
    (void)state;
    assert_unread("/nowhere/at/all.yaml", "no such file", 0, 0);
    assert_unread(folder, "is a directory, not a file", 0, 0);
    source_test_write("a", "", 0);
    assert_unread(source_test_path("a"), "the file is empty", 0, 0);
    source_test_write("a", "\xef\xbb\xbf", 3);
    assert_unread(source_test_path("a"), "the file is empty", 0, 0);
    source_test_write("a", "a: \xc3\xbc\r\n\xc3\xbc\xc3x\n", 12);
    assert_unread(source_test_path("a"), "byte 0xc3 is not UTF-8", 2, 2);
    source_test_write("a", "%\xff\n", 3);
    assert_unread(source_test_path("a"), "byte 0xff is not UTF-8", 1, 2);
    source_test_write("a", "a\n\0b", 4);
    assert_unread(source_test_path("a"), "a NUL byte has no place in a text file", 2, 1);
    memset(large, '#', size);
    source_test_write("a", large, size);
    assert_unread(source_test_path("a"), "larger than 16 MiB", 0, 0);
    free(large);
}

static void a_file_knows_its_folder(void **state)
{
    struct arena arena = {0};
    struct problems problems = {.count = 0};
    (void)state;
    source_test_write("b.yaml", "\xef\xbb\xbf" "a: 1\n", 8);
    const struct source *source = source_read(source_test_path("b.yaml"), &arena, &problems);
    assert_non_null(source);
    assert_string_equal(source->bytes, "a: 1\n");
    assert_int_equal(source->size, 5);
    assert_string_equal(source->base, folder);
    int here = open(".", O_RDONLY | O_DIRECTORY);
    assert_int_equal(chdir(folder), 0);
    source = source_read("b.yaml", &arena, &problems);
    assert_string_equal(source->base, "");
    assert_int_equal(fchdir(here), 0);
    close(here);
    assert_int_equal(problems.errors, 0);
    arena_free(&arena);
}

static void lines_are_found_whatever_ends_them(void **state)
{
    static const char *const expected[] = {"one", "two", "", "four", "five"};
    struct source source = {.bytes = "one\ntwo\r\n\rfour\nfive", .size = 19};
    size_t length;
    (void)state;
    for (uint32_t i = 0; i < 5; i++) {
        const char *line = source_line(&source, i + 1, &length);
        assert_int_equal(length, strlen(expected[i]));
        assert_memory_equal(line, expected[i], length);
    }
    source_line(&source, 6, &length);
    assert_int_equal(length, 0);
    source_line(&source, 4000000000, &length);
    assert_int_equal(length, 0);
}

static int source_test_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int source_test_clean(void **state)
{
    (void)state;
    unlink(source_test_path("a"));
    unlink(source_test_path("b.yaml"));
    return rmdir(folder);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(unfit_files_are_refused),
    cmocka_unit_test(a_file_knows_its_folder),
    cmocka_unit_test(lines_are_found_whatever_ends_them),
};

int main(void)
{
    return cmocka_run_group_tests(tests, source_test_make, source_test_clean) != 0;
}
