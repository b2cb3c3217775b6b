/* SPDX-License-Identifier: GPL-3.0-or-later
   The checks of sites.  A check passes while enough pods answer that the balancers of the
   site would send to: members that they hold for up, and that neither have crashed nor hang nor
   are cut off from all of these balancers.  A pod that fails with errors answers by chance.
   The way there takes no time.  A check that fails is an answer that says no (503), or where
   a pod is silent none at all: then it takes its timeout. */
#include "models/dns.h"

#include "models/state.h"

/* What is scheduled: a check, or the end of one with its result. */
enum dns_check { DNS_CHECK_BEGINS, DNS_CHECK_ENDS };

static const struct health_config *dns_check_config(const struct world *world)
{
    return world->dns->config->health_check.preset.config;
}

static bool dns_check_is_listed(const struct world *world, const struct dns_site *site,
                                uint32_t pod)
{
    for (uint32_t i = 0; i < site->balancer_count; i++)
        if (world->balancers[site->balancers[i]].backends.is_up[pod])
            return true;
    return false;
}

/* What the balancers of a site, together, would get from a pod. */
static enum health_result dns_check_pod(struct world *world, const struct dns_site *site,
                                        uint32_t pod, bool *silent)
{
    if (world->faulty == NULL)
        return HEALTH_PASSED;
    const struct fault_condition *condition = &world->faulty[pod].condition;
    bool reached = false;
    for (uint32_t i = 0; i < site->balancer_count; i++)
        reached |= site->balancers[i] >= condition->cut_to &&
                   site->balancers[i] >= condition->cut_from;
    if (condition->is_down || world->faulty[pod].is_closed)
        return HEALTH_DENIED;
    *silent |= !reached || world->pods[pod].speed == 0;
    if (!reached || world->pods[pod].speed == 0)
        return HEALTH_SILENT;
    return condition->error_share > 0 &&
                   rng_uniform(&world->dns->rng) < condition->error_share
               ? HEALTH_DENIED
               : HEALTH_PASSED;
}

static enum health_result dns_check_site(struct world *world, const struct dns_site *site,
                                         bool *silent)
{
    uint64_t answers = 0;
    for (uint32_t pod = 0; pod < world->pod_count; pod++)
        if (dns_check_is_listed(world, site, pod))
            answers += dns_check_pod(world, site, pod, silent) == HEALTH_PASSED;
    return answers >= site->min_up ? HEALTH_PASSED : HEALTH_DENIED;
}

static void dns_check_begin(struct world *world, uint32_t index)
{
    struct dns_site *site = &world->dns->sites[index];
    bool silent = false;
    enum health_result result = dns_check_site(world, site, &silent);
    sim_time takes = 0;
    if (result != HEALTH_PASSED && silent) {
        takes = health_timeout(dns_check_config(world));
        result = HEALTH_SILENT;
    }
    site->checked = world->now;
    event_push(world->queue, world->now + takes, EVENT_DNS_CHECK, index, 0,
               DNS_CHECK_ENDS + result);
}

static void dns_check_end(struct world *world, uint32_t index, enum health_result result)
{
    struct dns *dns = world->dns;
    struct dns_site *site = &dns->sites[index];
    const struct health_config *config = dns_check_config(world);
    bool changed = health_take(&site->health, config, result);
    sim_time took = world->now - site->checked;
    event_push(world->queue,
               site->checked + health_next(config, &site->health, took, &dns->rng),
               EVENT_DNS_CHECK, index, 0, DNS_CHECK_BEGINS);
    if (!changed)
        return;
    dns_refresh(dns);
    roster_site(&world->roster, world->now, dns->choices[index].zone, site->health.is_up);
}

void dns_check_step(struct world *world, uint32_t index, uint32_t step)
{
    if (step == DNS_CHECK_BEGINS)
        dns_check_begin(world, index);
    else
        dns_check_end(world, index, (enum health_result)(step - DNS_CHECK_ENDS));
}

void dns_check_start(struct world *world)
{
    struct dns *dns = world->dns;
    if (dns->config->health_check.preset.kind == NULL)
        return;
    for (uint32_t i = 0; i < dns->site_count; i++)
        event_push(world->queue,
                   world->now + health_phase(dns_check_config(world), &dns->rng),
                   EVENT_DNS_CHECK, i, 0, DNS_CHECK_BEGINS);
}
