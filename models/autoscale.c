/* SPDX-License-Identifier: GPL-3.0-or-later
   Rules of autoscalers.  Kubernetes: pkg/controller/podautoscaler, replica_calculator.go and
   horizontal.go, of a CPU resource metric.  NSX ALB (Avi): ServerAutoScalePolicy in its
   "intelligent" mode, by the margin between load and capacity; and Fewest Servers, whose
   surplus can be powered off. */
#include "models/autoscale.h"

#include "models/scenario.h"

#include <math.h>
#include <string.h>

#define AUTOSCALE_HAIR 1e-9 /* what rounding may add to a ratio of whole percents */
#define AUTOSCALE_LONGEST (86400 * 1e9)

struct autoscale_hpa {
    double target, tolerance;
    sim_time sync, down_window, up_window, period, initialization;
    uint64_t up_pods;
    double up_share, down_share;
};

struct autoscale_avi {
    double out_margin, in_margin;
    sim_time interval, out_cooldown, in_cooldown;
    uint64_t out_step, in_step;
};

struct autoscale_surplus {
    uint64_t spare;
    double idle_below;
    sim_time interval, idle_for;
};

#define SURPLUS_FIELD(field, ctype) PARAM_FIELD(struct autoscale_surplus, field, ctype)
#define HPA_FIELD(field, ctype) PARAM_FIELD(struct autoscale_hpa, field, ctype)
#define AVI_FIELD(field, ctype) PARAM_FIELD(struct autoscale_avi, field, ctype)

static const struct param autoscale_hpa_params[] = {
    {.key = "target", .type = PARAM_RATIO, .offset = HPA_FIELD(target, double), .min = 0.01,
     .max = 1, .help = "utilisation that the pods should have: busy workers over all workers"},
    {.key = "tolerance", .type = PARAM_RATIO, .offset = HPA_FIELD(tolerance, double),
     .fallback = "10%", .max = 1,
     .help = "nothing is done while metric over target is so near to 1"},
    {.key = "sync", .type = PARAM_DURATION, .offset = HPA_FIELD(sync, sim_time),
     .fallback = "15s", .min = 1e6, .max = AUTOSCALE_LONGEST,
     .help = "from decision to decision; the metrics of each are of the time since the last"},
    {.key = "stabilisation", .type = PARAM_DURATION, .offset = HPA_FIELD(down_window, sim_time),
     .fallback = "300s", .max = AUTOSCALE_LONGEST,
     .help = "going down, the highest recommendation of so long counts "
             "(scaleDown.stabilizationWindowSeconds)"},
    {.key = "stabilisation_up", .type = PARAM_DURATION,
     .offset = HPA_FIELD(up_window, sim_time), .fallback = "0s", .max = AUTOSCALE_LONGEST,
     .help = "going up, the lowest recommendation of so long counts"},
    {.key = "period", .type = PARAM_DURATION, .offset = HPA_FIELD(period, sim_time),
     .fallback = "15s", .min = 1e6, .max = AUTOSCALE_LONGEST,
     .help = "of the limits below: periodSeconds"},
    {.key = "scale_up_pods", .type = PARAM_COUNT, .offset = HPA_FIELD(up_pods, uint64_t),
     .fallback = "4", .max = 1e6, .help = "pods that may be added in a period …"},
    {.key = "scale_up_percent", .type = PARAM_RATIO, .offset = HPA_FIELD(up_share, double),
     .fallback = "100%", .max = 100,
     .help = "… or so large a share of those at its beginning, whichever is more"},
    {.key = "scale_down_percent", .type = PARAM_RATIO,
     .offset = HPA_FIELD(down_share, double), .fallback = "100%", .max = 1,
     .help = "share of the pods that may be taken away in a period"},
    {.key = "initialization", .type = PARAM_DURATION,
     .offset = HPA_FIELD(initialization, sim_time), .fallback = "5m", .max = AUTOSCALE_LONGEST,
     .help = "of a pod as old as that all metrics count; of a younger one only those from "
             "when it was ready (cpu-initialization-period)"},
    PARAM_END,
};

