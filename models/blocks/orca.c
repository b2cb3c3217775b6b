/* SPDX-License-Identifier: GPL-3.0-or-later
   grpc-go: balancer/weightedroundrobin/balancer.go; Envoy:
   source/extensions/load_balancing_policies/common/orca_weight_manager.cc.  Reports do not
   tell errors per second, so the share of errors is what the balancer itself saw of the pod
   in this second and the one before. */
#include "models/blocks/orca.h"

static const sim_time orca_second = 1000000000;

void orca_init(struct orca *orca, const struct orca_config *config, enum orca_product product,
               uint32_t capacity, struct arena *arena)
{
    *orca = (struct orca){.config = *config, .product = product};
    orca->pods = arena_take(arena, capacity, sizeof *orca->pods);
    for (backend_id i = 0; i < capacity; i++)
        orca_forget(orca, i);
}

void orca_forget(struct orca *orca, backend_id backend)
{
    orca->pods[backend] = (struct orca_pod){.first = SIM_NEVER, .last = SIM_NEVER};
}

static void orca_count(struct orca_pod *pod, sim_time now, bool success)
{
    sim_time second = now / orca_second;
    if (second != pod->second) {
        bool next = second == pod->second + 1;
        pod->replies_before = next ? pod->replies : 0;
        pod->errors_before = next ? pod->errors : 0;
        pod->replies = pod->errors = 0;
        pod->second = second;
    }
    pod->replies++;
    pod->errors += !success;
}

/* Envoy adds the penalty before it looks whether there is any utilisation, and cuts the weight
   to 32 bits. */
static bool orca_compute(const struct orca *orca, const struct load_report *load, double errors,
                         double *weight)
{
    double utilisation = load->utilisation, penalty = orca->config.error_utilization_penalty;
    if (load->rate <= 0 || (orca->product == ORCA_GRPC && utilisation == 0))
        return false;
    utilisation += errors * penalty;
    if (utilisation <= 0)
        return false;
    *weight = load->rate / utilisation;
    if (orca->product == ORCA_ENVOY)
        *weight = *weight < UINT32_MAX ? (uint32_t)*weight : UINT32_MAX;
    return true;
}

void orca_learn(struct orca *orca, sim_time now, const struct outcome_report *outcome)
{
    struct orca_pod *pod = &orca->pods[outcome->backend];
    orca_count(pod, now, outcome->success);
    double errors = (double)(pod->errors + pod->errors_before) /
                    (double)(pod->replies + pod->replies_before);
    if (outcome->load == NULL || !orca_compute(orca, outcome->load, errors, &pod->weight))
        return;
    pod->last = now;
    if (pod->first == SIM_NEVER)
        pod->first = now;
}

/* At the very end of the period gRPC's weight has expired, Envoy's has not. */
static bool orca_has_expired(const struct orca *orca, const struct orca_pod *pod, sim_time now)
{
    sim_time age = now - pod->last, period = orca->config.weight_expiration_period;
    return orca->product == ORCA_GRPC ? age >= period : age > period;
}

bool orca_weight(struct orca *orca, backend_id backend, sim_time now, double *weight)
{
    struct orca_pod *pod = &orca->pods[backend];
    if (pod->last == SIM_NEVER)
        return false;
    if (orca_has_expired(orca, pod, now)) {
        pod->first = SIM_NEVER;
        return false;
    }
    if (pod->first == SIM_NEVER || now - pod->first < orca->config.blackout_period)
        return false;
    *weight = pod->weight;
    return true;
}

void orca_restart(struct orca *orca, sim_time now)
{
    orca->due = now + orca->config.weight_update_period;
}

bool orca_is_due(struct orca *orca, sim_time now, sim_time *at)
{
    if (now < orca->due)
        return false;
    *at = now - (now - orca->due) % orca->config.weight_update_period;
    orca_restart(orca, *at);
    return true;
}
