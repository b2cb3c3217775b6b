/* SPDX-License-Identifier: GPL-3.0-or-later
   Which site a DNS server answers with: a table of rules.  Pure, for whoever is asked. */
#ifndef MODELS_DNS_POLICY_H
#define MODELS_DNS_POLICY_H

#include "sim/engine/param.h"

/* A site as an answer. */
struct dns_choice {
    const char *zone;
    double ratio;
    double credit; /* what turns by ratio owe it */
};

struct dns_question {
    struct dns_choice *sites; /* all, in the order of the scenario */
    const uint32_t *open;     /* numbers of those that may be answered, in that order */
    uint32_t open_count;      /* at least 1 */
    uint64_t resolver;        /* a hash of who asks */
    const char *zone;         /* where that is; NULL: not known */
    const double *distances;  /* from there, by site, ns one way; NULL: not known */
    uint32_t *turn;           /* counts the answers that were given in turn */
};

/* A rule of `topology`: who asks from `from` is sent to the first of `to` that is open. */
struct dns_rule {
    const char *from;
    struct param_list to; /* of const char * */
};

struct dns_topology {
    struct param_list rules; /* of struct dns_rule */
};

struct dns_ops {
    struct kind kind;
    bool wants_places; /* means nothing where nobody knows where resolvers are */
    /* The number of a site. */
    uint32_t (*choose)(const void *config, const struct dns_question *question);
};

extern const struct kind_list dns_kinds;
extern const struct dns_ops dns_policy_topology;

static inline const struct dns_ops *dns_ops(const struct param_kind *policy)
{
    return (const struct dns_ops *)policy->kind;
}

#endif
