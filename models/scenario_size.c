/* SPDX-License-Identifier: GPL-3.0-or-later
   What follows from a scenario before anything runs: how large it is, how loaded, how long it
   has to warm up. */
#include "models/arrival.h"
#include "models/rate.h"
#include "models/replay.h"
#include "models/scenario.h"
#include "sim/engine/dist.h"

#include <math.h>
#include <stdio.h>

enum {
    SCENARIO_REPLICATIONS_AUTO = 10, /* to begin with */
    SCENARIO_WARMUP_LOAD = 20, /* warm-up requests per pod at (1 - rho)^2 / rho = 1 */
};

void scenario_node(const struct scenario_pods *group, uint32_t number,
                   char node[SCENARIO_NODE_BYTES])
{
    node[0] = '\0';
    if (group->nodes < UINT64_MAX)
        snprintf(node, SCENARIO_NODE_BYTES, "%s%snode-%u",
                 group->zone != NULL ? group->zone : "", group->zone != NULL ? "-" : "",
                 number % (uint32_t)group->nodes);
}

static const struct scenario_client *scenario_client_at(const struct scenario *scenario,
                                                        size_t index)
{
    return PARAM_ITEM(scenario->clients, struct scenario_client, index);
}

static const struct scenario_pods *scenario_pods_at(const struct scenario *scenario,
                                                    size_t index)
{
    return PARAM_ITEM(scenario->pods, struct scenario_pods, index);
}

uint64_t scenario_pod_count(const struct scenario *scenario)
{
    uint64_t count = 0;
    for (size_t i = 0; i < scenario->pods.count; i++)
        count += scenario_pods_at(scenario, i)->count;
    return count;
}

double scenario_capacity(const struct scenario *scenario)
{
    double capacity = 0;
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *pods = scenario_pods_at(scenario, i);
        capacity += (double)pods->count * (double)pods->workers * pods->speed;
    }
    return capacity;
}

bool scenario_replays(const struct scenario_client *client, unsigned column)
{
    return arrival_ops(&client->arrivals)->mode == ARRIVAL_REPLAY &&
           (replay_columns(client->arrivals.config) & column) != 0;
}

static double scenario_client_load(const struct scenario *scenario,
                                   const struct scenario_client *client)
{
    const struct arrival_ops *arrivals = arrival_ops(&client->arrivals);
    if (arrivals->rate == NULL)
        return (double)NAN;
    double demand = scenario_replays(client, REPLAY_DEMAND)
                        ? replay_mean_demand(client->arrivals.config)
                        : dist_mean(&client->demand);
    double factor = rate_mean(&client->rate, (double)scenario->run.duration);
    return arrivals->rate(client->arrivals.config) * factor * demand / 1e9;
}

double scenario_load_factor(const struct scenario *scenario)
{
    double load = 0;
    for (size_t i = 0; i < scenario->clients.count; i++)
        load += scenario_client_load(scenario, scenario_client_at(scenario, i));
    return load / scenario_capacity(scenario);
}

double scenario_rate(const struct scenario *scenario)
{
    double rate = 0;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client = scenario_client_at(scenario, i);
        const struct arrival_ops *arrivals = arrival_ops(&client->arrivals);
        if (arrivals->rate != NULL)
            rate += arrivals->rate(client->arrivals.config) *
                    rate_mean(&client->rate, (double)scenario->run.duration);
    }
    return rate;
}

sim_time scenario_warmup(const struct scenario *scenario, bool *capped)
{
    *capped = false;
    sim_time duration = scenario->run.duration;
    if (scenario->run.warmup != SIM_NEVER)
        return scenario->run.warmup;
    double load = scenario_load_factor(scenario), rate = scenario_rate(scenario);
    double wanted = 0.1 * (double)duration;
    if (load > 0 && rate > 0) {
        double idle = load < 1 ? 1 - load : 0;
        double requests = SCENARIO_WARMUP_LOAD * (double)scenario_pod_count(scenario) * load /
                          (idle * idle);
        double transient = 1e9 * requests / rate;
        wanted = transient > wanted ? transient : wanted;
    }
    *capped = wanted > (double)duration / 2;
    return *capped ? duration / 2 : sim_time_of(wanted);
}

uint64_t scenario_replications(const struct scenario *scenario)
{
    uint64_t given = scenario->run.replications;
    return given == UINT64_MAX ? SCENARIO_REPLICATIONS_AUTO : given;
}
