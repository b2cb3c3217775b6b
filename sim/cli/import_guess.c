/* SPDX-License-Identifier: GPL-3.0-or-later
   Which format a file has, told by trying every parser on its first lines. */
#include "sim/cli/import_part.h"

#include <stdio.h>
#include <string.h>

void import_guess_keep(struct import_head *head, const struct import_line *line)
{
    if (head->count == IMPORT_HEAD)
        return;
    struct import_line *kept = &head->lines[head->count++];
    *kept = *line;
    kept->text = arena_copy_text(&head->arena, line->text, line->size);
}

/* How many of the first lines the format parses; a table's header counts for nothing. */
static size_t import_guess_score(const struct import_head *head,
                                 const struct import_format *format)
{
    struct import_order order = {.format = format};
    struct import_parser parser;
    struct import_failure failure;
    if (!import_parser_open(&parser, &order, &failure))
        return 0;
    bool is_table = format->kind == IMPORT_TABLE;
    size_t score = 0;
    if (!is_table || import_table_header(&parser, &head->lines[0], &failure))
        for (size_t i = is_table; i < head->count; i++) {
            struct import_fields fields;
            struct import_fault fault;
            score += import_parser_parse(&parser, &head->lines[i], &fields, &fault);
        }
    import_parser_close(&parser);
    return score;
}

const struct import_format *import_guess(const struct import_head *head, char *hint,
                                         size_t size)
{
    const struct import_format *best = NULL;
    size_t best_score = 0;
    for (size_t i = 0; import_format_at(i) != NULL; i++) {
        size_t score = import_guess_score(head, import_format_at(i));
        if (score > 0 && score >= best_score) { /* of equals the one that reads more */
            best = import_format_at(i);
            best_score = score;
        }
    }
    hint[0] = '\0';
    if (best_score * 2 < head->count)
        best = NULL;
    if (best != NULL) {
        snprintf(hint, size, "format %s reads %zu of the first %zu lines", best->name,
                 best_score, head->count);
    } else if (head->count > 1 && strchr(head->lines[0].text, ',') != NULL) {
        char list[400];
        import_table_list(&head->lines[0], list, sizeof list);
        snprintf(hint, size, "format csv with --time COLUMN may suit; the first line has %s",
                 list);
    }
    return best;
}
