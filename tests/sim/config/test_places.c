/* SPDX-License-Identifier: GPL-3.0-or-later
   An address has the mark of the narrowest place around it. */
#include "sim/config/places.h"
#include "tests/test.h"

static void the_narrowest_place_holds_an_address(void **state)
{
    static char memory[65], other[64];
    char *outer = memory + 1;
    struct arena arena = {0};
    struct places places = {.arena = &arena};
    struct {
        const char *address;
        uint32_t line;
    } rows[] = {{outer, 4},      {outer + 3, 4},  {outer + 4, 3},  {outer + 8, 2},
                {outer + 16, 5}, {outer + 23, 5}, {outer + 24, 2}, {outer + 40, 1},
                {other, 6},      {other + 7, 6},  {other + 8, 1},  {outer - 1, 1}};
    (void)state;
    size_t root = places_add(&places, outer, 64, PLACES_ROOT, (struct mark){.line = 1});
    size_t map = places_add(&places, outer, 32, root, (struct mark){.line = 2});
    size_t pair = places_add(&places, outer, 8, map, (struct mark){.line = 3});
    places_add(&places, outer, 4, pair, (struct mark){.line = 4});
    size_t list = places_add(&places, outer + 16, 8, map, (struct mark){.line = 5});
    places_add(&places, other, 8, list, (struct mark){.line = 6});
    places_seal(&places);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t line = places_find(&places, rows[i].address).line;
        if (line != rows[i].line)
            fail_msg("row %zu: found %u, expected %u", i, line, rows[i].line);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_narrowest_place_holds_an_address),
};

TEST_MAIN(tests)
