/* SPDX-License-Identifier: GPL-3.0-or-later
   The hash functions that HAProxy's hash-type names. */
#ifndef MODELS_BLOCKS_HAPROXY_KEY_H
#define MODELS_BLOCKS_HAPROXY_KEY_H

#include <stddef.h>
#include <stdint.h>

enum haproxy_key_function {
    HAPROXY_KEY_DEFAULT, /* sdbm */
    HAPROXY_KEY_SDBM,
    HAPROXY_KEY_DJB2,
    HAPROXY_KEY_WT6,
    HAPROXY_KEY_CRC32,
    HAPROXY_KEY_NONE, /* the number that the key begins with */
};

/* Their names in the same order, ending with NULL. */
extern const char *const haproxy_key_functions[];

uint32_t haproxy_key_hash(enum haproxy_key_function function, const char *key, size_t size);

#endif
