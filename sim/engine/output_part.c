/* SPDX-License-Identifier: GPL-3.0-or-later
   Create, rename, sync the folder.  A run killed before may have left a part with our
   process id, as in containers where that is always 1: then the next number is tried. */
#include "sim/engine/output_part.h"

#include "sim/engine/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUTPUT_PART_NAMES = 100 };

int output_part_open(const char *path, char **part)
{
    size_t size = strlen(path) + 48;
    char *name = memory_take(size, 1);
    int descriptor = -1;
    for (int i = 0; i < OUTPUT_PART_NAMES; i++) {
        snprintf(name, size, i > 0 ? "%s.part-%ld-%d" : "%s.part-%ld", path,
                 (long)getpid(), i);
        descriptor =
            open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            break;
    }
    *part = name;
    if (descriptor < 0) {
        int error = errno;
        free(name);
        *part = NULL;
        errno = error;
    }
    return descriptor;
}

/* A rename is on disk when its folder is; some file systems cannot say (EINVAL). */
static int output_part_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *folder = memory_zeroed(size + 2, 1);
    memcpy(folder, slash == NULL ? "." : path, slash == NULL ? 1 : size);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (descriptor < 0)
        return errno == EACCES ? 0 : errno;
    int error = fsync(descriptor) != 0 && errno != EINVAL ? errno : 0;
    close(descriptor);
    return error;
}

int output_part_keep(const char *part, const char *path)
{
    if (rename(part, path) != 0) {
        int error = errno;
        unlink(part);
        return error;
    }
    int error = output_part_sync_folder(path);
    if (error != 0)
        unlink(path);
    return error;
}
