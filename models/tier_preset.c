/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of presets.  None sets what only the last tier may have, nor a way to the next one,
   so each may stand at any place where its `per` may. */
#include "models/tier_preset.h"

#include <stddef.h>

struct tier_preset {
    struct kind kind;
    const char *settings;
};

#define TIER_PRESET_KUBE_PROXY(policy, cost) \
    "{name: kube-proxy, spread: by_user, per: connection, policy: " policy cost "}"

#define TIER_PRESET_NODE_PORT(reach) \
    "{name: node, nodes: each, reach: " reach ", per: connection, " \
    "policy: kube_proxy.iptables, decision_cost: iptables}"

static const struct tier_preset tier_preset_list[] = {
    {{.name = "kube_proxy_iptables",
      .summary = "kube-proxy of the clients' nodes, iptables mode; count: those nodes"},
     TIER_PRESET_KUBE_PROXY("kube_proxy.iptables", ", decision_cost: iptables")},
    {{.name = "kube_proxy_ipvs",
      .summary = "kube-proxy of the clients' nodes, ipvs mode; count: those nodes"},
     TIER_PRESET_KUBE_PROXY("ipvs.rr", ", decision_cost: ipvs")},
    {{.name = "kube_proxy_nftables",
      .summary = "kube-proxy of the clients' nodes, nftables mode; count: those nodes"},
     TIER_PRESET_KUBE_PROXY("kube_proxy.nftables", ", decision_cost: nftables")},
    {{.name = "kube_proxy_userspace",
      .summary = "kube-proxy as a proxy of its own, before Kubernetes 1.26; count: nodes"},
     TIER_PRESET_KUBE_PROXY("kube_proxy.userspace", "")},
    {{.name = "node_port",
      .summary = "kube-proxy of the nodes that pods are on, for traffic from outside; to any pod "
                 "(externalTrafficPolicy: Cluster)"},
     TIER_PRESET_NODE_PORT("all")},
    {{.name = "node_port_local",
      .summary = "the same, only to pods on the own node (externalTrafficPolicy: Local); the tier "
                 "before passes over nodes without one"},
     TIER_PRESET_NODE_PORT("node")},
    {{.name = "cloud_lb",
      .summary = "a cloud's layer 4 load balancer: each of its zones sends a connection by its "
                 "hash; count: zones"},
     "{name: cloud, count: 3, per: connection, policy: random}"},
    {{.name = "ingress",
      .summary = "replicas of ingress-nginx, straight to pods; count: replicas"},
     "{name: ingress, count: 2, policy: {round_robin: {start: random}}}"},
    {{.name = "gateway", .summary = "replicas of an Envoy gateway; count: replicas"},
     "{name: gateway, count: 2, policy: envoy.least_request}"},
    {{.name = "sidecar",
      .summary = "an Envoy beside each client; count: clients (users)"},
     "{name: sidecar, count: users, spread: by_user, policy: envoy.least_request}"},
    {{.name = "client_side",
      .summary = "gRPC clients that balance themselves; count: clients (users); "
                 "network.to_balancer is 0s then"},
     "{name: client, count: users, spread: by_user, policy: grpc.round_robin}"},
    {{.name = "service_engines",
      .summary = "NSX ALB (Avi): a primary spreads over 2 engines of 4 cores, each core with a "
                 "state of its own; count: engines times cores"},
     "{name: service-engine, count: 8, policy: avi.least_connections}"},
};

static const struct kind *tier_preset_at(size_t index)
{
    return index < sizeof tier_preset_list / sizeof *tier_preset_list
               ? &tier_preset_list[index].kind
               : NULL;
}

const struct kind_list tier_presets = {.noun = "preset", .at = tier_preset_at};

const char *tier_preset_settings(const struct kind *kind)
{
    return ((const struct tier_preset *)kind)->settings;
}
