/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows arrive as they were meant, each with its line; what is not CSV is refused with the
   line where it stops being so; packed files read like plain ones, cut ones do not. */
#include "sim/engine/csv.h"
#include "sim/engine/output.h"
#include "tests/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

struct test_rows {
    struct output *seen; /* "line:field|field;" per row, the header's behind '#' */
    uint64_t stop_at;    /* row to stop at, from 1; 0: none */
    uint64_t rows, last_line;
    struct csv_reader *reader;
};

static void test_note(struct test_rows *rows, const struct csv_row *row)
{
    output_unsigned(rows->seen, row->line);
    for (size_t i = 0; i < row->count; i++) {
        assert_int_equal(row->fields[i][row->sizes[i]], '\0');
        output_text(rows->seen, i > 0 ? "|" : ":");
        output_bytes(rows->seen, row->fields[i], row->sizes[i]);
    }
    output_text(rows->seen, ";");
}

static bool test_header(void *context, const struct csv_row *row)
{
    struct test_rows *rows = context;
    output_text(rows->seen, "#");
    test_note(rows, row);
    return true;
}

static bool test_row(void *context, const struct csv_row *row)
{
    struct test_rows *rows = context;
    rows->last_line = row->line;
    if (++rows->rows == rows->stop_at) {
        snprintf(rows->reader->error, sizeof rows->reader->error, "stopped");
        return false;
    }
    if (rows->rows < 1000)
        test_note(rows, row);
    return true;
}

static struct csv_reader test_reader(struct test_rows *rows)
{
    rows->seen = output_to_memory();
    return (struct csv_reader){
        .context = rows, .header = test_header, .row = test_row, .has_header = true};
}

static const char *test_temporary(const void *bytes, size_t size)
{
    static char path[] = "/tmp/lbsim-test-XXXXXX";
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, size), size);
    close(file);
    return path;
}

static void test_expect_rows(const char *text, size_t size, struct csv_reader how,
                             const char *expected)
{
    struct test_rows rows = {0};
    struct csv_reader reader = test_reader(&rows);
    reader.has_header = how.has_header;
    reader.ragged = how.ragged;
    reader.delimiter = how.delimiter;
    const char *path = test_temporary(text, size);
    bool good = csv_read(path, &reader);
    unlink(path);
    if (!good)
        fail_msg("line %d: %s", (int)reader.error_line, reader.error);
    assert_string_equal(output_memory(rows.seen, NULL), expected);
    output_close(rows.seen, true);
}

static void test_expect_error(const char *text, size_t size, uint64_t line,
                              const char *message)
{
    struct test_rows rows = {0};
    struct csv_reader reader = test_reader(&rows);
    const char *path = test_temporary(text, size);
    bool good = csv_read(path, &reader);
    unlink(path);
    output_close(rows.seen, true);
    assert_false(good);
    assert_string_equal(reader.error, message);
    assert_int_equal(reader.error_line, line);
}

static void rows_come_with_their_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rows;
    } cases[] = {
        {"a,b\n1,2\n3,4\n", "#1:a|b;2:1|2;3:3|4;"},
        {"a,b\r\n1,2\r\n3,4", "#1:a|b;2:1|2;3:3|4;"},
        {"a,b\r1,2\r3,4\r", "#1:a|b;2:1|2;3:3|4;"},
        {"a,b\n\n\n1,2\n   \n3,4\n\n", "#1:a|b;4:1|2;6:3|4;"},
        {"a,b\n\"1\n1\",2\n3,\"x\r\ny\n\"\n5,6\n", "#1:a|b;2:1\n1|2;4:3|x\r\ny\n;7:5|6;"},
        {"\"a\nb\",c\n1,2\n", "#1:a\nb|c;3:1|2;"},
        {"a,b\n\"say \"\"so\"\"\",\"x,y\"\n", "#1:a|b;2:say \"so\"|x,y;"},
        {"a,b\n  1 ,\t2\n", "#1:a|b;2:1|2;"},
        {"a,b\n,\n\"\",\n", "#1:a|b;2:|;3:|;"},
        {"\xef\xbb\xbf"
         "a,b\n1,2\n",
         "#1:a|b;2:1|2;"},
        {"a\n", "#1:a;"},
        {"a", "#1:a;"},
        {"a,b\n1,2\n\"\n\",4", "#1:a|b;2:1|2;3:\n|4;"},
    };
    struct csv_reader plain = {.has_header = true};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        test_expect_rows(cases[i].text, strlen(cases[i].text), plain, cases[i].rows);
}