static const struct param autoscale_avi_params[] = {
    {.key = "intelligent_scaleout_margin", .type = PARAM_RATIO,
     .offset = AVI_FIELD(out_margin, double), .fallback = "20%", .max = 1,
     .help = "with a smaller share of capacity to spare, pods are added"},
    {.key = "intelligent_scalein_margin", .type = PARAM_RATIO,
     .offset = AVI_FIELD(in_margin, double), .fallback = "40%", .max = 1,
     .help = "with a larger share to spare, pods are taken away"},
    {.key = "interval", .type = PARAM_DURATION, .offset = AVI_FIELD(interval, sim_time),
     .fallback = "60s", .min = 1e6, .max = AUTOSCALE_LONGEST,
     .help = "from decision to decision; the product does not document it"},
    {.key = "scaleout_cooldown", .type = PARAM_DURATION,
     .offset = AVI_FIELD(out_cooldown, sim_time), .fallback = "300s", .max = AUTOSCALE_LONGEST,
     .help = "from any change to the next that adds"},
    {.key = "scalein_cooldown", .type = PARAM_DURATION,
     .offset = AVI_FIELD(in_cooldown, sim_time), .fallback = "300s", .max = AUTOSCALE_LONGEST,
     .help = "from any change to the next that takes away"},
    {.key = "max_scaleout_adjustment_step", .type = PARAM_COUNT,
     .offset = AVI_FIELD(out_step, uint64_t), .fallback = "1", .min = 1, .max = 1e6,
     .help = "pods added at once"},
    {.key = "max_scalein_adjustment_step", .type = PARAM_COUNT,
     .offset = AVI_FIELD(in_step, uint64_t), .fallback = "1", .min = 1, .max = 1e6,
     .help = "pods taken away at once"},
    PARAM_END,
};

static const struct param autoscale_surplus_params[] = {
    {.key = "spare", .type = PARAM_COUNT, .offset = SURPLUS_FIELD(spare, uint64_t),
     .fallback = "1", .max = 1e5, .help = "idle pods that are kept; with fewer, one is added"},
    {.key = "idle_below", .type = PARAM_RATIO, .offset = SURPLUS_FIELD(idle_below, double),
     .fallback = "5%", .max = 1, .help = "a pod that is busy for a smaller share is idle"},
    {.key = "interval", .type = PARAM_DURATION, .offset = SURPLUS_FIELD(interval, sim_time),
     .fallback = "15s", .min = 1e6, .max = AUTOSCALE_LONGEST,
     .help = "from decision to decision"},
    {.key = "idle_for", .type = PARAM_DURATION, .offset = SURPLUS_FIELD(idle_for, sim_time),
     .fallback = "300s", .max = AUTOSCALE_LONGEST,
     .help = "so many pods go as were more than enough all this time"},
    PARAM_END,
};

const struct param autoscale_params[] = {
    {.key = "kind", .type = PARAM_KIND, .unit = PARAM_DURATION, .beside = true,
     .offset = PARAM_FIELD(struct autoscale, rule, struct param_kind), .fallback = "hpa",
     .of.kinds = &autoscale_kinds,
     .help = "by which rule: which keys stand beside this, and their defaults"},
    {.key = "pods", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct autoscale, pods, const char *), .help = "a group of pods"},
    {.key = "min", .type = PARAM_COUNT, .offset = PARAM_FIELD(struct autoscale, min, uint64_t),
     .fallback = "1", .min = 1, .max = 1e5, .help = "never fewer pods"},
    {.key = "max", .type = PARAM_COUNT, .offset = PARAM_FIELD(struct autoscale, max, uint64_t),
     .min = 1, .max = 1e5, .help = "never more"},
    PARAM_END,
};

/* -- memory -- */

static void autoscale_note(struct autoscale_past *past, sim_time at, int64_t value)
{
    uint32_t place = (past->first + past->count) % past->room;
    past->entries[place] = (struct autoscale_entry){at, value};
    if (past->count < past->room)
        past->count++;
    else
        past->first = (past->first + 1) % past->room;
}

static const struct autoscale_entry *autoscale_entry(const struct autoscale_past *past,
                                                     uint32_t index)
{
    return &past->entries[(past->first + index) % past->room];
}

