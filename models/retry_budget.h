/* SPDX-License-Identifier: GPL-3.0-or-later
   Retry budgets: how much retries may add to the load of all requests.  A table of kinds, and
   the products' own integer arithmetic. */
#ifndef MODELS_RETRY_BUDGET_H
#define MODELS_RETRY_BUDGET_H

#include "sim/engine/param.h"

extern const struct kind_list retry_budget_kinds;

/* Tokens that live for about `ttl`, in ten windows, over a reserve that is there always:
   Finagle's leaky bucket (RetryBudget, TokenBucket and WindowedAdder), in whole ms; or that
   of the tower crate, which Linkerd's proxy has (tps_budget). */
enum { RETRY_TOKENS_WINDOWS = 10 };

struct retry_tokens {
    int64_t windows[RETRY_TOKENS_WINDOWS]; /* those closed; Finagle keeps one less */
    int64_t open;                          /* the window that is open */
    int64_t reserve, deposit, withdrawal;
    sim_time length, since; /* of a window; when the open one began */
    uint32_t index;
    bool is_tower;
};

/* `share` of the requests may be retried and `per_second` more.  1 s <= ttl <= 60 s. */
void retry_tokens_open(struct retry_tokens *tokens, double share, uint64_t per_second,
                       sim_time ttl, sim_time now);
void retry_tokens_open_tower(struct retry_tokens *tokens, double share, uint64_t per_second,
                             sim_time ttl, sim_time now);
void retry_tokens_put(struct retry_tokens *tokens, sim_time now);
bool retry_tokens_take(struct retry_tokens *tokens, sim_time now);
/* Retries that could be made now. */
int64_t retry_tokens_balance(struct retry_tokens *tokens, sim_time now);

/* The budget of one balancer. */
struct retry_budget {
    const struct param_kind *config;
    struct retry_tokens tokens;
    double throttle; /* gRPC's tokens, which do not expire */
};

/* What is under way in the balancer. */
struct retry_load {
    uint64_t active;  /* requests, retries and those that wait included */
    uint64_t retries; /* from the decision to retry to the end of the attempt */
};

/* Whether it stands in place of the circuit breaker's max_retries, where that yields. */
bool retry_budget_stands_in(const struct param_kind *config);

/* `config` of retry_budget_kinds; an absent kind refuses nothing. */
void retry_budget_open(struct retry_budget *budget, const struct param_kind *config,
                       sim_time now);
/* A request came in, which is the first attempt only. */
void retry_budget_begin(struct retry_budget *budget, sim_time now);
/* An attempt ended in a way that nobody wants to retry: a success, or (end) another cause. */
void retry_budget_succeed(struct retry_budget *budget, sim_time now);
void retry_budget_end(struct retry_budget *budget, sim_time now);
/* Each failure that may be retried is to be withdrawn for, even the last of its request. */
bool retry_budget_throttles(const struct retry_budget *budget);
/* Whether one more retry is within the budget; pays for it. */
bool retry_budget_withdraw(struct retry_budget *budget, const struct retry_load *load,
                           sim_time now);

#endif