static void the_reader_can_be_told_how(void **state)
{
    (void)state;
    struct csv_reader no_header = {0}, semicolon = {.delimiter = ';', .has_header = true};
    struct csv_reader tab = {.delimiter = '\t'}, ragged = {.ragged = true};
    test_expect_rows("1,2\n3,4\n", 8, no_header, "1:1|2;2:3|4;");
    test_expect_rows("", 0, no_header, "");
    test_expect_rows("a;b\n1,5;2\n", 10, semicolon, "#1:a|b;2:1,5|2;");
    test_expect_rows("1\t\t2\n", 5, tab, "1:1||2;");
    test_expect_rows("1,2\n3\n4,5,6\n", 12, ragged, "1:1|2;2:3;3:4|5|6;");
    test_expect_rows("1,\0x\n", 5, no_header, "1:1|"); /* sizes show the NUL */
}

static void what_is_not_csv_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
        const char *message;
    } cases[] = {
        {"a,b\n1,2\n3\n", 3, "1 field where the header has 2"},
        {"a,b\n1,2,3\n", 2, "3 fields where the header has 2"},
        {"a,b\n\"x\ny\",2\n3,4,5", 4, "3 fields where the header has 2"},
        {"a,b\n1,2\nx\"y,4\n", 3,
         "quote in the wrong place: quote the whole field, and write \"\" for a quote "
         "inside it"},
        {"a,b\n1,2\n\"x\"y,4\n", 3,
         "quote in the wrong place: quote the whole field, and write \"\" for a quote "
         "inside it"},
        {"a,b\n1,2\n\n\"x,4\n5,6\n", 4, "the closing quote of a field is missing"},
        {"", 0, "the file is empty: a header line was expected"},
        {"\n \n\r\n", 0, "the file is empty: a header line was expected"},
        {"\x1f\x8b\x08", 0,
         "is packed by gzip, which is not read; unpack it with gunzip, or use zstd"},
        {"\xff\xfe"
         "a",
         0, "is in UTF-16; save it as UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        test_expect_error(cases[i].text, strlen(cases[i].text), cases[i].line,
                          cases[i].message);
}

static void a_field_may_have_1_mib_and_no_more(void **state)
{
    (void)state;
    size_t limit = (size_t)1 << 20, size = 0;
    char *text = malloc(4 * limit);
    size = (size_t)snprintf(text, 4 * limit, "a\nb\n");
    memset(text + size, 'x', limit);
    test_expect_error(text, size + limit + 1, 3, "field of more than 1 MiB");
    text[size + limit] = '\n';
    struct test_rows rows = {0};
    struct csv_reader reader = test_reader(&rows);
    const char *path = test_temporary(text, size + limit + 1);
    assert_true(csv_read(path, &reader));
    unlink(path);
    output_close(rows.seen, true);
    assert_int_equal(rows.rows, 2);

    size = (size_t)snprintf(text, 4 * limit, "a\nb\n\"");
    for (size_t i = size; i < 4 * limit; i++)
        text[i] = i % 50 == 0 ? '\n' : 'x';
    test_expect_error(text, 4 * limit, 3,
                      "field of more than 1 MiB; is a closing quote missing?");
    free(text);
}

static void a_callback_can_stop_the_reading(void **state)
{
    (void)state;
    struct test_rows rows = {.stop_at = 2};
    struct csv_reader reader = test_reader(&rows);
    rows.reader = &reader;
    const char *path = test_temporary("a\n1\n2\n3\n4\n", 10);
    assert_false(csv_read(path, &reader));
    unlink(path);
    assert_int_equal(rows.rows, 2);
    assert_int_equal(reader.error_line, 3);
    assert_string_equal(reader.error, "stopped");
    output_close(rows.seen, true);
}

static void files_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    struct test_rows rows = {0};
    struct csv_reader reader = test_reader(&rows);
    assert_false(csv_read("/tmp/lbsim-no-such-file.csv", &reader));
    assert_string_equal(reader.error, "cannot be read: no such file or directory");
    assert_int_equal(reader.error_line, 0);
    assert_false(csv_read("/tmp", &reader));
    assert_string_equal(reader.error, "cannot be read: is a directory");
    const char *path = test_temporary("a\n1\n", 4);
    chmod(path, 0);
    if (geteuid() != 0) {
        assert_false(csv_read(path, &reader));
        assert_string_equal(reader.error, "cannot be read: permission denied");
    }
    unlink(path);
    output_close(rows.seen, true);
}

