/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy src/backend.c, gen_hash. */
#include "models/blocks/haproxy_key.h"

#include "sim/engine/hash.h"

#include <stdbool.h>

const char *const haproxy_key_functions[] = {"default", "sdbm", "djb2", "wt6",
                                             "crc32", "none", NULL};

/* The digits that a key begins with, after a sign; beyond 63 bits the largest there is. */
static uint32_t haproxy_key_number(const char *key, size_t size)
{
    bool negative = size > 0 && key[0] == '-', positive = size > 0 && key[0] == '+';
    uint64_t number = 0;
    for (size_t i = negative || positive; i < size && key[i] >= '0' && key[i] <= '9'; i++) {
        uint64_t digit = (uint64_t)(key[i] - '0');
        number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
    }
    return (uint32_t)(negative ? 0 - number : number);
}

uint32_t haproxy_key_hash(enum haproxy_key_function function, const char *key, size_t size)
{
    switch (function) {
    case HAPROXY_KEY_DJB2:
        return hash_djb2(key, size);
    case HAPROXY_KEY_WT6:
        return hash_wt6(key, size);
    case HAPROXY_KEY_CRC32:
        return hash_crc32(key, size);
    case HAPROXY_KEY_NONE:
        return haproxy_key_number(key, size);
    case HAPROXY_KEY_DEFAULT:
    case HAPROXY_KEY_SDBM:
        break;
    }
    return hash_sdbm(key, size);
}
