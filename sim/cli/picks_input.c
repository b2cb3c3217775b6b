/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods from a word (a:5,b:1) or a CSV, keys or hashes from a file with one a line.  Names and
   keys are taken byte by byte as given, so that the vectors of a product can be reproduced. */
#include "sim/cli/picks_input.h"

#include "sim/cli/talk.h"
#include "sim/config/config.h"
#include "sim/engine/check.h"
#include "sim/engine/csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option picks_pods = {
    .name = "pods", .argument = "NAME[:WEIGHT],...", .help = "who may be picked",
};

const struct option picks_pods_counted = {
    .name = "pods", .argument = "N|NAME[:WEIGHT],...",
    .help = "who is there at first; N: pod-0, pod-1 and so on",
};

const struct option picks_pods_file = {
    .name = "pods-file", .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "the same as CSV with the columns name, weight, address, zone",
};

const struct option picks_keys_file = {
    .name = "keys-file", .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "one request for each line, whose bytes are its key",
};

const struct option picks_hashes_file = {
    .name = "hashes-file", .argument = "FILE", .complete = COMPLETE_FILE,
    .help = "one request for each line, a number that is the hash of its key",
};

static const struct param picks_weight = {
    .key = "weight", .type = PARAM_NUMBER, .min = 0, .max = 1e6, .help = "of a pod"};

bool picks_parse_weight(const char *text, double *weight, char *message, size_t size)
{
    return config_parse(&picks_weight, text, weight, message, size);
}

struct backend *picks_add_pod(struct picks_input *input, const char *name)
{
    size_t count = input->pod_count;
    if ((count & (count - 1)) == 0)
        input->pods = memory_grow(input->pods, count > 0 ? 2 * count : 1, sizeof *input->pods);
    struct backend *pod = &input->pods[input->pod_count++];
    *pod = (struct backend){
        .name = name, .address = name, .zone = "", .identity = rng_key(0, name, 0), .weight = 1};
    return pod;
}

bool picks_is_new(struct picks_input *input, const char *name)
{
    size_t known = input->names.count;
    import_names_add(&input->names, (struct import_text){name, strlen(name)});
    return input->names.count > known;
}

static int picks_check_name(const struct command_line *line, struct picks_input *input)
{
    const char *name = input->pods[input->pod_count - 1].name;
    if (name[0] == '\0')
        return talk_usage(line->command, NULL, "a pod has no name");
    if (!picks_is_new(input, name))
        return talk_usage(line->command, NULL, "two pods are named '%s'", name);
    return STATUS_FINE;
}

/* The weight is what follows the last colon, if that is a number: addresses have colons too. */
static int picks_read_word(const struct command_line *line, struct picks_input *input,
                           const char *word)
{
    int status = STATUS_FINE;
    while (status == STATUS_FINE) {
        size_t length = strcspn(word, ",");
        char *name = arena_copy_text(&input->arena, word, length);
        char *colon = strrchr(name, ':');
        double weight = 1;
        char message[256] = "";
        if (colon != NULL && !picks_parse_weight(colon + 1, &weight, message, sizeof message))
            return talk_usage(line->command, "as in --pods a:5,b:1,c", "weight of pod '%s': %s",
                              name, message);
        if (colon != NULL)
            *colon = '\0';
        picks_add_pod(input, name)->weight = weight;
        status = picks_check_name(line, input);
        if (word[length] == '\0')
            break;
        word += length + 1;
    }
    return status;
}

