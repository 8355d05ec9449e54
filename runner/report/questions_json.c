/* The open questions as JSON. */
#include "json_facts.h"
#include "json_make.h"
#include "json_stream.h"
#include "questions_inner.h"

#define ANSWER_MAX ((size_t)32 << 20)

/* What is gathered of a case. */
struct gathered {
    json_t *list;
    bool failed;
};

static void gather(void *context, const struct observed *observed, const struct test_case *test,
                   const json_t *answer, size_t runs, size_t of, bool today)
{
    struct gathered *gathered = context;
    json_t *made = json_object();
    struct str_buf words;
    sb_init(&words, ANSWER_MAX);
    observed_answer_words(&words, test, answer);
    gathered->failed = gathered->failed || made == NULL || words.failed;
    jm_text(made, "windows", observed->name, &gathered->failed);
    jm_text(made, "answer", sb_text(&words), &gathered->failed);
    jm_set(made, "runs", json_integer((json_int_t)runs), &gathered->failed);
    jm_set(made, "of", json_integer((json_int_t)of), &gathered->failed);
    jm_set(made, "outdated", json_boolean(!today), &gathered->failed);
    jm_append(gathered->list, made, &gathered->failed);
    sb_free(&words);
}

static json_t *case_json(const struct questions_report *report, const struct test_case *test)
{
    const struct case_verdict *verdict = questions_verdict(report, test);
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_text(made, "id", test->id, &failed);
    jm_text(made, "title", test->title != NULL ? test->title : "", &failed);
    jm_text(made, "preamble", test->preamble != NULL ? test->preamble->id : NULL, &failed);
    if (verdict != NULL) {
        jm_text(made, "verdict", verdict_name(verdict->verdict), &failed);
        jm_text(made, "answer", verdict->outcome, &failed);
        jm_text(made, "reason", verdict->reason, &failed);
    }
    struct gathered gathered = {.list = json_array()};
    questions_each_observed(report, test, gather, &gathered);
    failed = failed || gathered.failed;
    if (json_array_size(gathered.list) > 0) {
        jm_set(made, "observed", json_incref(gathered.list), &failed);
    }
    json_decref(gathered.list);
    return jm_end(made, failed);
}

static json_t *question_json(const struct questions_report *report, const struct question *question)
{
    json_t *made = json_object(), *cases = json_array(), *judged = json_array();
    bool failed = made == NULL || cases == NULL || judged == NULL;
    jm_text(made, "id", question->id, &failed);
    jm_text(made, "text", question->text, &failed);
    jm_set(made, "pages", jm_texts(&question->pages), &failed);
    jm_set(made, "sides", jm_texts(&question->sides), &failed);
    for (size_t i = 0; i < report->tables->case_count; i++) {
        if (report->tables->cases[i].question == question) {
            jm_append(cases, case_json(report, &report->tables->cases[i]), &failed);
        }
        if (questions_judges(&report->tables->cases[i], question)) {
            jm_append(judged, json_string(report->tables->cases[i].id), &failed);
        }
    }
    jm_set(made, "cases", cases, &failed);
    jm_set(made, "judged", judged, &failed);
    return jm_end(made, failed);
}

enum cts_status questions_write_json(const struct questions_report *report, const char *path,
                                     struct cts_error *err)
{
    struct json_stream *stream = js_open(path, err);
    const char *before = "\n";
    if (stream == NULL) {
        return err != NULL ? err->status : CTS_IO;
    }
    js_text(stream, "{\"format\":\"vsscts-questions\",\n\"questions\":[");
    for (size_t i = 0; i < report->tables->question_count; i++) {
        if (questions_chosen(report, &report->tables->questions[i])) {
            js_text(stream, before);
            js_value_new(stream, question_json(report, &report->tables->questions[i]));
            before = ",\n";
        }
    }
    js_text(stream, "\n],\n\"run\":");
    js_value_new(stream, facts_run(report->run != NULL ? report->run->header : NULL));
    js_text(stream, ",\n\"version\":1}\n");
    return js_close(stream, err);
}
