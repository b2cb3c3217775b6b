/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of stickiness: by client address, as kube-proxy's ClientIP and IPVS persistence do;
   by a cookie that names the pod (persistent), or that is only a key for a hashing policy
   (balanced), as ingress-nginx calls the two. */
#include "models/sticky.h"

struct sticky_session {
    sim_time used;
    backend_id backend;
};

struct sticky_config {
    sim_time timeout; /* since last used; SIM_NEVER: for ever */
    uint64_t prefix;  /* bits of the address that count */
    uint32_t mode;    /* of a cookie */
};

enum sticky_mode { STICKY_PERSISTENT, STICKY_BALANCED };

static const char *const sticky_modes[] = {"persistent", "balanced", NULL};

static const struct param sticky_client_ip_params[] = {
    {.key = "timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct sticky_config, timeout, sim_time), .fallback = "10800s",
     .also = "never", .min = 1, .max = (double)SIM_LONGEST,
     .help = "forget a client after so long without a request (kube-proxy: 10800s)"},
    {.key = "prefix", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct sticky_config, prefix, uint64_t), .fallback = "32",
     .min = 1, .max = 32, .help = "leading bits of the IPv4 address that tell clients apart"},
    PARAM_END,
};

static const struct param sticky_cookie_params[] = {
    {.key = "mode", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct sticky_config, mode, uint32_t), .fallback = "persistent",
     .of.words = sticky_modes,
     .help = "persistent: the cookie names the pod; balanced: it is a key for a hashing "
             "policy, so that sessions move when pods are added"},
    {.key = "timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct sticky_config, timeout, sim_time), .fallback = "never",
     .also = "never", .min = 1, .max = (double)SIM_LONGEST,
     .help = "the cookie's life since it was last set"},
    PARAM_END,
};

static const struct kind sticky_client_ip = {
    .name = "client_ip",
    .summary = "Each balancer remembers where it sent a client's address",
    .params = sticky_client_ip_params,
    .config_size = sizeof(struct sticky_config),
};

static const struct kind sticky_cookie = {
    .name = "cookie",
    .summary = "The client carries where it was sent, to whichever balancer",
    .params = sticky_cookie_params,
    .config_size = sizeof(struct sticky_config),
};

static const struct kind *const sticky_list[] = {&sticky_client_ip, &sticky_cookie};

static const struct kind *sticky_at(size_t index)
{
    return index < sizeof sticky_list / sizeof *sticky_list ? sticky_list[index] : NULL;
}

const struct kind_list sticky_kinds = {.noun = "stickiness", .at = sticky_at};

void sticky_open(struct sticky *sticky, const struct param_kind *config)
{
    sticky->config = config;
    key_map_init(&sticky->sessions, sizeof(struct sticky_session));
}

void sticky_close(struct sticky *sticky)
{
    key_map_free(&sticky->sessions);
}

bool sticky_is_carried(const struct param_kind *config)
{
    return config->kind == &sticky_cookie;
}

static bool sticky_is_balanced(const struct sticky *sticky)
{
    const struct sticky_config *config = sticky->config->config;
    return sticky->config->kind == &sticky_cookie && config->mode == STICKY_BALANCED;
}

static uint64_t sticky_who(const struct sticky *sticky, const struct request *request)
{
    const struct sticky_config *config = sticky->config->config;
    if (sticky->config->kind == &sticky_client_ip)
        return policy_client_address(request) >> (32 - config->prefix);
    return request->user;
}

backend_id sticky_find(struct sticky *sticky, const struct view *view,
                       struct request *request)
{
    if (sticky_is_balanced(sticky)) {
        request->key = request->user;
        return NO_BACKEND;
    }
    const struct sticky_config *config = sticky->config->config;
    const struct sticky_session *session =
        key_map_find(&sticky->sessions, sticky_who(sticky, request));
    if (session == NULL || !view->is_eligible[session->backend])
        return NO_BACKEND;
    bool expired =
        config->timeout != SIM_NEVER && view->now - session->used > config->timeout;
    return expired ? NO_BACKEND : session->backend;
}

void sticky_note(struct sticky *sticky, const struct view *view,
                 const struct request *request, backend_id backend)
{
    if (sticky_is_balanced(sticky))
        return;
    struct sticky_session *session =
        key_map_take(&sticky->sessions, sticky_who(sticky, request));
    session->backend = backend;
    session->used = view->now;
}
