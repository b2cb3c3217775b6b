/* SPDX-License-Identifier: GPL-3.0-or-later
   A kind of a registry bound from text by the real binder, for tests of what it computes. */
#ifndef TESTS_MODELS_KIND_BIND_H
#define TESTS_MODELS_KIND_BIND_H

#include "sim/config/config.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

struct kind_bound {
    struct arena arena;
    struct param_kind kind;
};

static inline const char *kind_bind_text(struct arena *arena, struct output *output)
{
    size_t size;
    const char *memory = output_memory(output, &size);
    const char *text = arena_copy_text(arena, memory, size);
    output_close(output, false);
    return text;
}

/* Binds `text` ("haproxy" or "{haproxy: {fall: 2}}") twice: as it is, and as the dump of that
   says it.  Problems, or another dump, fail the test. */
static inline struct kind_bound kind_bind(const struct kind_list *kinds, const char *text)
{
    const struct param table[] = {
        {.key = "kind", .type = PARAM_KIND, .unit = PARAM_DURATION, .of.kinds = kinds}, PARAM_END};
    struct kind_bound bound = {.kind = {.kind = NULL}};
    char document[1024];
    snprintf(document, sizeof document, "kind: %s\n", text);
    const char *dumped = NULL;
    for (int round = 0; round < 2; round++) {
        struct problems problems = {.errors = 0};
        const char *from = dumped != NULL ? dumped : document;
        const struct source *source =
            source_of_text("test.yaml", from, strlen(from), &bound.arena, &problems);
        struct output *output = output_to_memory();
        if (source == NULL || config_bind(source, table, &bound.kind, NULL, 0, &bound.arena,
                                          &problems) == NULL) {
            problems_print(&problems, output, false);
            fail_msg("%s: %s", from, kind_bind_text(&bound.arena, output));
        }
        config_dump(table, &bound.kind, output, 0);
        const char *again = kind_bind_text(&bound.arena, output);
        if (dumped != NULL)
            assert_string_equal(again, dumped);
        dumped = again;
        problems_free(&problems);
    }
    return bound;
}

/* What the binder says of a text that it refuses. */
static inline void kind_bind_refused(const struct kind_list *kinds, const char *text,
                                     const char *part)
{
    const struct param table[] = {
        {.key = "kind", .type = PARAM_KIND, .unit = PARAM_DURATION, .of.kinds = kinds}, PARAM_END};
    struct arena arena = {.blocks = NULL};
    struct problems problems = {.errors = 0};
    struct param_kind kind = {.kind = NULL};
    char document[1024];
    snprintf(document, sizeof document, "kind: %s\n", text);
    const struct source *source =
        source_of_text("test.yaml", document, strlen(document), &arena, &problems);
    assert_non_null(source);
    assert_null(config_bind(source, table, &kind, NULL, 0, &arena, &problems));
    struct output *output = output_to_memory();
    problems_print(&problems, output, false);
    const char *said = kind_bind_text(&arena, output);
    if (strstr(said, part) == NULL)
        fail_msg("%s: expected '%s' in: %s", text, part, said);
    problems_free(&problems);
    arena_free(&arena);
}

#endif