/* Lines of every length fall over the borders of blocks in every way. */
static void lines_are_counted_over_block_borders(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r", "\n\n"};
    char *text = malloc(2000000);
    for (size_t end = 0; end < 4; end++) {
        size_t size = 0;
        uint64_t lines = 0;
        for (size_t i = 0; i < 4000; i++) {
            lines += end == 3 ? 2 : 1;
            size += (size_t)snprintf(
                text + size, 128, "%zu,%.*s%s", i, (int)(i * 7 % 97),
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                ends[end]);
        }
        struct test_rows rows = {0};
        struct csv_reader reader = test_reader(&rows);
        reader.has_header = false;
        const char *path = test_temporary(text, size);
        assert_true(csv_read(path, &reader));
        unlink(path);
        assert_int_equal(rows.rows, 4000);
        assert_int_equal(rows.last_line, end == 3 ? lines - 1 : lines);
        output_close(rows.seen, true);
    }
    free(text);
}

static size_t test_frame(char *packed, size_t room, const char *text, size_t size)
{
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    size_t used = ZSTD_compress2(zstd, packed, room, text, size);
    ZSTD_freeCCtx(zstd);
    assert_false(ZSTD_isError(used));
    return used;
}

/* Two frames, a piece of the second left off at every step of `step` bytes. */
static void packed_files_read_like_plain_ones(void **state)
{
    (void)state;
    enum { ROWS = 30000, STEP = 997 };
    char *text = malloc(ROWS * 12), *packed = malloc(ROWS * 24);
    size_t size = 0;
    for (size_t i = 0; i < ROWS; i++)
        size += (size_t)snprintf(text + size, 12, "%zu\n", i * 7919 % 1000003);
    size_t half = size / 2, room = ROWS * 24;
    size_t first = test_frame(packed, room, text, half);
    size_t whole =
        first + test_frame(packed + first, room - first, text + half, size - half);
    for (size_t cut = 0; cut < whole - 4; cut += cut == 0 ? 1 : STEP) {
        struct test_rows rows = {0};
        struct csv_reader reader = test_reader(&rows);
        const char *path = test_temporary(packed, whole - cut);
        bool good = csv_read(path, &reader);
        unlink(path);
        output_close(rows.seen, true);
        if (cut == 0 || whole - cut == first) {
            assert_true(good);
            assert_int_equal(rows.rows, cut == 0 ? ROWS - 1 : rows.rows);
        } else {
            assert_false(good);
            assert_string_equal(reader.error,
                                "ends inside a zstd frame: the file was cut short");
            assert_true(reader.error_line > rows.last_line);
        }
    }
    packed[first / 2] = (char)(packed[first / 2] ^ 0x55);
    struct test_rows rows = {0};
    struct csv_reader reader = test_reader(&rows);
    const char *path = test_temporary(packed, whole);
    assert_false(csv_read(path, &reader));
    unlink(path);
    assert_non_null(strstr(reader.error, "is damaged: zstd says"));
    output_close(rows.seen, true);
    free(text);
    free(packed);
}

static void a_real_trace_is_read(void **state)
{
    (void)state;
    static const char path[] = "../shared/data/azure_llm_code_2023.csv";
    if (access(path, R_OK) != 0) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    struct test_rows rows = {0};
    struct csv_reader reader = test_reader(&rows);
    assert_true(csv_read(path, &reader));
    assert_int_equal(rows.rows, 8819);
    assert_int_equal(rows.last_line, 8820);
    assert_non_null(strstr(output_memory(rows.seen, NULL),
                           "#1:TIMESTAMP|ContextTokens|GeneratedTokens;2:"));
    output_close(rows.seen, true);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_come_with_their_lines),
    cmocka_unit_test(the_reader_can_be_told_how),
    cmocka_unit_test(what_is_not_csv_is_refused_with_its_line),
    cmocka_unit_test(a_field_may_have_1_mib_and_no_more),
    cmocka_unit_test(a_callback_can_stop_the_reading),
    cmocka_unit_test(files_that_cannot_be_read_are_refused),
    cmocka_unit_test(lines_are_counted_over_block_borders),
    cmocka_unit_test(packed_files_read_like_plain_ones),
    cmocka_unit_test(a_real_trace_is_read),
};

TEST_MAIN(tests)
