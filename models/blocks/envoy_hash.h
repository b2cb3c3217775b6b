/* SPDX-License-Identifier: GPL-3.0-or-later
   What Envoy's ring_hash and maglev have in common: the hash of a request, retries on other
   hosts, and bounded loads, which send a request whose host is overloaded to the first
   other in an order shuffled by the hash that is not. */
#ifndef MODELS_BLOCKS_ENVOY_HASH_H
#define MODELS_BLOCKS_ENVOY_HASH_H

#include "models/blocks/shares.h"

struct envoy_hash_config {
    uint64_t hash_balance_factor; /* percent; 0: off */
    uint64_t host_selection_retry_max_attempts;
    uint32_t retry_host_predicate; /* 1: previous_hosts */
    bool use_hostname_for_hashing;
};

/* The rows of the above, for a policy whose config has it as member `common`. */
#define ENVOY_HASH_PARAMS(config) \
    {.key = "hash_balance_factor", .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(config, common.hash_balance_factor, uint64_t), .fallback = "0", \
     .max = 1e6, \
     .help = "most load of a host in percent of the mean, from 100; 0 is without bound"}, \
    {.key = "use_hostname_for_hashing", .type = PARAM_BOOL, \
     .offset = PARAM_FIELD(config, common.use_hostname_for_hashing, bool), \
     .fallback = "false", .help = "hash the names of pods, not their addresses"}, \
    {.key = "retry_host_predicate", .type = PARAM_CHOICE, \
     .offset = PARAM_FIELD(config, common.retry_host_predicate, uint32_t), \
     .fallback = "none", .of.words = envoy_hash_predicates, \
     .help = "which hosts a retry avoids: none, or those tried before"}, \
    {.key = "host_selection_retry_max_attempts", .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(config, common.host_selection_retry_max_attempts, uint64_t), \
     .fallback = "1", .max = 1000, \
     .help = "how often a retry looks for another host before it takes what it found"}

extern const char *const envoy_hash_predicates[];

/* To be called from kind.check. */
bool envoy_hash_check(const struct envoy_hash_config *config, char *message, size_t size);

struct envoy_hash {
    const struct envoy_hash_config *config;
    struct shares shares;
    double *weights;  /* by slot: its share */
    uint32_t *order;  /* for the shuffle */
    uint32_t active;  /* requests outstanding at all hosts */
};

void envoy_hash_init(struct envoy_hash *hash, const struct envoy_hash_config *config,
                     const struct view *view, struct arena *arena);
/* Collects the hosts that are up. */
void envoy_hash_update(struct envoy_hash *hash, const struct view *view);

/* The host of a hash; another for another attempt (from 0), more or less. */
typedef backend_id envoy_hash_choose(const void *table, uint64_t hash, uint32_t attempt);

backend_id envoy_hash_pick(struct envoy_hash *hash, const struct view *view,
                           const struct request *request, envoy_hash_choose *choose,
                           const void *table);

#endif
