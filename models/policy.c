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
