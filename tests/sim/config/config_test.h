/* SPDX-License-Identifier: GPL-3.0-or-later
   What the tests of sim/config share: texts bound to the table of a small world, and
   assertions on what was printed. */
#ifndef TESTS_SIM_CONFIG_CONFIG_TEST_H
#define TESTS_SIM_CONFIG_CONFIG_TEST_H

#include "sim/config/config.h"
#include "tests/sim/config/world_table.h"
#include "tests/test.h"

#include <string.h>

/* A text bound to the tables, with all that went wrong. */
struct bound {
    struct arena arena;
    struct problems problems;
    struct config *config;
    struct world *world;
};

/* What every document needs. */
#define WORLD_START \
    "version: 1\ngroups: {name: web, arrivals: 100/s, demand: 4ms}\nrules: best\n"

static inline struct bound bound_with(const char *text, size_t size,
                                      const struct config_setting *settings, size_t count)
{
    struct bound bound = {.config = NULL};
    bound.world = arena_take(&bound.arena, 1, sizeof *bound.world);
    const struct source *source =
        source_of_text("test.yaml", text, size, &bound.arena, &bound.problems);
    if (source)
        bound.config = config_bind(source, world_params, bound.world, settings, count,
                                   &bound.arena, &bound.problems);
    return bound;
}

static inline struct bound bound_of(const char *text)
{
    return bound_with(text, strlen(text), NULL, 0);
}

static inline void bound_free(struct bound *bound)
{
    problems_free(&bound->problems);
    arena_free(&bound->arena);
}

/* The printed problems, or the dumped document of one that binds, from the arena. */
static inline const char *bound_text(struct bound *bound)
{
    struct output *output = output_to_memory();
    size_t size;
    if (bound->config)
        config_dump(world_params, bound->world, output, 0);
    else
        problems_print(&bound->problems, output, false);
    const char *memory = output_memory(output, &size);
    const char *text = arena_copy_text(&bound->arena, memory, size);
    output_close(output, false);
    return text;
}

/* Whether it binds must be as expected, and the text must hold `part`. */
static inline void assert_text(struct bound *bound, bool binds, const char *part,
                               const char *file, int line)
{
    const char *text = bound_text(bound);
    if (!bound->config != binds && strstr(text, part))
        return;
    print_error("expected %s with: %s\nfound: %s\n", binds ? "a document" : "problems", part,
                text);
    _fail(file, line);
}

#define ASSERT_BOUND(bound) assert_text(&(bound), true, "", __FILE__, __LINE__)

static inline void assert_outcome(const char *text, bool binds, const char *part,
                                  const char *file, int line)
{
    struct bound bound = bound_of(text);
    assert_text(&bound, binds, part, file, line);
    bound_free(&bound);
}

/* The document must not bind, and the printed problems must hold the part; or it must bind
   and its dump must hold it. */
#define ASSERT_REFUSED(text, part) assert_outcome(text, false, part, __FILE__, __LINE__)
#define ASSERT_DUMPED(text, part) assert_outcome(text, true, part, __FILE__, __LINE__)

#endif
