/* SPDX-License-Identifier: GPL-3.0-or-later
   The registry of policies, from models/policies/list.def. */
#include "models/policy.h"

#include "sim/engine/output.h"

#define POLICY(name) extern const struct policy_ops policy_##name;
#include "models/policies/list.def"
#undef POLICY

#define POLICY(name) &policy_##name,
static const struct policy_ops *const policy_list[] = {
#include "models/policies/list.def"
};
#undef POLICY

static const struct kind *policy_at(size_t index)
{
    return index < sizeof policy_list / sizeof *policy_list ? &policy_list[index]->kind : NULL;
}

const struct kind_list policy_kinds = {.noun = "policy", .at = policy_at};

const char *policy_key(const struct request *request, char *digits, size_t *size)
{
    if (request->key_text != NULL) {
        *size = request->key_size;
        return request->key_text;
    }
    *size = (size_t)(text_unsigned(digits, request->key) - digits);
    return digits;
}

/* Reads a decimal number up to `largest`; returns what follows, NULL where there is none. */
static const char *policy_number(const char *text, uint32_t largest, uint32_t *number)
{
    uint32_t value = 0;
    const char *from = text;
    while (*text >= '0' && *text <= '9' && value <= largest)
        value = 10 * value + (uint32_t)(*text++ - '0');
    *number = value;
    return text > from && value <= largest ? text : NULL;
}

bool policy_address(const char *text, uint32_t *address, uint16_t *port)
{
    *address = 0;
    *port = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t byte;
        text = policy_number(text, 255, &byte);
        if (text == NULL || (i < 3 && *text++ != '.'))
            return false;
        *address = *address << 8 | byte;
    }
    uint32_t number = 0;
    if (*text == ':' && (text = policy_number(text + 1, 65535, &number)) == NULL)
        return false;
    *port = (uint16_t)number;
    return *text == '\0';
}

uint32_t policy_client_address(const struct request *request)
{
    uint32_t address;
    uint16_t port;
    if (request->key_text != NULL && policy_address(request->key_text, &address, &port))
        return address;
    return (UINT32_C(10) << 24) + request->user;
}
