#include "journal.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifndef VSSCTS_VERSION
#define VSSCTS_VERSION "0.0.0"
#endif

#define LOG_FORMAT 1

void journal_init(struct journal *journal, const struct eng_callbacks *callbacks,
                  const struct eng_earlier *earlier)
{
    memset(journal, 0, sizeof *journal);
    log_init(&journal->log);
    redact_here(&journal->names);
    journal->callbacks = callbacks;
    /* As if the time between the two had not been: times of a log never go backwards. */
    journal->start = uv_hrtime() - (earlier ? earlier->ms * 1000000 : 0);
}

void journal_free(struct journal *journal)
{
    redact_here_free(&journal->names);
}

uint64_t journal_us(const struct journal *journal)
{
    return (uv_hrtime() - journal->start) / 1000;
}

json_t *journal_event(const struct journal *journal, const char *kind)
{
    return json_pack("{s:s, s:I}", "e", kind, "t", (json_int_t)(journal_us(journal) / 1000));
}

/* The event as it may leave the machine. What a call gave is held against the tables, in which any
 * word may stand that happens to be somebody's name, or "/root": of such names only a folder's of
 * more than one part is looked for there. */
static json_t *redacted(const struct journal *journal, json_t *event)
{
    const struct redact *names = &journal->names.redact;
    const char *kind = json_string_value(json_object_get(event, "e"));
    if (kind == NULL || strcmp(kind, "step") != 0) {
        return redact_value(names, event);
    }
    const bool is_long =
        names->home != NULL && names->home[0] != '\0' && strpbrk(names->home + 1, "/\\") != NULL;
    const struct redact folder = {is_long ? names->home : NULL, NULL, NULL};
    return redact_value(&folder, event);
}

void journal_emit(struct journal *journal, json_t *event)
{
    json_t *told = event ? redacted(journal, event) : NULL;
    if (!told && journal->status == CTS_OK) {
        journal->status = CTS_NOMEM;
    }
    if (journal->status == CTS_OK) {
        journal->status = log_add(&journal->log, told);
    }
    if (journal->status == CTS_OK && journal->callbacks && journal->callbacks->event) {
        journal->callbacks->event(journal->callbacks->context, told);
    }
    json_decref(told);
    json_decref(event);
}

/* --- the header --- */

static json_t *host_facts(const json_t *os)
{
    uv_utsname_t name;
    char system[2 * sizeof name.sysname];
    memset(&name, 0, sizeof name);
    uv_os_uname(&name);
    snprintf(system, sizeof system, "%s %s", name.sysname, name.release);
    json_t *wine = json_object_get(os, "wine");
    json_t *build = json_object_get(os, "wine_build");
    json_t *windows = json_object_get(os, "version");
    char engine[64];
    snprintf(engine, sizeof engine, "libuv %s", uv_version_string());
    return json_pack("{s:s, s:O?, s:O?, s:O?, s:s, s:s}", "os", system, "windows", windows, "wine",
                     wine, "wine_build", build, "arch", name.machine, "engine", engine);
}

json_t *journal_profile(const struct profile *profile)
{
    json_t *can = json_array();
    json_t *volumes = json_array();
    json_t *values = json_object();
    for (int i = 0; i < CAP_COUNT; i++) {
        if (profile->can & (1u << i)) {
            json_array_append_new(can, json_string(capability_name((enum capability)i)));
        }
    }
    for (size_t i = 0; i < profile->volumes.count; i++) {
        json_array_append_new(volumes, json_string(profile->volumes.items[i]));
    }
    for (int i = 0; i < PROFILE_VALUE_COUNT; i++) {
        if (profile->values[i]) {
            json_object_set_new(values, profile_value_name((enum profile_value)i),
                                json_string(profile->values[i]));
        }
    }
    return json_pack("{s:s?, s:s?, s:s, s:o, s:o, s:o}", "name", profile->name, "windows",
                     profile->windows_text, "edition", profile->claims.server ? "server" : "client",
                     "can", can, "volumes", volumes, "values", values);
}

