/* SPDX-License-Identifier: GPL-3.0-or-later
   Short forms become settings.  --policy is resolved in two steps: labels are looked up in
   the scenario as it stands; all else is bound as YAML by loading it a second time with that
   list in place of its own. */
#include "sim/cli/load.h"

#include "models/policy.h"
#include "sim/cli/talk.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <string.h>

/* Options that are a setting by another name. */
static const struct {
    const struct option *option;
    const char *path;
} load_short_forms[] = {
    {&option_seed, "run.seed"},
    {&option_replications, "run.replications"},
    {&option_duration, "run.duration"},
};

enum { LOAD_SHORT_FORMS = sizeof load_short_forms / sizeof load_short_forms[0] };

/* One load under way. */
struct load {
    const struct command_line *line;
    const char *path;
    struct arena *arena;
    const struct load_further *further; /* NULL: none */
    struct config_setting *settings; /* room for one more, the policies */
    size_t setting_count;
};

static const struct param *load_row_key(const struct param *table, const char *key,
                                        size_t length)
{
    for (const struct param *row = table; row && row->key; row++)
        if (strlen(row->key) == length && memcmp(row->key, key, length) == 0)
            return row;
    return NULL;
}

const struct param *load_row(const struct param *table, const char *path)
{
    for (;;) {
        size_t length = strcspn(path, ".");
        const struct param *row = load_row_key(table, path, length);
        if (!row || path[length] == '\0')
            return row;
        if (row->type == PARAM_LIST)
            row = row->of.item;
        if (row->type != PARAM_MAP)
            return NULL;
        table = row->of.fields;
        path += length + 1;
    }
}

struct param_list *load_policies(const struct scenario *scenario)
{
    CHECK(scenario->balancers.count > 0);
    return &((struct scenario_balancer *)scenario->balancers.items)[scenario->compared].policy;
}

/* Splits PATH=VALUE. */
static bool load_add_setting(struct load *load, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        talk_usage(load->line->command, NULL, "--set takes PATH=VALUE, not '%s'", text);
        return false;
    }
    load->settings[load->setting_count++] = (struct config_setting){
        .path = arena_copy_text(load->arena, text, (size_t)(equals - text)),
        .value = equals + 1,
    };
    return true;
}

/* Checks the value here, so that the message names the option. */
static bool load_add_short_form(struct load *load, const struct option *option,
                                const char *path)
{
    const char *value = option_value(load->line, option);
    if (!value)
        return true;
    const struct param *row = load_row(scenario_params, path);
    CHECK(row);
    _Alignas(max_align_t) char field[64];
    char message[256] = "";
    if (!config_parse(row, value, field, message, sizeof message)) {
        talk_usage(load->line->command, NULL, "--%s '%s': %s", option->name, value, message);
        return false;
    }
    size_t size = strlen(option->name) + strlen(value) + 8;
    char *shown = arena_take(load->arena, size, 1);
    snprintf(shown, size, "--%s %s", option->name, value);
    load->settings[load->setting_count++] = (struct config_setting){path, value, shown};
    return true;
}

static bool load_settings(struct load *load)
{
    size_t further = load->further ? load->further->count : 0;
    size_t room = load->line->given_count + further + LOAD_SHORT_FORMS + 1;
    load->settings = arena_take(load->arena, room, sizeof *load->settings);
    const char *text;
    for (size_t i = 0; (text = option_value_at(load->line, &option_set, i)); i++)
        if (!load_add_setting(load, text))
            return false;
    for (size_t i = 0; i < further; i++)
        load->settings[load->setting_count++] = load->further->settings[i];
    for (size_t i = 0; i < LOAD_SHORT_FORMS; i++)
        if (!load_add_short_form(load, load_short_forms[i].option, load_short_forms[i].path))
            return false;
    return true;
}

/* `again`: warnings were printed before. */
static struct scenario *load_bind(const struct load *load, bool again, int *status)
{
    struct problems problems = {0};
    struct scenario *scenario = scenario_load(load->path, load->settings,
                                              load->setting_count, load->arena, &problems);
    CHECK((scenario != NULL) == (problems.errors == 0));
    if (again && scenario)
        problems_free(&problems);
    *status = talk_problems(load->line, &problems);
    return scenario;
}

