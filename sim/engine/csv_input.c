/* SPDX-License-Identifier: GPL-3.0-or-later
   Whole blocks from a descriptor, through zstd where the first bytes ask for it.  A packed
   file may hold many frames one after the other; one that stops inside a frame was cut. */
#include "sim/engine/csv_input.h"

#include "sim/engine/check.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

struct csv_input {
    int descriptor;
    bool first, finished; /* finished: the descriptor is at its end */
    ZSTD_DCtx *zstd;      /* NULL: plain text */
    ZSTD_inBuffer packed; /* `raw`, and how far it is used */
    size_t expected;      /* by zstd; 0: between two frames */
    char *error;
    size_t error_room;
    char raw[CSV_INPUT_BLOCK], text[CSV_INPUT_BLOCK];
};

/* "cannot be read: no such file or directory", in lower case like every message. */
static void csv_input_fail(char *error, size_t room, int code)
{
    const char *reason = strerror(code);
    snprintf(error, room, "cannot be read: %c%s", tolower((unsigned char)reason[0]),
             reason + 1);
}

static bool csv_input_fill(struct csv_input *input)
{
    size_t used = 0;
    while (used < sizeof input->raw) {
        ssize_t size =
            read(input->descriptor, input->raw + used, sizeof input->raw - used);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0) {
            csv_input_fail(input->error, input->error_room, errno);
            return false;
        }
        if (size == 0) {
            input->finished = true;
            break;
        }
        used += (size_t)size;
    }
    input->packed = (ZSTD_inBuffer){.src = input->raw, .size = used};
    return true;
}

static bool csv_input_begins(const struct csv_input *input, const char *mark, size_t size)
{
    return input->packed.size >= size && memcmp(input->raw, mark, size) == 0;
}

static bool csv_input_recognize(struct csv_input *input)
{
    const char *other = NULL;
    if (csv_input_begins(input, "\x1f\x8b", 2))
        other =
            "is packed by gzip, which is not read; unpack it with gunzip, or use zstd";
    else if (csv_input_begins(input, "\xff\xfe", 2) ||
             csv_input_begins(input, "\xfe\xff", 2))
        other = "is in UTF-16; save it as UTF-8";
    if (other != NULL) {
        snprintf(input->error, input->error_room, "%s", other);
        return false;
    }
    if (!csv_input_begins(input, "\x28\xb5\x2f\xfd", 4))
        return true;
    input->zstd = ZSTD_createDCtx();
    if (input->zstd == NULL)
        check_out_of_memory(sizeof input->raw);
    return true;
}

struct csv_input *csv_input_open(const char *path, char *error, size_t error_room)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        csv_input_fail(error, error_room, errno);
    } else if (S_ISDIR(status.st_mode)) {
        csv_input_fail(error, error_room, EISDIR);
    } else {
        struct csv_input *input = memory_zeroed(1, sizeof *input);
        input->descriptor = descriptor;
        input->first = true;
        input->error = error;
        input->error_room = error_room;
        if (csv_input_fill(input) && csv_input_recognize(input))
            return input;
        csv_input_close(input);
        return NULL;
    }
    if (descriptor >= 0)
        close(descriptor);
    return NULL;
}

static bool csv_input_unpack(struct csv_input *input, size_t *size)
{
    ZSTD_outBuffer out = {.dst = input->text, .size = sizeof input->text};
    while (out.pos < out.size) {
        if (input->packed.pos == input->packed.size && !input->finished &&
            !csv_input_fill(input))
            return false;
        size_t from = input->packed.pos, to = out.pos;
        if (from == input->packed.size && input->expected == 0)
            break;
        size_t expected = ZSTD_decompressStream(input->zstd, &out, &input->packed);
        if (ZSTD_isError(expected)) {
            snprintf(input->error, input->error_room, "is damaged: zstd says \"%s\"",
                     ZSTD_getErrorName(expected));
            return false;
        }
        input->expected = expected;
        if (from == input->packed.pos && to == out.pos && input->finished) {
            snprintf(input->error, input->error_room,
                     "ends inside a zstd frame: the file was cut short");
            return false;
        }
    }
    *size = out.pos;
    return true;
}

bool csv_input_next(struct csv_input *input, const char **bytes, size_t *size)
{
    if (input->zstd != NULL) {
        *bytes = input->text;
        if (!csv_input_unpack(input, size))
            return false;
    } else {
        ZSTD_inBuffer *raw = &input->packed;
        if (raw->pos == raw->size && !input->finished && !csv_input_fill(input))
            return false;
        *bytes = input->raw;
        *size = raw->size - raw->pos;
        raw->pos = raw->size;
    }
    if (input->first && *size >= 3 && memcmp(*bytes, "\xef\xbb\xbf", 3) == 0) {
        *bytes += 3;
        *size -= 3;
    }
    input->first = false;
    return true;
}

void csv_input_close(struct csv_input *input)
{
    close(input->descriptor);
    ZSTD_freeDCtx(input->zstd);
    free(input);
}