static void autoscale_open_past(struct autoscale_past *past, sim_time window,
                                sim_time interval, struct arena *arena)
{
    past->room = (uint32_t)(window / interval) + 2;
    past->entries = arena_take(arena, past->room, sizeof *past->entries);
}

void autoscale_open(struct autoscale_memory *memory, const struct autoscale *scale,
                    struct arena *arena)
{
    const struct autoscale_ops *ops = autoscale_ops(scale);
    sim_time interval = ops->interval(scale->rule.config);
    sim_time window = ops->window(scale->rule.config);
    *memory = (struct autoscale_memory){.changed = SIM_NEVER};
    autoscale_open_past(&memory->recommendations, window, interval, arena);
    autoscale_open_past(&memory->changes, window, interval, arena);
}

/* Notes the recommendation and holds it against those of the windows. */
static int64_t autoscale_stabilise(struct autoscale_past *past, sim_time now,
                                   sim_time up_window, sim_time down_window,
                                   int64_t replicas, int64_t wanted)
{
    int64_t lowest = wanted, highest = wanted;
    for (uint32_t i = 0; i < past->count; i++) {
        const struct autoscale_entry *entry = autoscale_entry(past, i);
        if (entry->at > now - up_window && entry->value < lowest)
            lowest = entry->value;
        if (entry->at > now - down_window && entry->value > highest)
            highest = entry->value;
    }
    autoscale_note(past, now, wanted);
    if (replicas < lowest)
        return lowest;
    return replicas > highest ? highest : replicas;
}

/* -- Kubernetes -- */

static sim_time autoscale_hpa_interval(const void *config)
{
    return ((const struct autoscale_hpa *)config)->sync;
}

static sim_time autoscale_hpa_window(const void *config)
{
    const struct autoscale_hpa *hpa = config;
    sim_time window = hpa->down_window > hpa->up_window ? hpa->down_window : hpa->up_window;
    return window > hpa->period ? window : hpa->period;
}

static sim_time autoscale_hpa_stays(const void *config)
{
    return ((const struct autoscale_hpa *)config)->down_window;
}

static sim_time autoscale_hpa_settles(const void *config)
{
    return ((const struct autoscale_hpa *)config)->initialization;
}

/* Metric over target; the metric is a whole percentage there. */
static double autoscale_hpa_ratio(const struct autoscale_hpa *hpa, double usage, double pods)
{
    double percent = floor(100 * usage / pods + AUTOSCALE_HAIR);
    return percent / (100 * hpa->target);
}

static bool autoscale_hpa_is_near(const struct autoscale_hpa *hpa, double ratio)
{
    return ratio >= 1 - hpa->tolerance - AUTOSCALE_HAIR &&
           ratio <= 1 + hpa->tolerance + AUTOSCALE_HAIR;
}

static uint32_t autoscale_hpa_pods(double ratio, uint32_t pods)
{
    double wanted = ceil(ratio * pods - AUTOSCALE_HAIR);
    return wanted < 1e6 ? (uint32_t)wanted : 1000000;
}

/* What the metrics ask for.  Pods that are not ready, or have no metrics yet, are assumed to be
   what speaks against a change: they may lessen it, and never turn it round. */
static uint32_t autoscale_hpa_desire(const struct autoscale_hpa *hpa,
                                     const struct autoscale_metrics *metrics)
{
    uint32_t now = metrics->replicas, count = metrics->ready;
    if (count == 0)
        return now;
    double usage = metrics->usage, ratio = autoscale_hpa_ratio(hpa, usage, count);
    bool idle_ones = metrics->unready > 0 && ratio > 1;
    if (!idle_ones && metrics->missing == 0)
        return autoscale_hpa_is_near(hpa, ratio) ? now : autoscale_hpa_pods(ratio, count);
    usage += ratio < 1 ? metrics->missing : 0;
    count += metrics->missing + (idle_ones ? metrics->unready : 0);
    double cautious = autoscale_hpa_ratio(hpa, usage, count);
    if (autoscale_hpa_is_near(hpa, cautious) || (ratio < 1 && cautious > 1) ||
        (ratio > 1 && cautious < 1))
        return now;
    uint32_t wanted = autoscale_hpa_pods(cautious, count);
    if ((cautious < 1 && wanted > now) || (cautious > 1 && wanted < now))
        return now;
    return wanted;
}

