/* SPDX-License-Identifier: GPL-3.0-or-later
   What a report has from the scenario and not from rows: what happened when, how long clients
   wait, which policies are bounds only, where the figures come from. */
#ifndef SIM_REPORT_FACTS_H
#define SIM_REPORT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A fault or a change of membership. */
struct facts_span {
    double from, to; /* s; equal: an instant; to infinite: until the end */
    const char *text; /* "crash of pod-3" */
};

struct facts_timeout {
    const char *client;
    double seconds;
};

struct report_facts {
    const struct facts_span *spans; /* by their beginning */
    size_t span_count;
    const struct facts_timeout *timeouts; /* of client groups that have one */
    size_t timeout_count;
    const char *const *oracles; /* labels of policies that no balancer can do; end with NULL */
    const char *const *asked;   /* labels of policies that the scenario expects something of; end
                                   with NULL */
    const char *resolved;       /* the scenario as JSON */
    const char *compiler, *libraries; /* NULL: not known */
};

static inline bool facts_has(const char *const *names, const char *policy)
{
    for (; names && *names; names++)
        if (strcmp(*names, policy) == 0)
            return true;
    return false;
}

/* `facts` may be NULL. */
static inline bool facts_is_oracle(const struct report_facts *facts, const char *policy)
{
    return facts && facts_has(facts->oracles, policy);
}

/* `facts` may be NULL. */
static inline bool facts_is_asked(const struct report_facts *facts, const char *policy)
{
    return facts && facts_has(facts->asked, policy);
}

#endif
