/* Coverage as JSON. */
#include "../model/hresult.h"
#include "coverage_report.h"
#include "json_facts.h"
#include "json_make.h"
#include "json_stream.h"

static json_t *ids(const struct coverage *coverage, const struct cover_cases *cases)
{
    json_t *array = json_array();
    bool failed = array == NULL;
    for (size_t i = 0; i < cases->count; i++) {
        jm_append(array, json_string(coverage->tables->cases[cases->items[i]].id), &failed);
    }
    return jm_end(array, failed);
}

static void set_method(json_t *made, const struct api_method *method, bool *failed)
{
    if (method != NULL && method->iface != NULL) {
        jm_set(made, "method", json_sprintf("%s.%s", method->iface, method->name), failed);
    } else if (method != NULL) {
        jm_text(made, "method", method->name, failed);
    }
}

static void set_result(json_t *made, const struct api_result *result, bool *failed)
{
    char text[HR_TEXT_SIZE];
    if (result != NULL) {
        const char *name = hr_name(result->code);
        jm_text(made, "code", name != NULL ? name : hr_text(result->code, text, sizeof text),
                failed);
        jm_text(made, "when", result->when.text, failed);
    }
}

/* What the entry is about, by its kind. */
static void set_subject(json_t *made, const struct cover_entry *entry, bool *failed)
{
    set_method(made, entry->method, failed);
    set_result(made, entry->result, failed);
    jm_text(made, "parameter", entry->param != NULL ? entry->param->name : NULL, failed);
    jm_text(made, "state", entry->state != NULL ? entry->state->id : NULL, failed);
    jm_text(made, "requirement", entry->requirement != NULL ? entry->requirement->id : NULL,
            failed);
    jm_text(made, "question", entry->question != NULL ? entry->question->id : NULL, failed);
}

static json_t *entry_json(const struct coverage *coverage, const struct cover_entry *entry)
{
    const enum cover_status status = cover_status(entry);
    json_t *made = json_object();
    bool failed = made == NULL;

    jm_text(made, "kind", cover_kind_name(entry->kind), &failed);
    set_subject(made, entry, &failed);
    jm_text(made, "status", cover_status_name(status), &failed);
    if (entry->basis != BASIS_NONE) {
        jm_text(made, "basis", basis_name(entry->basis), &failed);
    }
    jm_text(made, "reason", status == COVER_UNCHECKED ? entry->unchecked : NULL, &failed);
    jm_set(made, "checks", ids(coverage, &entry->checks), &failed);
    jm_set(made, "asks", ids(coverage, &entry->asks), &failed);
    return jm_end(made, failed);
}

static json_t *totals_json(const struct coverage *coverage)
{
    json_t *made = json_object();
    bool failed = made == NULL;
    for (unsigned kind = 0; kind < COVER_KIND_COUNT; kind++) {
        const struct cover_totals totals = cover_totals(coverage, (enum cover_kind)kind);
        json_t *row = json_object();
        jm_set(row, "total", json_integer((json_int_t)totals.total), &failed);
        for (unsigned status = 0; status <= COVER_MISSING; status++) {
            jm_set(row, cover_status_name((enum cover_status)status),
                   json_integer((json_int_t)totals.by_status[status]), &failed);
        }
        jm_set(made, cover_kind_name((enum cover_kind)kind), row, &failed);
    }
    return jm_end(made, failed);
}

/* One line an entry, as the cases in a report. */
static void write_entries(struct json_stream *stream, const struct coverage *coverage)
{
    const char *before = "\n";
    js_text(stream, "{\"entries\":[");
    for (size_t i = 0; i < coverage->count; i++) {
        if (coverage->entries[i].applies) {
            js_text(stream, before);
            js_value_new(stream, entry_json(coverage, &coverage->entries[i]));
            before = ",\n";
        }
    }
    js_text(stream, "\n],\n");
}

enum cts_status coverage_write_json(const struct coverage *coverage, const json_t *header,
                                    const char *path, struct cts_error *err)
{
    struct json_stream *stream = js_open(path, err);
    if (stream == NULL) {
        return err != NULL ? err->status : CTS_IO;
    }
    write_entries(stream, coverage);
    js_text(stream, "\"format\":\"vsscts-coverage\",\n\"run\":");
    js_value_new(stream, facts_run(header));
    js_text(stream, ",\n\"totals\":");
    js_value_new(stream, totals_json(coverage));
    js_text(stream, ",\n\"version\":1}\n");
    return js_close(stream, err);
}
