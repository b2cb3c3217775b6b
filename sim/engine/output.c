/* SPDX-License-Identifier: GPL-3.0-or-later
   The buffer and where it drains to.  A file is written beside its final name and renamed
   when it is whole and on disk; devices and pipes named as a file are written in place. */
#include "sim/engine/output.h"

#include "sim/engine/check.h"
#include "sim/engine/output_part.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OUTPUT_ROOM = 64 * 1024,   /* what output_room promises */
    OUTPUT_BUFFER = 256 * 1024 /* bytes per write */
};

struct output {
    char *buffer;
    size_t used, room;
    int descriptor; /* -1: memory */
    int error;
    char *name; /* of the descriptor or the file */
    char *part; /* NULL: nothing to rename */
    bool owned; /* the descriptor is ours to close */
};

static struct output *output_create(int descriptor, const char *name)
{
    struct output *output = memory_zeroed(1, sizeof *output);
    output->room = descriptor < 0 ? 256 : OUTPUT_BUFFER;
    output->buffer = memory_take(output->room, 1);
    output->descriptor = descriptor;
    size_t size = strlen(name) + 1;
    output->name = memcpy(memory_take(size, 1), name, size);
    return output;
}

struct output *output_to_descriptor(int descriptor, const char *name)
{
    CHECK(descriptor >= 0);
    return output_create(descriptor, name);
}

struct output *output_to_memory(void)
{
    return output_create(-1, "memory");
}

struct output *output_to_file(const char *path)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return NULL;
    }
    char *part = NULL;
    int descriptor;
    if (exists && !S_ISREG(status.st_mode))
        descriptor = open(path, O_WRONLY | O_CLOEXEC);
    else
        descriptor = output_part_open(path, &part);
    if (descriptor < 0)
        return NULL;
    struct output *output = output_create(descriptor, path);
    output->part = part;
    output->owned = true;
    return output;
}

static void output_fail(struct output *output, int error)
{
    if (output->error == 0)
        output->error = error;
}

static bool output_wait(int descriptor)
{
    struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
    return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

/* 0, or the errno of what went wrong. */
static int output_write(const struct output *output, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(output->descriptor, bytes, size);
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (written == 0) {
            return EIO;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!output_wait(output->descriptor))
                return errno;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

static void output_flush(struct output *output)
{
    if (output->error == 0)
        output_fail(output, output_write(output, output->buffer, output->used));
    output->used = 0;
}

static void output_make_room(struct output *output, size_t size)
{
    if (output->descriptor >= 0) {
        output_flush(output);
        return;
    }
    CHECK(size <= SIZE_MAX / 4 && output->used <= SIZE_MAX / 4);
    while (output->room - output->used <= size)
        output->room *= 2;
    output->buffer = memory_grow(output->buffer, output->room, 1);
}

char *output_room(struct output *output, size_t size)
{
    CHECK(size <= OUTPUT_ROOM);
    if (output->room - output->used <= size)
        output_make_room(output, size);
    return output->buffer + output->used;
}

void output_advance(struct output *output, size_t used)
{
    CHECK(used < output->room - output->used);
    output->used += used;
}

void output_bytes(struct output *output, const void *bytes, size_t size)
{
    const char *from = bytes;
    while (size > 0) {
        size_t piece = size < OUTPUT_ROOM ? size : OUTPUT_ROOM;
        memcpy(output_room(output, piece), from, piece);
        output->used += piece;
        from += piece;
        size -= piece;
    }
}

void output_text(struct output *output, const char *text)
{
    output_bytes(output, text, strlen(text));
}

void output_format(struct output *output, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    enum { SMALL = 1024 };
    char *to = output_room(output, SMALL);
    int size = vsnprintf(to, SMALL, format, arguments);
    CHECK(size >= 0);
    if (size < SMALL) {
        output->used += (size_t)size;
    } else {
        char *large = memory_take((size_t)size + 1, 1);
        vsnprintf(large, (size_t)size + 1, format, again);
        output_bytes(output, large, (size_t)size);
        free(large);
    }
    va_end(again);
    va_end(arguments);
}

void output_unsigned(struct output *output, uint64_t value)
{
    char *to = output_room(output, 20);
    output->used += (size_t)(text_unsigned(to, value) - to);
}

void output_signed(struct output *output, int64_t value)
{
    char *to = output_room(output, 20);
    output->used += (size_t)(text_signed(to, value) - to);
}

void output_double(struct output *output, double value)
{
    char *to = output_room(output, 32);
    output->used += (size_t)(text_double(to, value) - to);
}

void output_field(struct output *output, const char *text)
{
    size_t room = 2 * strlen(text) + 2;
    if (room <= OUTPUT_ROOM) {
        char *to = output_room(output, room);
        output->used += (size_t)(text_field(to, text) - to);
        return;
    }
    char *field = memory_take(room, 1);
    output_bytes(output, field, (size_t)(text_field(field, text) - field));
    free(field);
}

int output_error(const struct output *output)
{
    return output->error;
}

const char *output_name(const struct output *output)
{
    return output->name;
}

const char *output_memory(const struct output *output, size_t *size)
{
    CHECK(output->descriptor < 0);
    if (size != NULL)
        *size = output->used;
    output->buffer[output->used] = '\0';
    return output->buffer;
}

/* Close may fail as the last chance to hear of a lost write; EINTR has closed it. */
static void output_finish_file(struct output *output, bool keep)
{
    if (output->part != NULL && keep && output->error == 0 &&
        fsync(output->descriptor) != 0)
        output_fail(output, errno);
    if (close(output->descriptor) != 0 && errno != EINTR)
        output_fail(output, errno);
    if (output->part == NULL)
        return;
    if (keep && output->error == 0)
        output_fail(output, output_part_keep(output->part, output->name));
    else
        unlink(output->part);
}

int output_close(struct output *output, bool keep)
{
    if (output->descriptor >= 0 && (keep || output->part == NULL))
        output_flush(output);
    if (output->owned)
        output_finish_file(output, keep);
    int error = output->error;
    free(output->part);
    free(output->name);
    free(output->buffer);
    free(output);
    return error;
}
