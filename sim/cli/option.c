/* SPDX-License-Identifier: GPL-3.0-or-later
   Parsing by option tables.  Own code rather than getopt_long: that one accepts
   abbreviations and prints its own messages. */
#include "sim/cli/option.h"

#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_LIMIT = 64, /* rows in one table */
    OPTION_NAME_SIZE = 64
};

/* Where parsing stands. */
struct option_scan {
    struct command_line *line;
    int next; /* index in argv */
};

/* The index-th row that a command knows: --help, then its table. */
static const struct option *option_at(const struct command *command, size_t index)
{
    if (index == 0)
        return &option_help;
    return command->options ? command->options[index - 1] : NULL;
}

static bool option_takes_value(const struct option *option)
{
    return option->argument || option->words;
}

static const struct option *option_find(const struct command *command, const char *name,
                                        size_t length)
{
    const struct option *option;
    for (size_t i = 0; (option = option_at(command, i)); i++)
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return option;
    return NULL;
}

static const struct option *option_find_letter(const struct command *command, char letter)
{
    const struct option *option;
    for (size_t i = 0; (option = option_at(command, i)); i++)
        if (option->letter && option->letter == letter)
            return option;
    return NULL;
}

static bool option_unknown(struct command_line *line, const char *name, size_t length)
{
    const char *names[OPTION_LIMIT + 1];
    size_t count = 0;
    const struct option *option;
    for (size_t i = 0; i < OPTION_LIMIT && (option = option_at(line->command, i)); i++)
        names[count++] = option->name;
    names[count] = NULL;
    const char *word = arena_copy_text(&line->arena, name, length);
    const char *nearest = talk_nearest(word, names);
    char dashed[OPTION_NAME_SIZE];
    snprintf(dashed, sizeof dashed, "--%s", nearest ? nearest : "");
    talk_usage(line->command, talk_suggestion(&line->arena, nearest ? dashed : NULL),
               "unknown option '--%s'", word);
    return false;
}

static bool option_check_word(struct command_line *line, const struct option *option,
                              const char *value)
{
    for (size_t i = 0; option->words[i]; i++)
        if (strcmp(option->words[i], value) == 0)
            return true;
    char what[OPTION_NAME_SIZE];
    snprintf(what, sizeof what, "value of --%s", option->name);
    talk_unknown(line->command, what, value, option->words);
    return false;
}

static bool option_keep(struct command_line *line, const struct option *option,
                        const char *value)
{
    if (value && option->words && !option_check_word(line, option, value))
        return false;
    line->given[line->given_count++] = (struct option_given){option, value};
    return true;
}

/* The next word as the value of `option`. */
static bool option_take_value(struct option_scan *scan, const struct option *option)
{
    struct command_line *line = scan->line;
    if (scan->next < line->argc)
        return option_keep(line, option, line->argv[scan->next++]);
    talk_usage(line->command, NULL, "--%s needs a value: %s", option->name,
               option->argument ? option->argument : "a word");
    return false;
}

static bool option_parse_long(struct option_scan *scan, const char *word)
{
    struct command_line *line = scan->line;
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const struct option *option = option_find(line->command, word, length);
    if (!option)
        return option_unknown(line, word, length);
    if (!option_takes_value(option)) {
        if (!equals)
            return option_keep(line, option, NULL);
        talk_usage(line->command, NULL, "--%s takes no value", option->name);
        return false;
    }
    return equals ? option_keep(line, option, equals + 1) : option_take_value(scan, option);
}

static bool option_parse_letters(struct option_scan *scan, const char *letters)
{
    struct command_line *line = scan->line;
    for (; *letters; letters++) {
        const struct option *option = option_find_letter(line->command, *letters);
        if (!option) {
            talk_usage(line->command, NULL, "unknown option '-%c'", *letters);
            return false;
        }
        if (option_takes_value(option))
            return letters[1] ? option_keep(line, option, letters + 1)
                              : option_take_value(scan, option);
        if (!option_keep(line, option, NULL))
            return false;
    }
    return true;
}

static bool option_check_operands(const struct command_line *line)
{
    const struct command *command = line->command;
    if (option_is_given(line, &option_help))
        return true;
    if (line->operand_count < command->operand_min) {
        talk_usage(command, NULL, "needs %s", command->operands);
        return false;
    }
    if (line->operand_count > command->operand_max) {
        const char *first = line->operands[command->operand_max];
        talk_usage(command, NULL, "unexpected word '%s'", first);
        return false;
    }
    return true;
}

bool option_parse(struct command_line *line, int first)
{
    struct option_scan scan = {line, first};
    size_t room = (size_t)line->argc + 1;
    size_t letters = 0; /* each may be an option */
    for (int i = first; i < line->argc; i++)
        letters += strlen(line->argv[i]);
    line->operands = arena_take(&line->arena, room, sizeof *line->operands);
    line->given = arena_take(&line->arena, letters + 1, sizeof *line->given);
    bool words_only = false;
    while (scan.next < line->argc) {
        const char *word = line->argv[scan.next++];
        bool fine = true;
        if (words_only || word[0] != '-' || word[1] == '\0')
            line->operands[line->operand_count++] = word;
        else if (strcmp(word, "--") == 0)
            words_only = true;
        else if (word[1] == '-')
            fine = option_parse_long(&scan, word + 2);
        else
            fine = option_parse_letters(&scan, word + 1);
        if (!fine)
            return false;
    }
    return option_check_operands(line);
}

bool option_is_given(const struct command_line *line, const struct option *option)
{
    for (size_t i = 0; i < line->given_count; i++)
        if (line->given[i].option == option)
            return true;
    return false;
}

const char *option_value(const struct command_line *line, const struct option *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < line->given_count; i++)
        if (line->given[i].option == option)
            value = line->given[i].value;
    return value;
}

const char *option_value_at(const struct command_line *line, const struct option *option,
                            size_t index)
{
    for (size_t i = 0; i < line->given_count; i++)
        if (line->given[i].option == option && index-- == 0)
            return line->given[i].value;
    return NULL;
}

/* Digits, or a count as a scenario has it, such as 10k. */
static bool option_read_number(const char *text, uint64_t *value)
{
    static const struct param count = {.key = "number", .type = PARAM_COUNT};
    char message[256];
    errno = 0;
    *value = strtoull(text, NULL, 10);
    if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0')
        return errno == 0;
    bool has_unit = strchr("0123456789", text[0]) != NULL &&
                    strpbrk(text, "kMG") == text + strspn(text, "0123456789.");
    return has_unit && config_parse(&count, text, value, message, sizeof message);
}

bool option_number(const struct command_line *line, const struct option *option,
                   uint64_t min, uint64_t max, uint64_t *number)
{
    const char *text = option_value(line, option);
    if (!text)
        return true;
    uint64_t value = 0;
    if (option_read_number(text, &value) && value >= min && value <= max) {
        *number = value;
        return true;
    }
    talk_usage(line->command, NULL, "--%s takes a whole number from %llu to %llu, not '%s'",
               option->name, (unsigned long long)min, (unsigned long long)max, text);
    return false;
}

size_t option_word(const struct command_line *line, const struct option *option,
                   size_t fallback)
{
    const char *value = option_value(line, option);
    for (size_t i = 0; value && option->words[i]; i++)
        if (strcmp(option->words[i], value) == 0)
            return i;
    return fallback;
}
