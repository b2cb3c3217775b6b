/* SPDX-License-Identifier: GPL-3.0-or-later
   Lines of a file of any size, each at most IMPORT_LINE_LIMIT bytes.  One bad line must not
   end the reading, so lines are split here and not by sim/engine/csv.h. */
#include "sim/cli/import_part.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts have few control characters; what has one in sixteen bytes is something else. */
static bool import_lines_is_text(const char *bytes, size_t size)
{
    size_t controls = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        controls += (c < 0x20 && strchr("\t\n\r\f\x1b", c) == NULL) || c == 0 || c == 0x7f;
    }
    return controls * 16 <= size;
}

bool import_lines_open(struct import_lines *lines, const char *path)
{
    *lines = (struct import_lines){0};
    const char *name = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
    lines->input = csv_input_open(name, lines->error, sizeof lines->error);
    if (lines->input == NULL)
        return false;
    lines->buffer = memory_take(IMPORT_LINE_LIMIT + 1, 1);
    bool is_read = csv_input_next(lines->input, &lines->block, &lines->left);
    if (is_read && lines->left == 0)
        snprintf(lines->error, sizeof lines->error, "the file is empty");
    else if (is_read && !import_lines_is_text(lines->block, lines->left))
        snprintf(lines->error, sizeof lines->error, "the file is not text");
    if (lines->error[0] == '\0')
        return true;
    import_lines_close(lines);
    return false;
}

/* Appends to the line what the block has of it; true when its end was found. */
static bool import_lines_take(struct import_lines *lines, struct import_line *line)
{
    const char *feed = memchr(lines->block, '\n', lines->left);
    size_t size = feed != NULL ? (size_t)(feed - lines->block) : lines->left;
    size_t room = IMPORT_LINE_LIMIT - line->size;
    size_t kept = size < room ? size : room;
    memcpy(lines->buffer + line->size, lines->block, kept);
    line->size += kept;
    line->is_cut = line->is_cut || kept < size;
    size += feed != NULL;
    lines->block += size;
    lines->left -= size;
    return feed != NULL;
}

bool import_lines_next(struct import_lines *lines, struct import_line *line)
{
    *line = (struct import_line){.text = lines->buffer};
    bool has_begun = false, has_ended = false;
    while (!has_ended) {
        if (lines->left == 0 && !csv_input_next(lines->input, &lines->block, &lines->left))
            return false;
        if (lines->left == 0)
            break;
        has_begun = true;
        has_ended = import_lines_take(lines, line);
    }
    if (!has_begun)
        return false;
    if (line->size > 0 && !line->is_cut && lines->buffer[line->size - 1] == '\r')
        line->size--;
    lines->buffer[line->size] = '\0';
    line->number = ++lines->number;
    const char *nul = memchr(lines->buffer, '\0', line->size);
    line->nul_column = nul != NULL ? (size_t)(nul - lines->buffer) + 1 : 0;
    return true;
}

void import_lines_close(struct import_lines *lines)
{
    if (lines->input != NULL)
        csv_input_close(lines->input);
    free(lines->buffer);
    lines->input = NULL;
    lines->buffer = NULL;
}
