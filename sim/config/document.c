/* SPDX-License-Identifier: GPL-3.0-or-later
   libfyaml hands out events, never a document: nothing is resolved behind our back, and
   depth and size are limited while reading.  Its diagnostics are collected and shown with
   places and hints of ours. */
#include "sim/config/document.h"

#include "sim/config/tree.h"
#include "sim/config/utf8.h"
#include "sim/engine/check.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

struct document {
    struct tree tree;
    struct fy_diag *diagnostics;
    struct fy_parser *parser;
    const struct source *source;
    const char *text;         /* what is parsed */
    const struct mark *place; /* of everything, or NULL */
    uint32_t shift;           /* characters on the first line before the parsed ones */
    size_t count;             /* documents begun */
};

/* What users do when libfyaml says so. */
static const struct {
    const char *message, *hint;
} document_hints[] = {
    {"tab character", "indent with spaces"},
    {"invalid multiline plain key", "the next line is indented too far, or a ':' is one too many"},
    {"could not find expected ':'", "write 'key: value', with a blank after the colon"},
    {"wrongly indented", "indent it further than the line that it belongs to"},
    {"invalid nested block mapping", "start the inner map on a line of its own, or put the "
                                     "value in quotes"},
    {"plain scalar cannot start with", "put the text in quotes"},
    {"without closing quote", "add the quote; a text in quotes may run over lines that are "
                              "indented"},
    {"missing comma", "separate the entries by ','"},
    {"did not find expected", "check the indentation of this line and of the one before"},
    {"invalid scalar at the end of block", "check the indentation: lists and maps do not mix"},
};

static struct mark document_mark(const struct document *document, int line, int column,
                                 uint32_t length)
{
    if (document->place)
        return *document->place;
    uint32_t shift = line == 0 ? document->shift : 0;
    return (struct mark){.source = document->source, .line = (uint32_t)line + 1,
                         .column = (uint32_t)column + 1 + shift, .length = length};
}

/* From the event's start to its end, or its first character if it ends on another line;
   `around` is the number of characters, such as quotes, before and after. */
static struct mark document_event_mark(const struct document *document, struct fy_event *event,
                                       int before, int after)
{
    const struct fy_mark *start = fy_event_start_mark(event), *end = fy_event_end_mark(event);
    if (!start)
        return document_mark(document, 0, 0, 1);
    int length = 1;
    if (end && end->line == start->line && end->column > start->column)
        length = end->column - start->column;
    if (start->column < before)
        before = 0;
    return document_mark(document, start->line, start->column - before,
                         (uint32_t)(length + before + after));
}

/* The text of the token, which lives until the next event; NULL without one. */
static const char *document_token(struct document *document, struct fy_token *token)
{
    size_t length;
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    return text ? arena_copy_text(document->tree.arena, text, length) : NULL;
}

/* A value that is not there stands at its key. */
static struct mark document_absent_mark(struct document *document)
{
    const struct tree_frame *top = tree_top(&document->tree);
    if (!top)
        return document_mark(document, 0, 0, 1);
    return top->pair.key ? top->pair.mark : top->node->mark;
}

static bool document_scalar(struct document *document, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    int quotes = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    struct node scalar = {.type = NODE_SCALAR, .plain = style == FYSS_PLAIN, .text = ""};
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    if (text)
        scalar.text = text;
    scalar.mark = token ? document_event_mark(document, event, quotes, quotes)
                        : document_absent_mark(document);
    if (tree_wants_key(&document->tree))
        return tree_key(&document->tree, scalar.text, length, scalar.mark);
    bool block = style == FYSS_LITERAL || style == FYSS_FOLDED;
    while (block && length > 0 && scalar.text[length - 1] == '\n')
        length--;
    return tree_scalar(&document->tree, &scalar, length,
                       document_token(document, event->scalar.anchor));
}

static bool document_alias(struct document *document, struct fy_event *event)
{
    const char *name = document_token(document, event->alias.anchor);
    return tree_alias(&document->tree, name ? name : "",
                      document_event_mark(document, event, 1, 0));
}

/* A list or map without brackets is shown by the key that it stands below. */
static bool document_open(struct document *document, struct fy_event *event)
{
    bool flow = fy_event_get_node_style(event) == FYNS_FLOW;
    const struct tree_frame *top = tree_top(&document->tree);
    struct mark mark = document_event_mark(document, event, 0, 0);
    if (top && top->pair.key && !flow)
        mark = top->pair.mark;
    return tree_open(&document->tree,
                     event->type == FYET_MAPPING_START ? NODE_MAP : NODE_LIST, flow, mark,
                     document_token(document, fy_event_get_anchor_token(event)));
}

static bool document_close(struct document *document, struct fy_event *event)
{
    const struct tree_frame *top = tree_top(&document->tree);
    struct mark opening = top->node->mark;
    struct mark closing = document_event_mark(document, event, 0, 0);
    bool one_line = top->flow && !document->place && closing.line == opening.line &&
                    closing.column > opening.column;
    return tree_close(&document->tree, one_line ? closing.column + 1 - opening.column : 0);
}

/* The first event of a second document that has a place. */
static bool document_refuse_second(struct document *document, struct fy_event *event)
{
    problem_add(document->tree.problems, document_event_mark(document, event, 0, 0),
                "a second document begins here");
    problem_hint(document->tree.problems, "one file holds one document; split it, or remove "
                                          "the '---' or '...'");
    return false;
}

