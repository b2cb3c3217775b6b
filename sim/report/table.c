/* SPDX-License-Identifier: GPL-3.0-or-later
   Widths are those of a terminal: combining marks take no column, East Asian wide characters
   and emoji two (Unicode TR 11, by blocks).  Broken or hidden characters become "?". */
#include "sim/report/table.h"

#include "sim/config/utf8.h"
#include "sim/engine/check.h"
#include "sim/report/html.h"

#include <stdlib.h>
#include <string.h>

static char *table_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_take(size, 1), text, size);
}

struct table_cell *table_add(struct table *table, const char *text, const char *tail)
{
    if (table->count == table->room) {
        table->room = table->room == 0 ? 64 : 2 * table->room;
        table->cells = memory_grow(table->cells, table->room, sizeof(*table->cells));
    }
    struct table_cell *cell = &table->cells[table->count++];
    *cell = (struct table_cell){.text = table_copy(text), .tail = table_copy(tail)};
    return cell;
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->cells[i].text);
        free(table->cells[i].tail);
    }
    free(table->cells);
    *table = (struct table){0};
}

static uint32_t table_decode(const char *text, size_t size)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)text[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return code;
}

static size_t table_character_width(uint32_t code)
{
    static const struct {
        uint32_t first, last;
        size_t width;
    } blocks[] = {
        {0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x1ab0, 0x1aff, 0},
        {0x1dc0, 0x1dff, 0},   {0x200b, 0x200d, 0},   {0x20d0, 0x20ff, 0},
        {0x2e80, 0x303e, 2},   {0x3041, 0xa4cf, 2},   {0xa960, 0xa97f, 2},
        {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},
        {0xfe20, 0xfe2f, 0},   {0xfe30, 0xfe6f, 2},   {0xfeff, 0xfeff, 0},
        {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
        {0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
        {0xe0100, 0xe01ef, 0},
    };
    for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
        if (code >= blocks[i].first && code <= blocks[i].last)
            return blocks[i].width;
    return 1;
}

/* The bytes of the next character; *shown is false for what must not get out. */
static size_t table_next(const char *text, bool *shown)
{
    size_t size = utf8_size(text, strnlen(text, 4));
    *shown = size > 0 && !utf8_is_hidden(text, size);
    return size > 0 ? size : 1;
}

size_t table_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        bool shown;
        size_t size = table_next(text, &shown);
        width += shown ? table_character_width(table_decode(text, size)) : 1;
        text += size;
    }
    return width;
}

/* What stands for a character of Markdown that is more than itself; NULL: itself. */
static const char *table_entity(char character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '|':
        return "\\|";
    case '`':
        return "\\`";
    case '\\':
        return "\\\\";
    case '*':
        return "\\*";
    case '[':
        return "\\[";
    case ']':
        return "\\]";
    case '~':
        return "\\~";
    default:
        return NULL;
    }
}

void table_print_text(const char *text, enum table_style style, struct output *output)
{
    if (style == TABLE_HTML) {
        html_text(output, text);
        return;
    }
    while (*text != '\0') {
        bool shown;
        size_t size = table_next(text, &shown);
        const char *entity = style == TABLE_MARKDOWN ? table_entity(*text) : NULL;
        if (!shown)
            output_text(output, "?");
        else if (entity != NULL)
            output_text(output, entity);
        else
            output_bytes(output, text, size);
        text += size;
    }
}

const char *table_bullet(enum table_style style)
{
    return style == TABLE_MARKDOWN ? "- " : style == TABLE_HTML ? "<li>" : "";
}

static void table_pad(struct output *output, size_t columns)
{
    while (columns-- > 0)
        output_text(output, " ");
}

/* What texts and tails need in each column; a head spans both. */
static void table_measure(const struct table *table, size_t *texts, size_t *tails)
{
    for (size_t i = table->columns; i < table->count; i++) {
        size_t column = i % table->columns;
        size_t text = table_width(table->cells[i].text);
        size_t tail = table_width(table->cells[i].tail);
        texts[column] = text > texts[column] ? text : texts[column];
        tails[column] = tail > tails[column] ? tail : tails[column];
    }
    for (size_t i = 0; i < table->columns && i < table->count; i++) {
        size_t head = table_width(table->cells[i].text);
        size_t whole = texts[i] + (tails[i] > 0 ? tails[i] + 1 : 0);
        texts[i] += head > whole ? head - whole : 0;
    }
}

static void table_print_value(const struct table_cell *cell, size_t text, size_t tail,
                              enum table_style style, struct output *output)
{
    bool bold = cell->bold && style == TABLE_COLOR;
    table_pad(output, text - table_width(cell->text));
    output_text(output, bold ? "\033[1m" : "");
    table_print_text(cell->text, style, output);
    output_text(output, bold ? "\033[0m" : "");
    if (tail == 0)
        return;
    table_pad(output, 1 + tail - table_width(cell->tail));
    table_print_text(cell->tail, style, output);
}

static void table_print_plain_row(const struct table *table, size_t first,
                                  const size_t *texts, const size_t *tails,
                                  enum table_style style, struct output *output)
{
    for (size_t i = 0; i < table->columns; i++) {
        const struct table_cell *cell = &table->cells[first + i];
        table_pad(output, i > 0 ? 2 : 0);
        if (i < table->labels) {
            table_print_text(cell->text, style, output);
            if (i + 1 < table->columns)
                table_pad(output, texts[i] - table_width(cell->text));
        } else if (first == 0) {
            size_t whole = texts[i] + (tails[i] > 0 ? tails[i] + 1 : 0);
            table_print_value(cell, whole, 0, style, output);
        } else {
            table_print_value(cell, texts[i], tails[i], style, output);
        }
    }
    output_text(output, "\n");
}

static void table_print_plain(const struct table *table, enum table_style style,
                              struct output *output)
{
    size_t *texts = memory_zeroed(table->columns, sizeof(*texts));
    size_t *tails = memory_zeroed(table->columns, sizeof(*tails));
    table_measure(table, texts, tails);
    for (size_t i = 0; i + table->columns <= table->count; i += table->columns)
        table_print_plain_row(table, i, texts, tails, style, output);
    free(texts);
    free(tails);
}

static void table_print_markdown(const struct table *table, struct output *output)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct table_cell *cell = &table->cells[i];
        output_text(output, i % table->columns == 0 ? "| " : " ");
        table_print_text(cell->text, TABLE_MARKDOWN, output);
        output_text(output, cell->tail[0] != '\0' ? " " : "");
        table_print_text(cell->tail, TABLE_MARKDOWN, output);
        output_text(output, " |");
        if (i % table->columns != table->columns - 1)
            continue;
        output_text(output, "\n");
        if (i != table->columns - 1)
            continue;
        for (size_t column = 0; column < table->columns; column++)
            output_text(output, column < table->labels ? "| --- " : "| ---: ");
        output_text(output, "|\n");
    }
}

void table_print(const struct table *table, enum table_style style, struct output *output)
{
    if (style == TABLE_MARKDOWN)
        table_print_markdown(table, output);
    else if (style == TABLE_HTML)
        table_html_print(table, output);
    else
        table_print_plain(table, style, output);
}
