/* SPDX-License-Identifier: GPL-3.0-or-later
   renameat2 swaps two folders in one step; where the file system cannot, the old one is
   renamed away first. */
#include "sim/cli/folder.h"

#include "sim/engine/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DESCRIPTORS = 16 };

char *folder_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = memory_take(size, 1);
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

char *folder_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    char *parent = memory_take(length + 2, 1);
    memcpy(parent, path, length);
    if (length == 0)
        parent[length++] = slash ? '/' : '.';
    parent[length] = '\0';
    return parent;
}

int folder_make(const char *path)
{
    size_t size = strlen(path) + 1;
    char *copy = memcpy(memory_take(size, 1), path, size);
    int error = 0;
    for (char *slash = copy; slash && !error;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            error = errno;
        if (slash)
            *slash = '/';
    }
    free(copy);
    struct stat status;
    if (!error && stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
        error = ENOTDIR;
    return error;
}

char *folder_missing(const char *path)
{
    char *parent = folder_parent(path), *top = NULL;
    struct stat status;
    if (lstat(path, &status) == 0 || errno != ENOENT) {
        free(parent);
        return NULL;
    }
    if (strcmp(parent, path) != 0)
        top = folder_missing(parent);
    free(parent);
    return top ? top : memcpy(memory_take(strlen(path) + 1, 1), path, strlen(path) + 1);
}

void folder_prune(const char *path, const char *top)
{
    if (!top || strlen(path) < strlen(top) || rmdir(path) != 0)
        return;
    char *parent = folder_parent(path);
    folder_prune(parent, top);
    free(parent);
}

char *folder_open_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *parent = folder_parent(path);
    int error = folder_make(parent);
    size_t size = strlen(path) + 64;
    char *part = memory_take(size, 1);
    snprintf(part, size, "%s/.%s.part-%ld", parent, slash ? slash + 1 : path, (long)getpid());
    free(parent);
    if (!error) {
        folder_remove(part); /* of a process long gone that had our number */
        error = mkdir(part, 0777) == 0 ? 0 : errno;
    }
    if (!error)
        return part;
    free(part);
    errno = error;
    return NULL;
}

bool folder_is_empty(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return false;
    bool is_empty = true;
    const struct dirent *entry;
    while (is_empty && (entry = readdir(folder)))
        is_empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(folder);
    return is_empty;
}

static int folder_remove_one(const char *path, const struct stat *status, int type,
                             struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    remove(path);
    return 0;
}

void folder_remove(const char *path)
{
    nftw(path, folder_remove_one, FOLDER_DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static int folder_carry_one(const char *from, const char *to)
{
    struct stat old, new;
    if (lstat(from, &old) != 0)
        return errno;
    if (lstat(to, &new) != 0)
        return rename(from, to) == 0 ? 0 : errno;
    return S_ISDIR(old.st_mode) && S_ISDIR(new.st_mode) ? folder_carry(from, to) : 0;
}

int folder_carry(const char *from, const char *to)
{
    DIR *folder = opendir(from);
    if (!folder)
        return errno;
    int error = 0;
    const struct dirent *entry;
    while (!error && (entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *old = folder_path(from, entry->d_name), *new = folder_path(to, entry->d_name);
        error = folder_carry_one(old, new);
        free(old);
        free(new);
    }
    closedir(folder);
    return error;
}

/* The rename is on disk only when the folder around it is. */
static void folder_sync_parent(const char *path)
{
    char *parent = folder_parent(path);
    int descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(parent);
}

static int folder_swap(const char *part, const char *path)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_EXCHANGE) == 0) {
        folder_remove(part);
        return 0;
    }
    size_t size = strlen(part) + 5;
    char *old = memory_take(size, 1);
    snprintf(old, size, "%s-old", part);
    int error = rename(path, old) == 0 ? 0 : errno;
    if (!error && rename(part, path) != 0) {
        error = errno;
        rename(old, path);
    }
    if (!error)
        folder_remove(old);
    free(old);
    return error;
}

int folder_land(const char *part, const char *path)
{
    struct stat status;
    bool exists = lstat(path, &status) == 0;
    int error = exists ? folder_swap(part, path) : rename(part, path) == 0 ? 0 : errno;
    if (!error)
        folder_sync_parent(path);
    return error;
}
