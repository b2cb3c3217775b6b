/* SPDX-License-Identifier: GPL-3.0-or-later
   What the tests of replay share: a small file in a folder of its own, and a configuration
   that reads it. */
#ifndef TESTS_MODELS_REPLAY_TEST_H
#define TESTS_MODELS_REPLAY_TEST_H

#include "models/replay.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_SIZE = 512 };

struct fixture {
    char folder[64], file[80];
    struct arena arena;
    char message[MESSAGE_SIZE];
    struct replay_config config;
};

static inline int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/lbsim-replay-XXXXXX");
    if (fixture == NULL || mkdtemp(fixture->folder) == NULL)
        return -1;
    snprintf(fixture->file, sizeof fixture->file, "%s/a.csv", fixture->folder);
    fixture->config = (struct replay_config){
        .file = fixture->file, .time = "time_ns", .unit = 1, .demand_scale = 1,
        .speed_up = 1, .rate_scale = 1, .at_end = REPLAY_STOP,
    };
    *state = fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_free(&fixture->arena);
    unlink(fixture->file);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static inline void write_file(struct fixture *fixture, const char *text)
{
    FILE *file = fopen(fixture->file, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static inline void check(struct fixture *fixture)
{
    if (!replay_check(&fixture->config, &fixture->arena, fixture->message, MESSAGE_SIZE))
        fail_msg("refused: %s", fixture->message);
}

/* The text after the folder's name in "FOLDER/a.csv:2: ...". */
static inline const char *refusal(struct fixture *fixture)
{
    if (replay_check(&fixture->config, &fixture->arena, fixture->message, MESSAGE_SIZE))
        fail_msg("was taken");
    size_t length = strlen(fixture->folder);
    const char *message = fixture->message;
    return strncmp(message, fixture->folder, length) == 0 ? message + length + 1 : message;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