static json_t *option_facts(const struct eng_options *options)
{
    json_t *facts =
        json_pack("{s:I, s:I, s:I, s:f, s:b, s:b, s:b}", "jobs", (json_int_t)options->jobs,
                  "repeat", (json_int_t)options->repeat, "load_ms", (json_int_t)options->load_ms,
                  "time_scale", options->time_scale, "isolate", options->isolate, "retry",
                  !options->no_retry, "each_allocation", options->each_allocation);
    if (facts && options->header && json_object_update(facts, options->header) != 0) {
        json_decref(facts);
        facts = NULL;
    }
    return facts;
}

static void utc_now(char text[32])
{
    time_t now = time(NULL);
    const struct tm *utc = gmtime(&now);
    if (!utc || strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", utc) == 0) {
        snprintf(text, 32, "1970-01-01T00:00:00Z");
    }
}

static void write_header(struct journal *journal, const struct plan *plan,
                         const struct profile *profile, const struct eng_options *options,
                         const struct journal_facts *facts)
{
    char started[32];
    utc_now(started);
    json_t *event = journal_event(journal, "header");
    json_t *iut = facts->iut ? json_incref(facts->iut) : json_pack("{s:s?}", "path", facts->dll);
    json_t *rest =
        json_pack("{s:i, s:{s:s, s:s, s:s}, s:o, s:o, s:o, s:o, s:I, s:s, s:I}", "log", LOG_FORMAT,
                  "suite", "name", "vss-cts", "version", VSSCTS_VERSION, "tables",
                  plan->tables_hash, "iut", iut, "profile", journal_profile(profile), "host",
                  host_facts(facts->os), "options", option_facts(options), "seed",
                  (json_int_t)plan->seed, "started", started, "selected", (json_int_t)plan->count);
    if (!event || !rest || json_object_update(event, rest) != 0) {
        json_decref(event);
        event = NULL;
    }
    json_decref(rest);
    journal_emit(journal, event);
}

/* What had begun and not ended was broken off; an end of the log before this one is none. */
static void write_resume(struct journal *journal, const struct eng_options *options,
                         const struct journal_facts *facts)
{
    char started[32];
    utc_now(started);
    json_t *event = journal_event(journal, "resume");
    if (event && (json_object_set_new(event, "started", json_string(started)) != 0 ||
                  json_object_set_new(event, "jobs", json_integer(options->jobs)) != 0 ||
                  json_object_set_new(event, "host", host_facts(facts->os)) != 0)) {
        json_decref(event);
        event = NULL;
    }
    journal_emit(journal, event);
}

/* Those that the log does not have yet. */
static void write_skips(struct journal *journal, const struct plan *plan,
                        const struct eng_earlier *earlier)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_case *planned = &plan->cases[i];
        if (!planned->skip || (earlier && earlier->ended[i] > 0)) {
            continue;
        }
        json_t *event = journal_event(journal, "skip");
        if (event && (json_object_set_new(event, "case", json_string(planned->test->id)) != 0 ||
                      json_object_set_new(event, "reason", json_string(planned->skip)) != 0)) {
            json_decref(event);
            event = NULL;
        }
        journal_emit(journal, event);
    }
}

void journal_open(struct journal *journal, const struct plan *plan, const struct profile *profile,
                  const struct eng_options *options, const struct journal_facts *facts,
                  struct cts_error *err)
{
    const struct eng_earlier *earlier = options->earlier;
    journal->open = true;
    journal->status = log_open(&journal->log, options->out_dir, earlier ? earlier->size : 0, err);
    if (journal->status != CTS_OK) {
        return;
    }
    if (earlier) {
        write_resume(journal, options, facts);
    } else {
        write_header(journal, plan, profile, options, facts);
    }
    write_skips(journal, plan, earlier);
}

void journal_footer(struct journal *journal, const struct plan *plan, size_t cases,
                    const struct eng_result *result)
{
    json_t *event =
        json_pack("{s:s, s:I, s:b, s:I, s:I, s:I, s:b}", "e", "footer", "t",
                  (json_int_t)(journal_us(journal) / 1000), "complete", cases == plan->count,
                  "cases", (json_int_t)cases, "executions", (json_int_t)result->executions, "us",
                  (json_int_t)journal_us(journal), "interrupted", result->interrupted);
    journal_emit(journal, event);
}