bool picks_parse_count(const char *text, uint64_t *count)
{
    char *end;
    errno = 0;
    *count = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static int picks_read_count(const struct command_line *line, struct picks_input *input,
                            uint64_t count)
{
    if (count < 1 || count > PICKS_PODS_MAX)
        return talk_usage(line->command, NULL, "--pods takes 1 to %d pods, or names",
                          PICKS_PODS_MAX);
    for (uint64_t i = 0; i < count; i++) {
        char name[32];
        int size = snprintf(name, sizeof name, "pod-%" PRIu64, i);
        picks_add_pod(input, arena_copy_text(&input->arena, name, (size_t)size));
        picks_is_new(input, name);
    }
    return STATUS_FINE;
}

/* -- pods from CSV -- */

enum picks_column { COLUMN_NAME, COLUMN_WEIGHT, COLUMN_ADDRESS, COLUMN_ZONE, COLUMNS };

static const char *const picks_columns[] = {"name", "weight", "address", "zone", NULL};

struct picks_csv {
    struct picks_input *input;
    struct csv_reader reader;
    size_t at[COLUMNS]; /* SIZE_MAX: not there */
};

static bool picks_csv_fail(struct picks_csv *csv, uint64_t line, const char *what,
                           const char *word)
{
    csv->reader.error_line = line;
    snprintf(csv->reader.error, sizeof csv->reader.error, "%s '%.100s'", what, word);
    return false;
}

static bool picks_csv_header(void *context, const struct csv_row *row)
{
    struct picks_csv *csv = context;
    for (size_t c = 0; c < COLUMNS; c++) {
        csv->at[c] = SIZE_MAX;
        for (size_t i = 0; i < row->count; i++)
            if (strcmp(row->fields[i], picks_columns[c]) == 0)
                csv->at[c] = i;
    }
    for (size_t i = 0; i < row->count; i++) {
        size_t c = 0;
        while (c < COLUMNS && csv->at[c] != i)
            c++;
        if (c == COLUMNS)
            return picks_csv_fail(csv, row->line,
                                  "columns are name, weight, address and zone, not",
                                  row->fields[i]);
    }
    return csv->at[COLUMN_NAME] != SIZE_MAX ||
           picks_csv_fail(csv, row->line, "there is no column", "name");
}

static const char *picks_csv_text(struct picks_csv *csv, const struct csv_row *row,
                                  enum picks_column column)
{
    size_t at = csv->at[column];
    if (at == SIZE_MAX || row->sizes[at] == 0)
        return NULL;
    return arena_copy_text(&csv->input->arena, row->fields[at], row->sizes[at]);
}

static bool picks_csv_row(void *context, const struct csv_row *row)
{
    struct picks_csv *csv = context;
    const char *name = picks_csv_text(csv, row, COLUMN_NAME);
    const char *weight = picks_csv_text(csv, row, COLUMN_WEIGHT);
    const char *address = picks_csv_text(csv, row, COLUMN_ADDRESS);
    const char *zone = picks_csv_text(csv, row, COLUMN_ZONE);
    if (name == NULL)
        return picks_csv_fail(csv, row->line, "a pod has no", "name");
    if (csv->input->pod_count == PICKS_PODS_MAX)
        return picks_csv_fail(csv, row->line, "more than a million pods, from", name);
    if (!picks_is_new(csv->input, name))
        return picks_csv_fail(csv, row->line, "two pods are named", name);
    struct backend *pod = picks_add_pod(csv->input, name);
    char message[256];
    if (weight != NULL && !picks_parse_weight(weight, &pod->weight, message, sizeof message))
        return picks_csv_fail(csv, row->line, "a weight is a number from 0 to 1e6, not",
                              weight);
    if (address != NULL)
        pod->address = address;
    if (zone != NULL)
        pod->zone = zone;
    return true;
}

static int picks_read_pods_file(struct picks_input *input, const char *path)
{
    struct picks_csv csv = {.input = input};
    csv.reader = (struct csv_reader){.context = &csv,
                                     .header = picks_csv_header,
                                     .row = picks_csv_row,
                                     .has_header = true};
    if (csv_read(path, &csv.reader))
        return STATUS_FINE;
    return talk_invalid(path, csv.reader.error_line, NULL, "%s", csv.reader.error);
}

/* -- keys and hashes -- */

static bool picks_parse_hash(const char *text, uint64_t *hash)
{
    char *end;
    errno = 0;
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    *hash = strtoull(text, &end, hex ? 16 : 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static int picks_read_lines(struct picks_input *input, const char *path, bool hashes)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0, count = 0;
    ssize_t length = 0;
    int status = STATUS_FINE;
    while (file != NULL && status == STATUS_FINE &&
           (length = getline(&text, &room, file)) >= 0) {
        if (length > 0 && text[length - 1] == '\n')
            text[--length] = '\0';
        if ((count & (count - 1)) == 0)
            input->requests = memory_grow(input->requests, count > 0 ? 2 * count : 1,
                                          sizeof *input->requests);
        struct request *request = &input->requests[count++];
        *request = (struct request){.key = count - 1};
        request->key_text = arena_copy_text(&input->arena, text, (size_t)length);
        request->key_size = (size_t)length;
        request->has_hash = hashes;
        if (hashes && !picks_parse_hash(text, &request->hash))
            status = talk_invalid(path, count, NULL,
                                  "a hash is a whole number below 2^64, decimal or 0x");
    }
    if (file == NULL || ferror(file))
        status = talk_unread(path, errno);
    free(text);
    if (file != NULL)
        fclose(file);
    input->request_count = count;
    if (status == STATUS_FINE && count == 0)
        status = talk_invalid(path, 0, NULL, "the file is empty: one request a line is needed");
    return status;
}

int picks_read(const struct command_line *line, struct picks_input *input)
{
    *input = (struct picks_input){0};
    const char *counted = option_value(line, &picks_pods_counted);
    const char *pods = counted != NULL ? counted : option_value(line, &picks_pods);
    const char *pods_file = option_value(line, &picks_pods_file);
    const char *keys = option_value(line, &picks_keys_file);
    const char *hashes = option_value(line, &picks_hashes_file);
    if ((pods == NULL) == (pods_file == NULL))
        return talk_usage(line->command, NULL, "needs either --pods or --pods-file");
    if (keys != NULL && hashes != NULL)
        return talk_usage(line->command, NULL, "--keys-file and --hashes-file exclude each other");
    int status;
    uint64_t count;
    if (pods == NULL)
        status = picks_read_pods_file(input, pods_file);
    else if (counted != NULL && picks_parse_count(counted, &count))
        status = picks_read_count(line, input, count);
    else
        status = picks_read_word(line, input, pods);
    if (status == STATUS_FINE && input->pod_count == 0)
        status = talk_usage(line->command, NULL, "there is no pod to pick");
    if (status == STATUS_FINE && keys != NULL)
        status = picks_read_lines(input, keys, false);
    if (status == STATUS_FINE && hashes != NULL)
        status = picks_read_lines(input, hashes, true);
    return status;
}

void picks_close(struct picks_input *input)
{
    free(input->pods);
    free(input->requests);
    import_names_free(&input->names);
    arena_free(&input->arena);
}
