/* SPDX-License-Identifier: GPL-3.0-or-later
   Folders land as a whole, keep what belongs to them, and leave nothing behind. */
#include "sim/cli/folder.h"
#include "tests/test.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[] = "/tmp/lbsim-folder-XXXXXX";

static int enter(void **state)
{
    (void)state;
    memcpy(home + sizeof home - 7, "XXXXXX", 6);
    return mkdtemp(home) && chdir(home) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    int status = chdir("/");
    folder_remove(home);
    return status;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_holds(const char *path, const char *text)
{
    char found[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fgets(found, sizeof found, file) != NULL);
    fclose(file);
    assert_string_equal(found, text);
}

static size_t entries(const char *path)
{
    DIR *folder = opendir(path);
    size_t count = 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2;
}

static void folder_lands_fresh(void **state)
{
    (void)state;
    char *part = folder_open_part("a/b/new");
    assert_non_null(part);
    assert_non_null(strstr(part, "a/b/.new.part-"));
    assert_true(folder_is_empty(part));
    put("a/b/probe", "x");
    assert_int_equal(folder_land(part, "a/b/new"), 0);
    assert_true(folder_is_empty("a/b/new"));
    assert_int_equal(entries("a/b"), 2);
    free(part);
}

static void folder_lands_over_another(void **state)
{
    (void)state;
    assert_int_equal(folder_make("old/sub"), 0);
    put("old/sub/file", "old");
    char *part = folder_open_part("old");
    assert_non_null(part);
    char *file = folder_path(part, "file");
    put(file, "new");
    assert_int_equal(folder_land(part, "old"), 0);
    assert_holds("old/file", "new");
    assert_int_equal(access("old/sub", F_OK), -1);
    assert_int_equal(entries("."), 1);
    free(file);
    free(part);
}

static void folder_carries_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(folder_make("from/both"), 0);
    assert_int_equal(folder_make("from/only"), 0);
    assert_int_equal(folder_make("to/both"), 0);
    put("from/both/shared", "old");
    put("from/both/extra", "kept");
    put("from/only/file", "kept");
    put("to/both/shared", "new");
    assert_int_equal(folder_carry("from", "to"), 0);
    assert_holds("to/both/shared", "new");
    assert_holds("to/both/extra", "kept");
    assert_holds("to/only/file", "kept");
}

static void folder_follows_no_links(void **state)
{
    (void)state;
    assert_int_equal(folder_make("precious"), 0);
    put("precious/file", "kept");
    assert_int_equal(folder_make("doomed"), 0);
    assert_int_equal(symlink("../precious", "doomed/link"), 0);
    folder_remove("doomed");
    assert_int_equal(access("doomed", F_OK), -1);
    assert_holds("precious/file", "kept");
}

static void folder_says_why_not(void **state)
{
    (void)state;
    put("file", "x");
    assert_int_equal(folder_make("file"), ENOTDIR);
    assert_int_equal(folder_make("file/below"), ENOTDIR);
    assert_null(folder_open_part("file/below"));
    assert_int_equal(errno, ENOTDIR);
    assert_false(folder_is_empty("file"));
    assert_false(folder_is_empty("absent"));
}

static void folder_parents(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"a", "."}, {"a/b", "a"}, {"/a", "/"}, {"/a/b", "/a"}, {"./a", "."}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *parent = folder_parent(rows[i][0]);
        assert_string_equal(parent, rows[i][1]);
        free(parent);
    }
}

static void folder_prunes_only_what_it_made(void **state)
{
    (void)state;
    assert_int_equal(folder_make("old"), 0);
    char *top = folder_missing("old/a/b/");
    assert_string_equal(top, "old/a");
    assert_int_equal(folder_make("old/a/b"), 0);
    assert_null(folder_missing("old/a/b"));
    put("old/a/file", "kept");
    folder_prune("old/a/b", top);
    assert_int_equal(access("old/a/b", F_OK), -1);
    assert_holds("old/a/file", "kept");
    assert_int_equal(unlink("old/a/file"), 0);
    folder_prune("old/a", NULL);
    assert_int_equal(access("old/a", F_OK), 0);
    folder_prune("old/a", top);
    assert_int_equal(access("old/a", F_OK), -1);
    assert_int_equal(access("old", F_OK), 0);
    free(top);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(folder_lands_fresh, enter, leave),
    cmocka_unit_test_setup_teardown(folder_lands_over_another, enter, leave),
    cmocka_unit_test_setup_teardown(folder_carries_what_is_missing, enter, leave),
    cmocka_unit_test_setup_teardown(folder_follows_no_links, enter, leave),
    cmocka_unit_test_setup_teardown(folder_says_why_not, enter, leave),
    cmocka_unit_test_setup_teardown(folder_prunes_only_what_it_made, enter, leave),
    cmocka_unit_test(folder_parents),
};

TEST_MAIN(tests)