/* Shown as it was written: the token holds what it stands for. */
static void document_refuse_tag(struct document *document, struct fy_token *token)
{
    const struct fy_mark *start = fy_token_start_mark(token);
    CHECK(start);
    const char *tag = document->text + start->input_pos;
    int length = (int)strcspn(tag, " \t\r\n,[]{}");
    uint32_t columns = (uint32_t)utf8_count(tag, (size_t)length);
    problem_add(document->tree.problems,
                document_mark(document, start->line, start->column, columns),
                "tags such as '%.*s' have no use here", length < 64 ? length : 64, tag);
}

static bool document_take(struct document *document, struct fy_event *event)
{
    document->count += event->type == FYET_DOCUMENT_START;
    if (document->count > 1 && fy_event_start_mark(event))
        return document_refuse_second(document, event);
    if (fy_event_get_tag_token(event)) {
        document_refuse_tag(document, fy_event_get_tag_token(event));
        return false;
    }
    switch (event->type) {
    case FYET_SCALAR: return document_scalar(document, event);
    case FYET_ALIAS: return document_alias(document, event);
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START: return document_open(document, event);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END: return document_close(document, event);
    case FYET_NONE:
    case FYET_DOCUMENT_START:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END: break;
    }
    return true;
}

/* Whether only blanks and line ends follow the place. */
static bool document_is_at_end(const struct document *document, struct mark mark)
{
    size_t length;
    const char *line = source_line(document->source, mark.line, &length);
    const char *end = document->source->bytes + document->source->size;
    if (utf8_count(line, length) >= mark.column)
        return false;
    line += length;
    return strspn(line, " \t\r\n") == (size_t)(end - line);
}

/* An open bracket above the line may be the mistake. */
static void document_hint(struct document *document, const char *message, uint32_t line)
{
    const struct tree_frame *top = tree_top(&document->tree);
    struct problems *problems = document->tree.problems;
    const char *hint = NULL;
    for (size_t i = 0; i < sizeof document_hints / sizeof *document_hints; i++)
        if (strstr(message, document_hints[i].message))
            hint = document_hints[i].hint;
    if (top && top->flow && top->node->mark.line < line)
        problem_hint(problems, "%s%sthe '%c' opened at line %u is not closed before",
                     hint ? hint : "", hint ? "; " : "",
                     top->node->type == NODE_MAP ? '{' : '[', (unsigned)top->node->mark.line);
    else if (hint)
        problem_hint(problems, "%s", hint);
}

/* The first error of libfyaml: what follows it is its echo. */
static void document_report(struct document *document)
{
    struct problems *problems = document->tree.problems;
    struct fy_diag_error *error;
    void *previous = NULL;
    do
        error = fy_diag_errors_iterate(document->diagnostics, &previous);
    while (error && error->type != FYET_ERROR);
    struct mark mark = error ? document_mark(document, error->line - 1, error->column - 1, 1)
                             : document_mark(document, 0, 0, 1);
    const struct tree_frame *top = tree_top(&document->tree);
    if (top && top->flow && !document->place && document_is_at_end(document, mark)) {
        bool map = top->node->type == NODE_MAP;
        problem_add(problems, top->node->mark, "'%s' is never closed", map ? "{" : "[");
        problem_hint(problems, "add the '%s'", map ? "}" : "]");
        return;
    }
    problem_add(problems, mark, "%s", error ? error->msg : "not a YAML document");
    document_hint(document, error ? error->msg : "", mark.line);
}

/* Takes every event of the parser; true at the end of a sound stream. */
static bool document_run(struct document *document)
{
    struct fy_event *event;
    bool fine = true;
    while (fine && (event = fy_parser_parse(document->parser)) != NULL) {
        fine = document_take(document, event);
        fy_parser_event_free(document->parser, event);
    }
    if (fine && fy_parser_get_stream_error(document->parser)) {
        document_report(document);
        fine = false;
    }
    return fine;
}

static const struct node *document_read(struct document *document, const char *text,
                                        size_t size)
{
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    document->diagnostics = fy_diag_create(&quiet);
    CHECK(document->diagnostics);
    fy_diag_set_collect_errors(document->diagnostics, true);
    /* Sloppy: a closing bracket may stand at the start of its line, as in JSON. */
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE |
                 FYPCF_SLOPPY_FLOW_INDENTATION,
        .diag = document->diagnostics,
    };
    document->parser = fy_parser_create(&config);
    CHECK(document->parser);
    document->text = text;
    CHECK(fy_parser_set_string(document->parser, text, size) == 0);
    bool fine = document_run(document);
    fy_parser_destroy(document->parser);
    fy_diag_destroy(document->diagnostics);
    return fine ? document->tree.root : NULL;
}

const struct node *document_parse(const struct source *source, size_t start,
                                  struct arena *arena, struct problems *problems)
{
    struct document *document = memory_zeroed(1, sizeof *document);
    document->tree.arena = arena;
    document->tree.problems = problems;
    document->source = source;
    document->shift = (uint32_t)utf8_count(source->bytes, start);
    size_t errors = problems->errors;
    const struct node *root =
        document_read(document, source->bytes + start, source->size - start);
    free(document);
    if (!root && problems->errors == errors)
        problem_add(problems, (struct mark){.source = source}, "holds no keys, only comments");
    return root;
}

const struct node *document_of_text(const char *text, struct mark mark, struct arena *arena)
{
    if (strpbrk(text, "[]{},:#&*!|>'\"%@`\n") == NULL)
        return node_scalar(arena, text, mark);
    struct problems problems = {.count = 0};
    struct document *document = memory_zeroed(1, sizeof *document);
    document->tree.arena = arena;
    document->tree.problems = &problems;
    document->place = &mark;
    const struct node *root = document_read(document, text, strlen(text));
    free(document);
    CHECK(root && problems.errors == 0);
    problems_free(&problems);
    return root;
}
