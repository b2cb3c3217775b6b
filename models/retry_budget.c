/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of retry budgets.  Envoy: RetryBudgetImpl in resource_manager_impl.h.  Finagle:
   service/RetryBudget.scala with TokenBucket.newLeakyBucket and WindowedAdder of twitter/util.
   Linkerd: tower/src/retry/budget/tps_budget.rs, defaults of a ServiceProfile.  gRPC: proposal A6,
   retryThrottler of grpc-go. */
#include "models/retry_budget.h"

struct retry_budget_config {
    uint64_t count; /* at once, or at least; per second */
    double share;
    sim_time ttl;
};

#define RETRY_BUDGET_FIELD(field, ctype) PARAM_FIELD(struct retry_budget_config, field, ctype)

struct retry_budget_ops {
    struct kind kind;
    void (*open)(struct retry_budget *budget, const struct retry_budget_config *config,
                 sim_time now);
    bool (*withdraw)(struct retry_budget *budget, const struct retry_load *load, sim_time now);
    void (*succeed)(struct retry_budget *budget); /* besides what every end deposits; or NULL */
    bool deposits_begin, deposits_end;
    bool throttles, stands_in;
};

/* -- tokens -- */

static void retry_tokens_start(struct retry_tokens *tokens, uint64_t per_second, sim_time ttl,
                               sim_time now)
{
    tokens->length = ttl / RETRY_TOKENS_WINDOWS;
    tokens->since = now;
    tokens->reserve = (int64_t)per_second * (ttl / SIM_SECOND) * tokens->withdrawal;
}

void retry_tokens_open(struct retry_tokens *tokens, double share, uint64_t per_second,
                       sim_time ttl, sim_time now)
{
    *tokens = (struct retry_tokens){.withdrawal = 1};
    if (share > 0) {
        tokens->deposit = 1000;
        tokens->withdrawal = (int64_t)(1000 / share);
    }
    ttl = ttl / SIM_MILLISECOND * SIM_MILLISECOND;
    retry_tokens_start(tokens, per_second, ttl, now / SIM_MILLISECOND * SIM_MILLISECOND);
    tokens->length = tokens->length / SIM_MILLISECOND * SIM_MILLISECOND;
}

void retry_tokens_open_tower(struct retry_tokens *tokens, double share, uint64_t per_second,
                             sim_time ttl, sim_time now)
{
    *tokens = (struct retry_tokens){.withdrawal = 1, .is_tower = true};
    if (share > 0) {
        tokens->deposit = share <= 1 ? 1 : 1000;
        tokens->withdrawal = (int64_t)((float)tokens->deposit / (float)share);
    }
    retry_tokens_start(tokens, per_second, ttl, now);
}

static void retry_tokens_clear(struct retry_tokens *tokens, sim_time count, uint32_t windows)
{
    for (sim_time i = 0; i < count && i < windows; i++)
        tokens->windows[((sim_time)tokens->index + i) % windows] = 0;
    tokens->index = (uint32_t)(((sim_time)tokens->index + count) % windows);
}

/* Closes the open window if it is over, and forgets those of the time in which nobody asked.
   The next one begins now, not where the last one ended.  tower forgets one window more than
   Finagle unless asked at the very end of one, so that its tokens live about half as long. */
static void retry_tokens_expire(struct retry_tokens *tokens, sim_time now)
{
    if (!tokens->is_tower)
        now = now / SIM_MILLISECOND * SIM_MILLISECOND;
    sim_time past = now - tokens->since;
    if (past < tokens->length)
        return;
    uint32_t windows = RETRY_TOKENS_WINDOWS - (tokens->is_tower ? 0 : 1);
    tokens->windows[tokens->index] = tokens->open;
    tokens->open = 0;
    tokens->index = (tokens->index + 1) % windows;
    sim_time skipped = past / tokens->length - 1;
    if (tokens->is_tower)
        skipped = (past - 1) / tokens->length;
    else if (skipped > windows)
        skipped = windows;
    retry_tokens_clear(tokens, skipped, windows);
    tokens->since = now;
}

static int64_t retry_tokens_sum(struct retry_tokens *tokens, sim_time now)
{
    retry_tokens_expire(tokens, now);
    int64_t sum = tokens->open + tokens->reserve;
    for (int i = 0; i < RETRY_TOKENS_WINDOWS; i++)
        sum += tokens->windows[i];
    return sum;
}

void retry_tokens_put(struct retry_tokens *tokens, sim_time now)
{
    retry_tokens_expire(tokens, now);
    tokens->open += tokens->deposit;
}