/* Pods at the beginning of the period of the limits. */
static int64_t autoscale_hpa_base(const struct autoscale_hpa *hpa,
                                  const struct autoscale_past *changes, sim_time now,
                                  int64_t replicas)
{
    for (uint32_t i = 0; i < changes->count; i++)
        if (autoscale_entry(changes, i)->at > now - hpa->period)
            replicas -= autoscale_entry(changes, i)->value;
    return replicas;
}

static int64_t autoscale_hpa_limit(const struct autoscale_hpa *hpa, int64_t base,
                                   int64_t replicas, int64_t wanted)
{
    if (wanted > replicas) {
        int64_t by_share = (int64_t)ceil((double)base * (1 + hpa->up_share) - AUTOSCALE_HAIR);
        int64_t by_pods = base + (int64_t)hpa->up_pods;
        int64_t most = by_share > by_pods ? by_share : by_pods;
        most = most > replicas ? most : replicas;
        return wanted < most ? wanted : most;
    }
    int64_t least = (int64_t)((double)base * (1 - hpa->down_share) + AUTOSCALE_HAIR);
    least = least < replicas ? least : replicas;
    return wanted > least ? wanted : least;
}

static uint32_t autoscale_hpa_decide(const struct autoscale *scale,
                                     struct autoscale_memory *memory, sim_time now,
                                     const struct autoscale_metrics *metrics)
{
    const struct autoscale_hpa *hpa = scale->rule.config;
    int64_t replicas = metrics->replicas;
    if (memory->recommendations.count == 0)
        autoscale_note(&memory->recommendations, now, replicas);
    if (metrics->replicas > scale->max)
        return (uint32_t)scale->max;
    if (metrics->replicas < scale->min)
        return (uint32_t)scale->min;
    int64_t wanted =
        autoscale_stabilise(&memory->recommendations, now, hpa->up_window, hpa->down_window,
                            replicas, autoscale_hpa_desire(hpa, metrics));
    int64_t base = autoscale_hpa_base(hpa, &memory->changes, now, replicas);
    return (uint32_t)autoscale_hpa_limit(hpa, base, replicas, wanted);
}

/* -- NSX ALB -- */

static sim_time autoscale_avi_interval(const void *config)
{
    return ((const struct autoscale_avi *)config)->interval;
}

static sim_time autoscale_avi_window(const void *config)
{
    return ((const struct autoscale_avi *)config)->in_cooldown;
}

static sim_time autoscale_settles_at_once(const void *config)
{
    (void)config;
    return 0;
}

static bool autoscale_avi_is_cool(const struct autoscale_memory *memory, sim_time now,
                                  sim_time cooldown)
{
    return memory->changed == SIM_NEVER || now - memory->changed >= cooldown;
}

static uint32_t autoscale_avi_decide(const struct autoscale *scale,
                                     struct autoscale_memory *memory, sim_time now,
                                     const struct autoscale_metrics *metrics)
{
    const struct autoscale_avi *avi = scale->rule.config;
    uint32_t replicas = metrics->replicas;
    if (metrics->ready == 0)
        return replicas;
    double spare = 1 - metrics->usage / metrics->ready;
    if (spare < avi->out_margin - AUTOSCALE_HAIR &&
        autoscale_avi_is_cool(memory, now, avi->out_cooldown))
        return replicas + (uint32_t)avi->out_step;
    if (spare > avi->in_margin + AUTOSCALE_HAIR &&
        autoscale_avi_is_cool(memory, now, avi->in_cooldown))
        return replicas > avi->in_step ? replicas - (uint32_t)avi->in_step : 1;
    return replicas;
}

/* -- what is left over -- */

static sim_time autoscale_surplus_interval(const void *config)
{
    return ((const struct autoscale_surplus *)config)->interval;
}

static sim_time autoscale_surplus_window(const void *config)
{
    return ((const struct autoscale_surplus *)config)->idle_for;
}

static double autoscale_surplus_idle_below(const void *config)
{
    return ((const struct autoscale_surplus *)config)->idle_below;
}

