/* SPDX-License-Identifier: GPL-3.0-or-later
   One line of an access log, as Apache's and nginx's documentation define them:
     common    HOST IDENT USER [TIME] "METHOD PATH PROTOCOL" STATUS BYTES
     combined  common "REFERRER" "AGENT", anything after that ignored
     nginx     combined, then $request_time $upstream_addr, bare or as rt=… ua="…" */
#include "models/replay_stamp.h"
#include "sim/cli/import_part.h"

#include <string.h>

/* Reads from left to right. */
struct import_log {
    const struct import_parser *parser;
    const char *begin, *at, *end;
    struct import_fields *fields;
    struct import_fault *fault;
};

static bool import_log_fail(struct import_log *log, const char *reason)
{
    log->fault->reason = reason;
    log->fault->column = (size_t)(log->at - log->begin) + 1;
    return false;
}

static bool import_log_skip(struct import_log *log, char c)
{
    if (log->at == log->end || *log->at != c)
        return false;
    log->at++;
    return true;
}

/* The bytes up to the next blank. */
static struct import_text import_log_word(struct import_log *log)
{
    const char *begin = log->at;
    while (log->at < log->end && *log->at != ' ')
        log->at++;
    return (struct import_text){begin, (size_t)(log->at - begin)};
}

/* The inside of a quoted string; a backslash takes the next byte along. */
static bool import_log_quoted(struct import_log *log, struct import_text *text)
{
    if (log->at == log->end || *log->at != '"')
        return false;
    const char *at = log->at + 1;
    while (at < log->end && *at != '"')
        at += *at == '\\' && log->end - at > 1 ? 2 : 1;
    if (at >= log->end)
        return false;
    *text = (struct import_text){log->at + 1, (size_t)(at - log->at) - 1};
    log->at = at + 1;
    return true;
}

static int import_log_month(const char *text)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (memcmp(text, names + 3 * i, 3) == 0)
            return i + 1;
    return 0;
}