bool retry_tokens_take(struct retry_tokens *tokens, sim_time now)
{
    if (retry_tokens_sum(tokens, now) < tokens->withdrawal)
        return false;
    tokens->open -= tokens->withdrawal;
    return true;
}

int64_t retry_tokens_balance(struct retry_tokens *tokens, sim_time now)
{
    return retry_tokens_sum(tokens, now) / tokens->withdrawal;
}

/* -- kinds -- */

static const struct param retry_budget_concurrent_params[] = {
    {.key = "max_retries", .type = PARAM_COUNT, .offset = RETRY_BUDGET_FIELD(count, uint64_t),
     .fallback = "3", .max = 4e9, .help = "retries under way at once"},
    PARAM_END,
};

static bool retry_budget_concurrent(struct retry_budget *budget,
                                    const struct retry_load *load, sim_time now)
{
    (void)now;
    const struct retry_budget_config *config = budget->config->config;
    return load->retries < config->count;
}

static const struct param retry_budget_percent_params[] = {
    {.key = "budget_percent", .type = PARAM_RATIO, .offset = RETRY_BUDGET_FIELD(share, double),
     .fallback = "20%", .max = 1, .help = "retries under way, as a share of all requests"},
    {.key = "min_retry_concurrency", .type = PARAM_COUNT,
     .offset = RETRY_BUDGET_FIELD(count, uint64_t), .fallback = "3", .max = 4e9,
     .help = "retries under way that are allowed always"},
    PARAM_END,
};

static bool retry_budget_percent(struct retry_budget *budget, const struct retry_load *load,
                                 sim_time now)
{
    (void)now;
    const struct retry_budget_config *config = budget->config->config;
    uint64_t most = (uint64_t)(config->share * (double)load->active);
    return load->retries < (most > config->count ? most : config->count);
}

static const struct param retry_budget_finagle_params[] = {
    {.key = "percent_can_retry", .type = PARAM_RATIO,
     .offset = RETRY_BUDGET_FIELD(share, double), .fallback = "20%", .max = 1000,
     .help = "retries as a share of requests, from their beginning; Finagle since 20.9 counts "
             "successes only"},
    {.key = "min_retries_per_sec", .type = PARAM_COUNT,
     .offset = RETRY_BUDGET_FIELD(count, uint64_t), .fallback = "10", .max = 1e6,
     .help = "retries a second beyond that"},
    {.key = "ttl", .type = PARAM_DURATION, .offset = RETRY_BUDGET_FIELD(ttl, sim_time),
     .fallback = "10s", .min = 1e9, .max = 60e9, .help = "how long a request gives credit"},
    PARAM_END,
};

static void retry_budget_open_finagle(struct retry_budget *budget,
                                      const struct retry_budget_config *config, sim_time now)
{
    retry_tokens_open(&budget->tokens, config->share, config->count, config->ttl, now);
}

static bool retry_budget_tokens(struct retry_budget *budget, const struct retry_load *load,
                                sim_time now)
{
    (void)load;
    return retry_tokens_take(&budget->tokens, now);
}

static const struct param retry_budget_linkerd_params[] = {
    {.key = "retry_ratio", .type = PARAM_RATIO, .offset = RETRY_BUDGET_FIELD(share, double),
     .fallback = "20%", .max = 1000, .help = "retryRatio: retries as a share of requests"},
    {.key = "min_retries_per_second", .type = PARAM_COUNT,
     .offset = RETRY_BUDGET_FIELD(count, uint64_t), .fallback = "10", .max = 1e6,
     .help = "minRetriesPerSecond: retries a second beyond that"},
    {.key = "ttl", .type = PARAM_DURATION, .offset = RETRY_BUDGET_FIELD(ttl, sim_time),
     .fallback = "10s", .min = 1e9, .max = 60e9, .help = "how long a request gives credit"},
    PARAM_END,
};

static void retry_budget_open_linkerd(struct retry_budget *budget,
                                      const struct retry_budget_config *config, sim_time now)
{
    retry_tokens_open_tower(&budget->tokens, config->share, config->count, config->ttl, now);
}

static const struct param retry_budget_grpc_params[] = {
    {.key = "max_tokens", .type = PARAM_COUNT, .offset = RETRY_BUDGET_FIELD(count, uint64_t),
     .fallback = "10", .min = 1, .max = 1000,
     .help = "maxTokens: each failure takes one, down to 0, and there are retries while more than "
             "half are left; gRPC has no default"},
    {.key = "token_ratio", .type = PARAM_NUMBER, .offset = RETRY_BUDGET_FIELD(share, double),
     .fallback = "0.1", .min = 0.001, .max = 1000,
     .help = "tokenRatio: what each success gives back; gRPC has no default"},
    PARAM_END,
};

