/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy's tree for hash-type consistent: 16 points for each unit of weight, made from a
   number that stands for the server; the nearest point on either side wins. */
#ifndef MODELS_BLOCKS_HAPROXY_TREE_H
#define MODELS_BLOCKS_HAPROXY_TREE_H

#include "models/blocks/ring.h"

enum haproxy_tree_key {
    HAPROXY_TREE_ID,
    HAPROXY_TREE_ID32,
    HAPROXY_TREE_GUID, /* the pod's name */
    HAPROXY_TREE_ADDR,
    HAPROXY_TREE_ADDR_PORT,
};

struct haproxy_tree {
    struct ring ring;
    enum haproxy_tree_key key;
    uint32_t *weights;    /* by slot of the view: effective, 16 times the configured one */
    uint32_t *cumulative; /* weight of those before it when the balancer began; 0 of
                             those that came later, as HAProxy leaves it */
    uint32_t total;       /* of those up */
    bool begun;
};

void haproxy_tree_init(struct haproxy_tree *tree, enum haproxy_tree_key key,
                       const struct view *view, struct arena *arena);
/* Takes weights and room anew; allocates. */
void haproxy_tree_update(struct haproxy_tree *tree, const struct view *view);
void haproxy_tree_build(struct haproxy_tree *tree, const struct view *view);

/* Whom a request may not go to. */
struct haproxy_tree_limits {
    backend_id avoided; /* the server that a retry comes from, or NO_BACKEND */
    uint32_t served;    /* requests outstanding at all servers */
    uint32_t factor;    /* hash-balance-factor; 0: off */
};

/* The server of the nearest point, the one before on a tie, or of those that follow.  Where
   the limits leave nobody, HAProxy's search ends at the highest point.  NO_BACKEND: all with a
   weight are full. */
backend_id haproxy_tree_pick(const struct haproxy_tree *tree, const struct view *view,
                             uint32_t hash, struct haproxy_tree_limits limits);

#endif