/* A policy's kind by name. */
static const struct kind *load_kind(const char *name)
{
    const struct kind *kind;
    for (size_t i = 0; (kind = policy_kinds.at(i)); i++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

static const struct param_kind *load_labelled(const struct param_list *policies,
                                              const char *label)
{
    for (size_t i = 0; i < policies->count; i++) {
        const struct param_kind *policy = PARAM_ITEM(*policies, struct param_kind, i);
        if (strcmp(policy->label, label) == 0)
            return policy;
    }
    return NULL;
}

static bool load_unknown_policy(const struct load *load, const struct param_list *own,
                                const char *word)
{
    size_t count = own->count, kinds = 0;
    while (policy_kinds.at(kinds))
        kinds++;
    const char **names = arena_take(load->arena, count + kinds + 2, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = PARAM_ITEM(*own, struct param_kind, i)->label;
    for (size_t i = 0; i < kinds; i++)
        names[count++] = policy_kinds.at(i)->name;
    names[count] = "all";
    const char *hint = talk_suggestion(load->arena, talk_nearest(word, names));
    talk_usage(load->line->command, hint ? hint : "'lbsim list policies' lists them",
               "unknown policy '%s'", word);
    return false;
}

/* What --policy asks for, one word for each policy. */
struct load_words {
    const char **items; /* ends with NULL */
    size_t count;
};

/* Repeated words count once. */
static void load_add_word(struct load_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return;
    words->items[words->count++] = word;
}

/* Adds the policies that a word stands for; false: for none. */
static bool load_add_several(struct load_words *words, const struct param_list *own,
                             const char *word)
{
    bool oracles = strcmp(word, "oracles") == 0, is_own = strcmp(word, "own") == 0;
    if (!oracles && !is_own && strcmp(word, "all") != 0)
        return false;
    for (size_t i = 0; is_own && i < own->count; i++)
        load_add_word(words, PARAM_ITEM(*own, struct param_kind, i)->label);
    for (size_t i = 0; !is_own && policy_kinds.at(i); i++)
        if (!oracles ||
            (((const struct policy_ops *)policy_kinds.at(i))->traits & POLICY_ORACLE) != 0)
            load_add_word(words, policy_kinds.at(i)->name);
    return true;
}

/* Adds one value of --policy: YAML, or names with commas between. */
static bool load_add_policy(const struct load *load, const struct param_list *own,
                            struct load_words *words, const char *value)
{
    if (strpbrk(value, "{: ")) {
        load_add_word(words, value);
        return true;
    }
    for (;;) {
        size_t length = strcspn(value, ",");
        const char *word = arena_copy_text(load->arena, value, length);
        if (load_labelled(own, word) || load_kind(word))
            load_add_word(words, word);
        else if (!load_add_several(words, own, word))
            return load_unknown_policy(load, own, word);
        if (value[length] == '\0')
            return true;
        value += length + 1;
    }
}

static bool load_wanted(const struct load *load, const struct param_list *own,
                        struct load_words *words)
{
    size_t kinds = 0, room = 1;
    while (policy_kinds.at(kinds))
        kinds++;
    const char *value;
    for (size_t i = 0; (value = option_value_at(load->line, &option_policy, i)); i++)
        room += strlen(value) + 1 + kinds + own->count;
    *words = (struct load_words){.items = arena_take(load->arena, room, sizeof(char *))};
    for (size_t i = 0; (value = option_value_at(load->line, &option_policy, i)); i++)
        if (!load_add_policy(load, own, words, value))
            return false;
    return true;
}

/* Writes the words that are no label of the scenario, each between two texts; returns how
   many. */
static size_t load_join(const struct load *load, const struct param_list *own,
                        const struct load_words *words, const char *const between[3],
                        const char **joined)
{
    struct output *output = output_to_memory();
    size_t size, count = 0;
    for (size_t i = 0; i < words->count; i++)
        if (!load_labelled(own, words->items[i]))
            output_format(output, "%s%s", between[count++ > 0], words->items[i]);
    output_text(output, between[2]);
    const char *text = output_memory(output, &size);
    *joined = arena_copy_text(load->arena, text, size);
    output_close(output, false);
    return count;
}

/* Adds the setting of the words that are no label; false when there are none.  A single one
   needs no list around it, and its mistakes are shown as they were typed. */
static bool load_set_policies(struct load *load, size_t tier, const struct param_list *own,
                              const struct load_words *words)
{
    static const char *const list[] = {"[", ", ", "]"}, *const single[] = {"", "", ""};
    static const char *const options[] = {"--policy ", " --policy ", ""};
    char path[48];
    int size = snprintf(path, sizeof path, "balancers.%zu.policy", tier);
    struct config_setting setting = {arena_copy_text(load->arena, path, (size_t)size), NULL, NULL};
    size_t count = load_join(load, own, words, options, &setting.shown);
    load_join(load, own, words, count == 1 ? single : list, &setting.value);
    if (count > 0)
        load->settings[load->setting_count++] = setting;
    return count > 0;
}

static bool load_labels_differ(const struct load *load, const struct param_list *policies)
{
    for (size_t i = 0; i < policies->count; i++) {
        const char *label = PARAM_ITEM(*policies, struct param_kind, i)->label;
        if (load_labelled(policies, label) == PARAM_ITEM(*policies, struct param_kind, i))
            continue;
        talk_usage(load->line->command, "give one of them a label: '{p2c: {}, as: other}'",
                   "two policies are called '%s'", label);
        return false;
    }
    return true;
}

/* The policies of the words, in their order: those of `own` by label, else the next of
   `bound`.  False after a message. */
static bool load_choose(const struct load *load, const struct load_words *words,
                        const struct param_list *own, const struct param_list *bound,
                        struct param_list *chosen)
{
    struct param_kind *items = arena_take(load->arena, words->count, sizeof *items);
    size_t next = 0;
    for (size_t i = 0; i < words->count; i++) {
        const struct param_kind *labelled = load_labelled(own, words->items[i]);
        if (!labelled && next < bound->count)
            items[i] = *PARAM_ITEM(*bound, struct param_kind, next);
        else if (labelled)
            items[i] = *labelled;
        next += !labelled;
    }
    *chosen = (struct param_list){items, words->count};
    if (next == bound->count)
        return load_labels_differ(load, chosen);
    talk_usage(load->line->command, "repeat --policy for each",
               "--policy takes one policy in braces");
    return false;
}

/* Puts the policies asked for in place of the scenario's. */
static int load_replace_policies(struct load *load, struct scenario **scenario)
{
    struct param_list own = *load_policies(*scenario), bound = {0}, chosen;
    struct load_words words;
    if (!load_wanted(load, &own, &words))
        return STATUS_USAGE;
    size_t tier = (*scenario)->compared;
    if (load_set_policies(load, tier, &own, &words)) {
        int status;
        *scenario = load_bind(load, true, &status);
        if (!*scenario)
            return STATUS_USAGE; /* it was fine without them */
        (*scenario)->compared = tier;
        bound = *load_policies(*scenario);
    }
    if (!load_choose(load, &words, &own, &bound, &chosen))
        return STATUS_USAGE;
    *load_policies(*scenario) = chosen;
    return STATUS_FINE;
}

static int load_expectations(const struct load *load, struct loaded *loaded,
                             const struct param_list *own)
{
    struct problems problems = {0};
    expectations_load(loaded->scenario, own, &loaded->arena, &problems, &loaded->expectations);
    return talk_problems(load->line, &problems);
}

int load_scenario(const struct command_line *line, const char *path, struct loaded *loaded)
{
    return load_scenario_with(line, path, NULL, loaded);
}

bool load_try(const struct command_line *line, const char *path,
              const struct config_setting *setting, struct arena *arena,
              struct problems *problems)
{
    struct load_further further = {setting, 1};
    struct load load = {.line = line, .path = path, .arena = arena, .further = &further};
    size_t errors = problems->errors;
    if (load_settings(&load))
        scenario_load(path, load.settings, load.setting_count, arena, problems);
    return problems->errors == errors;
}

int load_scenario_with(const struct command_line *line, const char *path,
                       const struct load_further *further, struct loaded *loaded)
{
    *loaded = (struct loaded){.path = path};
    struct load load = {
        .line = line, .path = path, .arena = &loaded->arena, .further = further};
    int status = STATUS_USAGE;
    if (load_settings(&load))
        loaded->scenario = load_bind(&load, further != NULL, &status);
    struct param_list own = {0};
    if (loaded->scenario)
        own = *load_policies(loaded->scenario);
    if (loaded->scenario && option_is_given(line, &option_policy))
        status = load_replace_policies(&load, &loaded->scenario);
    if (status == STATUS_FINE) {
        loaded->vary = loaded->scenario->vary;
        loaded->scenario->vary = (struct param_list){0};
    }
    if (status == STATUS_FINE)
        status = load_expectations(&load, loaded, &own);
    if (status != STATUS_FINE)
        load_free(loaded);
    return status;
}

void load_free(struct loaded *loaded)
{
    arena_free(&loaded->arena);
    loaded->scenario = NULL;
}