bool import_log_stamp(const char *text, size_t size, struct import_fields *fields)
{
    if (size != 28 || text[0] != '[' || text[3] != '/' || text[7] != '/' ||
        text[12] != ':' || text[15] != ':' || text[18] != ':' || text[21] != ' ' ||
        (text[22] != '+' && text[22] != '-') || text[27] != ']')
        return false;
    int hours = replay_stamp_digits(text + 23, 2);
    int minutes = replay_stamp_digits(text + 25, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    struct replay_civil civil = {
        .year = replay_stamp_digits(text + 8, 4),
        .month = import_log_month(text + 4),
        .day = replay_stamp_digits(text + 1, 2),
        .hour = replay_stamp_digits(text + 13, 2),
        .minute = replay_stamp_digits(text + 16, 2),
        .second = replay_stamp_digits(text + 19, 2),
        .zone = (hours * 3600 + minutes * 60) * (text[22] == '-' ? -1 : 1),
    };
    fields->minute = civil.minute;
    return replay_stamp_compose(&civil, &fields->stamp);
}

static bool import_log_head(struct import_log *log)
{
    log->fields->user = import_log_word(log);
    if (log->fields->user.size == 0)
        return import_log_fail(log, "no client address");
    const char *open = memchr(log->at, '[', (size_t)(log->end - log->at));
    if (open == NULL)
        return import_log_fail(log, "no time in brackets");
    log->at = open;
    const char *close = memchr(open, ']', (size_t)(log->end - open));
    if (close == NULL ||
        !import_log_stamp(open, (size_t)(close - open) + 1, log->fields))
        return import_log_fail(log, "time is not [day/Mon/year:hour:minute:second zone]");
    log->at = close + 1;
    return true;
}

/* The path stands between the method and, except in HTTP/0.9, the protocol; it may hold
   blanks. */
static bool import_log_path(struct import_text request, struct import_text *path)
{
    const char *blank = memchr(request.at, ' ', request.size);
    if (blank == NULL || blank == request.at)
        return false;
    const char *begin = blank + 1, *end = request.at + request.size;
    for (const char *at = end; at > begin; at--)
        if (at[-1] == ' ') {
            if (end - at >= 5 && memcmp(at, "HTTP/", 5) == 0)
                end = at - 1;
            break;
        }
    *path = (struct import_text){begin, (size_t)(end - begin)};
    return end > begin;
}

static bool import_log_request(struct import_log *log)
{
    struct import_text request;
    if (!import_log_skip(log, ' ') || log->at == log->end || *log->at != '"')
        return import_log_fail(log, "no quoted request line after the time");
    const char *begin = log->at;
    if (!import_log_quoted(log, &request))
        return import_log_fail(log, "the request line has no closing quote");
    struct import_text *key = &log->fields->key;
    const char *form = log->parser->columns[IMPORT_KEY];
    if (!import_log_path(request, key)) {
        log->at = begin;
        return import_log_fail(log, "the request line is not METHOD PATH");
    }
    if (form != NULL && strcmp(form, "client") == 0)
        *key = log->fields->user;
    const char *query = memchr(key->at, '?', key->size);
    if (form != NULL && strcmp(form, "path") == 0 && query != NULL)
        key->size = (size_t)(query - key->at);
    return true;
}

static bool import_log_reply(struct import_log *log)
{
    bool has_blank = import_log_skip(log, ' ');
    struct import_text status = import_log_word(log);
    if (!has_blank || status.size != 3 || replay_stamp_digits(status.at, 3) < 100) {
        log->at = status.at;
        return import_log_fail(log, "the status is not a number of three digits");
    }
    has_blank = import_log_skip(log, ' ');
    struct import_text size = import_log_word(log);
    bool is_dash = size.size == 1 && size.at[0] == '-';
    for (size_t i = 0; i < size.size; i++)
        has_blank = has_blank && (is_dash || (size.at[i] >= '0' && size.at[i] <= '9'));
    log->fields->size = 0;
    if (has_blank && size.size > 0 &&
        (is_dash || replay_stamp_number(size.at, size.size, 1, &log->fields->size)))
        return true;
    log->at = size.at;
    return import_log_fail(log, "the size is neither a number nor a dash");
}

static bool import_log_referrer_and_agent(struct import_log *log)
{
    struct import_text text;
    if (!import_log_skip(log, ' ') || !import_log_quoted(log, &text))
        return import_log_fail(log, "no quoted referrer after the size");
    if (!import_log_skip(log, ' ') || !import_log_quoted(log, &text))
        return import_log_fail(log, "no quoted agent after the referrer");
    return true;
}

/* The next word or quoted string at the end of an nginx line, with what stands before "=". */
static bool import_log_next(struct import_log *log, struct import_text *name,
                            struct import_text *value)
{
    while (import_log_skip(log, ' '))
        continue;
    if (log->at == log->end)
        return false;
    const char *begin = log->at;
    while (log->at < log->end && *log->at != ' ' && *log->at != '"' && *log->at != '=')
        log->at++;
    *name = (struct import_text){begin, 0};
    if (log->at < log->end && *log->at == '=') {
        name->size = (size_t)(log->at - begin);
        log->at++;
    } else {
        log->at = begin;
    }
    if (!import_log_quoted(log, value))
        *value = import_log_word(log);
    return true;
}

static bool import_log_is(struct import_text text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

/* Request time and upstream, in that order, or named; other words are passed over. */
static bool import_log_tail(struct import_log *log)
{
    struct import_text name, value;
    const char *tail = log->at;
    int64_t time = -1;
    while (import_log_next(log, &name, &value)) {
        bool is_bare = name.size == 0;
        int64_t number;
        if (time < 0 && (is_bare || import_log_is(name, "rt") ||
                         import_log_is(name, "request_time")) &&
            replay_stamp_number(value.at, value.size, log->parser->demand_unit, &number) &&
            number >= 0)
            time = number;
        else if (log->fields->upstream.size == 0 &&
                 ((is_bare && time >= 0) || import_log_is(name, "ua") ||
                  import_log_is(name, "upstream_addr")))
            log->fields->upstream = value;
    }
    log->fields->demand = time;
    if (time >= 0)
        return true;
    log->at = tail;
    return import_log_fail(log, "no request time after the agent");
}

bool import_log_parse(const struct import_parser *parser, const struct import_line *line,
                      struct import_fields *fields, struct import_fault *fault)
{
    struct import_log log = {.parser = parser, .begin = line->text, .at = line->text,
                             .end = line->text + line->size, .fields = fields,
                             .fault = fault};
    enum import_kind kind = parser->format->kind;
    if (!import_log_head(&log) || !import_log_request(&log) || !import_log_reply(&log))
        return false;
    if (kind == IMPORT_COMMON && log.at < log.end)
        return import_log_fail(&log, "more after the size");
    if (kind != IMPORT_COMMON && !import_log_referrer_and_agent(&log))
        return false;
    return kind != IMPORT_NGINX || import_log_tail(&log);
}