static void retry_budget_open_grpc(struct retry_budget *budget,
                                   const struct retry_budget_config *config, sim_time now)
{
    (void)now;
    budget->throttle = (double)config->count;
}

static bool retry_budget_throttle(struct retry_budget *budget, const struct retry_load *load,
                                  sim_time now)
{
    (void)load, (void)now;
    const struct retry_budget_config *config = budget->config->config;
    budget->throttle = budget->throttle > 1 ? budget->throttle - 1 : 0;
    return budget->throttle > (double)config->count / 2;
}

static void retry_budget_unthrottle(struct retry_budget *budget)
{
    const struct retry_budget_config *config = budget->config->config;
    double most = (double)config->count;
    budget->throttle += config->share;
    if (budget->throttle > most)
        budget->throttle = most;
}

static const struct retry_budget_ops retry_budget_list[] = {
    {.kind = {.name = "none", .summary = "Retries are not limited together"}},
    {.kind = {.name = "concurrent",
              .summary = "So many retries at once (Envoy's max_retries)",
              .params = retry_budget_concurrent_params,
              .config_size = sizeof(struct retry_budget_config)},
     .withdraw = retry_budget_concurrent},
    {.kind = {.name = "percent",
              .summary = "Retries as a share of what is under way (Envoy's retry_budget)",
              .params = retry_budget_percent_params,
              .config_size = sizeof(struct retry_budget_config)},
     .withdraw = retry_budget_percent,
     .stands_in = true},
    {.kind = {.name = "finagle",
              .summary = "Tokens that requests bring and that expire (Finagle's RetryBudget)",
              .params = retry_budget_finagle_params,
              .config_size = sizeof(struct retry_budget_config)},
     .open = retry_budget_open_finagle,
     .withdraw = retry_budget_tokens,
     .deposits_begin = true},
    {.kind = {.name = "linkerd",
              .summary = "Tokens that successes bring and that expire (Linkerd's retryBudget)",
              .params = retry_budget_linkerd_params,
              .config_size = sizeof(struct retry_budget_config)},
     .open = retry_budget_open_linkerd,
     .withdraw = retry_budget_tokens,
     .deposits_end = true},
    {.kind = {.name = "grpc",
              .summary = "Tokens that failures take and successes give back (retryThrottling)",
              .params = retry_budget_grpc_params,
              .config_size = sizeof(struct retry_budget_config)},
     .open = retry_budget_open_grpc,
     .withdraw = retry_budget_throttle,
     .succeed = retry_budget_unthrottle,
     .throttles = true},
};

static const struct kind *retry_budget_at(size_t index)
{
    return index < sizeof retry_budget_list / sizeof *retry_budget_list
               ? &retry_budget_list[index].kind
               : NULL;
}

const struct kind_list retry_budget_kinds = {.noun = "retry budget", .at = retry_budget_at};

static const struct retry_budget_ops *retry_budget_ops_of(const struct param_kind *config)
{
    const struct kind *kind = config->kind;
    return kind != NULL ? (const struct retry_budget_ops *)kind : &retry_budget_list[0];
}

static const struct retry_budget_ops *retry_budget_ops(const struct retry_budget *budget)
{
    return retry_budget_ops_of(budget->config);
}

bool retry_budget_stands_in(const struct param_kind *config)
{
    return retry_budget_ops_of(config)->stands_in;
}

void retry_budget_open(struct retry_budget *budget, const struct param_kind *config,
                       sim_time now)
{
    *budget = (struct retry_budget){.config = config};
    const struct retry_budget_ops *ops = retry_budget_ops(budget);
    if (ops->open != NULL)
        ops->open(budget, config->config, now);
}

void retry_budget_begin(struct retry_budget *budget, sim_time now)
{
    if (retry_budget_ops(budget)->deposits_begin)
        retry_tokens_put(&budget->tokens, now);
}

bool retry_budget_throttles(const struct retry_budget *budget)
{
    return retry_budget_ops(budget)->throttles;
}

void retry_budget_succeed(struct retry_budget *budget, sim_time now)
{
    const struct retry_budget_ops *ops = retry_budget_ops(budget);
    retry_budget_end(budget, now);
    if (ops->succeed != NULL)
        ops->succeed(budget);
}

void retry_budget_end(struct retry_budget *budget, sim_time now)
{
    if (retry_budget_ops(budget)->deposits_end)
        retry_tokens_put(&budget->tokens, now);
}

bool retry_budget_withdraw(struct retry_budget *budget, const struct retry_load *load,
                           sim_time now)
{
    const struct retry_budget_ops *ops = retry_budget_ops(budget);
    return ops->withdraw == NULL || ops->withdraw(budget, load, now);
}
