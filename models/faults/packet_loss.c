/* SPDX-License-Identifier: GPL-3.0-or-later
   Some messages between balancer and pod are lost and sent again after TCP's retransmission
   time-out, which doubles each time (RFC 6298; Linux has 200 ms at least). */
#include "models/fault.h"

struct packet_loss {
    double share;
    sim_time retransmit;
};

static const struct param packet_loss_params[] = {
    {.key = "share", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct packet_loss, share, double), .fallback = "1%", .max = 0.9,
     .help = "of the messages, each way"},
    {.key = "retransmit", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct packet_loss, retransmit, sim_time), .fallback = "200ms",
     .min = 1, .max = 8.64e13,
     .help = "until a lost message is sent again; twice as long when that is lost too"},
    PARAM_END,
};

static void packet_loss_apply(const void *config, sim_time age,
                              struct fault_condition *condition)
{
    (void)age;
    const struct packet_loss *loss = config;
    condition->loss = fault_share(condition->loss, loss->share);
    if (loss->retransmit > condition->loss_wait)
        condition->loss_wait = loss->retransmit;
}

const struct fault_ops fault_packet_loss = {
    .kind = {.name = "packet_loss",
             .summary = "Some messages to and from a pod are lost and sent again later",
             .params = packet_loss_params,
             .config_size = sizeof(struct packet_loss)},
    .source = "RFC 6298; Linux TCP_RTO_MIN",
    .apply = packet_loss_apply,
};
