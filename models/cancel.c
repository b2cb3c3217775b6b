/* SPDX-License-Identifier: GPL-3.0-or-later
   The word takes the way that the attempt took, with a delay of its own; it is lost where a
   fault cuts the way.  One that comes before its attempt waits for it. */
#include "models/cancel.h"

#include "models/hedge.h"
#include "models/state.h"
#include "models/tier_way.h"

#define CANCEL_MESSAGE UINT64_C(0x632be59bd9b4e019) /* names its draws */

bool cancel_is_used(const struct scenario_balancer *tier)
{
    const struct hedge_config *hedge = tier->hedge.config;
    return tier->cancel || (tier->hedge.kind != NULL && hedge->cancel);
}

/* What faults add to the way to the pod; SIM_NEVER: the word is lost. */
static sim_time cancel_fault_delay(struct world *world, const struct trace_row *row)
{
    const struct fault_condition *condition = &world->faulty[row->pod].condition;
    if (row->balancer < condition->cut_to)
        return SIM_NEVER;
    struct rng rng;
    attempt_stream(&rng, world->fault_key + CANCEL_MESSAGE, row);
    return fault_pod_delay(condition, &rng);
}

void cancel_send(struct world *world, uint32_t slot, bool from_client)
{
    const struct attempt *attempt = world_attempt(world, slot);
    const struct trace_row *row = &attempt->row;
    if (attempt->stage < STAGE_DISPATCHED || attempt->stage >= STAGE_SERVED)
        return;
    sim_time delay = network_delay(world, NETWORK_TO_POD, row, CANCEL_MESSAGE);
    if (from_client)
        delay += network_delay(world, NETWORK_TO_BALANCER, row, CANCEL_MESSAGE) +
                 tier_way_delay_inwards(world, row, CANCEL_MESSAGE);
    sim_time more = world->plan.bends_network ? cancel_fault_delay(world, row) : 0;
    if (more == SIM_NEVER)
        return;
    if (delay + more == 0)
        cancel_arrive(world, slot);
    else
        event_push(world->queue, world->now + delay + more, EVENT_CANCEL, slot,
                   attempt->ticket, row->pod);
}

void cancel_arrive(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    if (attempt->stage == STAGE_DISPATCHED)
        attempt->answered = ATTEMPT_CANCELLED;
    else
        pod_cancel(world, slot);
}