static uint32_t autoscale_surplus_decide(const struct autoscale *scale,
                                         struct autoscale_memory *memory, sim_time now,
                                         const struct autoscale_metrics *metrics)
{
    const struct autoscale_surplus *surplus = scale->rule.config;
    if (memory->recommendations.count == 0)
        autoscale_note(&memory->recommendations, now, metrics->replicas);
    int64_t wanted = (int64_t)metrics->ready - metrics->idle + (int64_t)surplus->spare;
    return (uint32_t)autoscale_stabilise(&memory->recommendations, now, 0, surplus->idle_for,
                                         metrics->replicas, wanted);
}

/* -- the list -- */

static const struct autoscale_ops autoscale_list[] = {
    {.kind = {.name = "hpa",
              .summary = "Kubernetes' HorizontalPodAutoscaler by CPU utilisation",
              .params = autoscale_hpa_params,
              .config_size = sizeof(struct autoscale_hpa)},
     .source = "kubernetes/kubernetes pkg/controller/podautoscaler",
     .interval = autoscale_hpa_interval,
     .window = autoscale_hpa_window,
     .stays = autoscale_hpa_stays,
     .decide = autoscale_hpa_decide,
     .settles = autoscale_hpa_settles},
    {.kind = {.name = "avi",
              .summary = "Server autoscale of NSX ALB: by the capacity to spare; the idlest go",
              .params = autoscale_avi_params,
              .config_size = sizeof(struct autoscale_avi)},
     .source = "NSX ALB, ServerAutoScalePolicy, intelligent mode",
     .idlest = true,
     .interval = autoscale_avi_interval,
     .window = autoscale_avi_window,
     .stays = autoscale_avi_window,
     .decide = autoscale_avi_decide,
     .settles = autoscale_settles_at_once},
    {.kind = {.name = "surplus",
              .summary = "Idle pods but for a few are powered off, for algorithms that fill one "
                         "pod after the other",
              .params = autoscale_surplus_params,
              .config_size = sizeof(struct autoscale_surplus)},
     .source = "textbook; NSX ALB, LB_ALGORITHM_FEWEST_SERVERS and de-provisioning",
     .idlest = true,
     .interval = autoscale_surplus_interval,
     .window = autoscale_surplus_window,
     .stays = autoscale_surplus_window,
     .decide = autoscale_surplus_decide,
     .settles = autoscale_settles_at_once,
     .idle_below = autoscale_surplus_idle_below},
};

static const struct kind *autoscale_at(size_t index)
{
    return index < sizeof autoscale_list / sizeof *autoscale_list ? &autoscale_list[index].kind
                                                                  : NULL;
}

const struct kind_list autoscale_kinds = {.noun = "autoscaler", .at = autoscale_at};

/* -- for all of them -- */

uint32_t autoscale_decide(const struct autoscale *scale, struct autoscale_memory *memory,
                          sim_time now, const struct autoscale_metrics *metrics)
{
    uint64_t wanted = autoscale_ops(scale)->decide(scale, memory, now, metrics);
    wanted = wanted > scale->min ? wanted : scale->min;
    wanted = wanted < scale->max ? wanted : scale->max;
    if (wanted != metrics->replicas) {
        memory->changed = now;
        autoscale_note(&memory->changes, now, (int64_t)wanted - (int64_t)metrics->replicas);
    }
    return (uint32_t)wanted;
}

/* The k-th pod of a group is taken away some time after it was last wanted, and wanted again
   one decision later at the earliest. */
double autoscale_reserve(const struct autoscale *scale, sim_time duration)
{
    sim_time interval = autoscale_ops(scale)->interval(scale->rule.config);
    sim_time stays = autoscale_ops(scale)->stays(scale->rule.config);
    sim_time life = interval + (stays > interval ? stays : interval);
    return (double)scale->max * (double)(duration / life + 1);
}

bool autoscale_has(const struct scenario *scenario, const char *group)
{
    for (size_t i = 0; i < scenario->autoscale.count; i++)
        if (strcmp(PARAM_ITEM(scenario->autoscale, struct autoscale, i)->pods, group) == 0)
            return true;
    return false;
}
