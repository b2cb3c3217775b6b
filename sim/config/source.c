/* SPDX-License-Identifier: GPL-3.0-or-later
   Reads scenario texts and refuses at once what no parser should see: bytes that are not
   UTF-8, NUL, and more than the limit. */
#include "sim/config/source.h"

#include "sim/config/problem.h"
#include "sim/config/utf8.h"
#include "sim/engine/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct source *source_named(const char *name, struct arena *arena)
{
    struct source *source = arena_take(arena, 1, sizeof *source);
    *source = (struct source){
        .name = arena_copy_text(arena, name, strlen(name)), .base = "", .bytes = ""};
    return source;
}

static struct mark source_place(const struct source *source, size_t offset)
{
    struct mark mark = {.source = source, .line = 1, .length = 1};
    size_t start = 0;
    for (size_t at = 0; at < offset; at++) {
        bool pair = source->bytes[at] == '\r' && source->bytes[at + 1] == '\n';
        if (source->bytes[at] != '\n' && (source->bytes[at] != '\r' || pair))
            continue;
        mark.line++;
        start = at + 1;
    }
    mark.column = (uint32_t)utf8_count(source->bytes + start, offset - start) + 1;
    return mark;
}

/* False after adding a problem at the first byte that may not stand there. */
static bool source_check(const struct source *source, struct problems *problems)
{
    for (size_t at = 0; at < source->size;) {
        size_t step = utf8_size(source->bytes + at, source->size - at);
        if (step > 0 && source->bytes[at] != '\0') {
            at += step;
            continue;
        }
        struct mark mark = source_place(source, at);
        if (step > 0) {
            problem_add(problems, mark, "a NUL byte has no place in a text file");
            problem_hint(problems, "remove it, or save the file as UTF-8");
        } else {
            problem_add(problems, mark, "byte 0x%02x is not UTF-8",
                        (unsigned)(unsigned char)source->bytes[at]);
            problem_hint(problems, "save the file as UTF-8");
        }
        return false;
    }
    return true;
}

const struct source *source_of_text(const char *name, const char *text, size_t size,
                                    struct arena *arena, struct problems *problems)
{
    struct source *source = source_named(name, arena);
    struct mark whole = {.source = source};
    if (size > SOURCE_SIZE_LIMIT) {
        problem_add(problems, whole, "larger than %d MiB", SOURCE_SIZE_LIMIT >> 20);
        return NULL;
    }
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (size == 0) {
        problem_add(problems, whole, "the file is empty");
        return NULL;
    }
    source->bytes = arena_copy_text(arena, text, size);
    source->size = size;
    return source_check(source, problems) ? source : NULL;
}

/* All bytes of the descriptor, at most one beyond the limit; NULL and errno on failure. */
static char *source_read_all(int descriptor, size_t *size)
{
    size_t room = 1 << 16;
    char *bytes = memory_take(room, 1);
    *size = 0;
    while (*size <= SOURCE_SIZE_LIMIT) {
        if (*size == room) {
            room *= 2;
            bytes = memory_grow(bytes, room, 1);
        }
        ssize_t got = read(descriptor, bytes + *size, room - *size);
        if (got == 0)
            break;
        if (got > 0) {
            *size += (size_t)got;
        } else if (errno != EINTR) {
            free(bytes);
            return NULL;
        }
    }
    return bytes;
}

static const char *source_folder(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return "";
    return slash == path ? "/" : arena_copy_text(arena, path, (size_t)(slash - path));
}

static const struct source *source_fail(const char *path, const char *why,
                                        struct arena *arena, struct problems *problems)
{
    problem_add(problems, (struct mark){.source = source_named(path, arena)}, "%s", why);
    return NULL;
}

const struct source *source_read(const char *path, struct arena *arena,
                                 struct problems *problems)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return source_fail(path, errno == ENOENT ? "no such file" : strerror(errno), arena,
                           problems);
    struct stat status;
    if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(descriptor);
        return source_fail(path, "is a directory, not a file", arena, problems);
    }
    size_t size;
    char *bytes = source_read_all(descriptor, &size);
    int error = errno;
    close(descriptor);
    if (!bytes)
        return source_fail(path, strerror(error), arena, problems);
    const struct source *read = source_of_text(path, bytes, size, arena, problems);
    free(bytes);
    if (!read)
        return NULL;
    struct source *source = arena_take(arena, 1, sizeof *source);
    *source = *read;
    source->base = source_folder(path, arena);
    return source;
}

static size_t source_line_length(const char *text, size_t left)
{
    size_t length = 0;
    while (length < left && text[length] != '\n' && text[length] != '\r')
        length++;
    return length;
}

const char *source_line(const struct source *source, uint32_t number, size_t *length)
{
    const char *line = source->bytes, *end = source->bytes + source->size;
    for (uint32_t i = 1;; i++) {
        *length = source_line_length(line, (size_t)(end - line));
        if (i >= number)
            return line;
        line += *length;
        *length = 0;
        if (line == end)
            return end;
        line += line[0] == '\r' && line[1] == '\n' ? 2 : 1;
    }
}
