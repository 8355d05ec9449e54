/* A run that never was: one case of every kind that a report tells apart. */
#ifndef VSSCTS_U_REPORT_FIXTURE_H
#define VSSCTS_U_REPORT_FIXTURE_H

#include "../../runner/report/report.h"
#include <stdlib.h>
#include <string.h>

enum { F_CRASH, F_FAIL, F_FLAKE, F_KNOWN, F_PASS, F_QUESTION, F_SKIP, F_BETTER, F_COUNT };

/* Text of the implementation that a terminal must not see as it is. */
#define F_EVIL "evil\x1B[2J"

struct fixture {
    struct tables tables;
    struct plan plan;
    struct plan_case planned[F_COUNT];
    struct plan_case *by_id[F_COUNT];
    struct plan_step steps[3];
    struct judged_run run;
    struct case_verdict verdicts[F_COUNT];
    struct finding findings[3];
    struct report report;
};

static struct requirement f_requirements[] = {
    {.id = "I.M#one", .level = LEVEL_MUST, .page = "nf-page", .text = "one"},
    {.id = "I.M#three", .level = LEVEL_MAY, .text = "three", .unchecked = "nobody can see it"},
    {.id = "I.M#two", .level = LEVEL_SHOULD, .text = "two"},
};
static const char *const f_both[] = {"I.M#one", "I.M#two"};
static struct question f_question = {.id = "q-one", .text = "?"};
static struct api_method f_method = {.iface = "I", .name = "M"};
static struct step f_step = {.op = STEP_CALL, .object = "bc", .label = "it", .method = &f_method};
static struct test_case f_cases[F_COUNT] = {
    [F_CRASH] = {.id = "s/a-crash", .suite = "s", .title = "it crashes"},
    [F_FAIL] = {.id = "s/b-fail", .suite = "s", .title = "it fails"},
    [F_FLAKE] = {.id = "s/c-flake", .suite = "s", .title = "now and then"},
    [F_KNOWN] = {.id = "s/d-known", .suite = "s", .title = "known to fail"},
    [F_PASS] = {.id = "s/e-pass", .suite = "s", .title = "it passes"},
    [F_QUESTION] = {.id = "s/f-question", .suite = "s", .title = "who knows"},
    [F_SKIP] = {.id = "s/g-skip", .suite = "s", .title = "not today"},
    [F_BETTER] = {.id = "s/h-better", .suite = "s", .title = "it was worse"},
};

static const char f_header[] =
    "{\"e\":\"header\",\"log\":1,\"suite\":{\"name\":\"vss-cts\",\"version\":\"1.2\",\"tables\":"
    "\"00\"},"
    "\"iut\":{\"path\":\"C:\\\\x.dll\",\"file_version\":\"6.1\",\"sha256\":\"0123456789abcdef\","
    "\"arch\":\"i686\",\"size\":\"many\",\"exports\":[\"A\"],\"more\":1},"
    "\"profile\":{\"name\":\"clone\\u001b\",\"windows\":\"6.1\",\"edition\":\"client\",\"can\":[]},"
    "\"host\":{\"wine\":\"8.0\"},\"options\":{\"jobs\":2,\"strict\":false,\"patterns\":[],"
    "\"reproduce\":\"vsscts run --iut clone\"},\"seed\":5,\"started\":\"2020-01-01T00:00:00Z\","
    "\"selected\":8}";
static const char f_footer[] = "{\"e\":\"footer\",\"complete\":true,\"cases\":8,\"executions\":9,"
                               "\"us\":123,\"interrupted\":false}";
static const char f_events[] =
    "[{\"e\":\"begin\",\"run\":1,\"case\":\"s/b-fail\",\"program\":\"0123\",\"worker\":3},"
    "{\"e\":\"step\",\"run\":1,\"s\":0,\"hr\":\"0x80042301\",\"us\":7,"
    "\"out\":{\"pp\":{\"w\":true,\"v\":\"{obj:1}\",\"x\":1}},\"secret\":1},"
    "{\"e\":\"step\",\"run\":1,\"s\":1,\"hr\":\"0x12345678\",\"us\":8},"
    "{\"e\":\"step\",\"run\":1,\"s\":-1,\"n\":0,\"var\":\"bc\",\"us\":9},"
    "{\"e\":\"step\",\"run\":1,\"s\":-1,\"writer\":\"w1\",\"calls\":{\"Unsubscribe\":"
    "\"0x00000000\"},"
    "\"events\":[{\"event\":\"PostSnapshot\",\"n\":1,\"thread\":2,\"devices\":[\"copy7\"],"
    "\"volumes\":[\"d70e5bba-9305-4cc6-84a1-7eb42322cd2f\"]},7]},"
    "{\"e\":\"end\",\"run\":1,\"how\":\"crash\",\"us\":10,\"at\":2,\"code\":\"0xC0000005\","
    "\"address\":\"0x1000\",\"module\":\"x.dll\",\"offset\":\"0x10\"}]";

static void fixture_verdict(struct fixture *f, size_t at, enum verdict verdict,
                            enum against against)
{
    struct case_verdict *v = &f->verdicts[at];
    *v = (struct case_verdict){.test = &f_cases[at],
                               .verdict = verdict,
                               .against = against,
                               .attempts = 1,
                               .us = 1000 + at,
                               .expected = VERDICT_PASS,
                               .first = verdict,
                               .last = verdict};
    f_cases[at].requirements = (struct string_list){2, (const char **)(uintptr_t)f_both};
    f->planned[at].test = &f_cases[at];
    f->by_id[at] = &f->planned[at];
    f->run.totals[verdict]++;
    f->run.by_against[against]++;
}

static void fixture_findings(struct fixture *f)
{
    f->findings[0] = (struct finding){.s = 1,
                                      .requirement = "I.M#two",
                                      .level = LEVEL_MUST,
                                      .basis = BASIS_DOCUMENTED,
                                      .gates = true,
                                      .page = (char *)(uintptr_t) "https://page",
                                      .call = (char *)(uintptr_t) "bc.M(x)",
                                      .expected = (char *)(uintptr_t) "S_OK",
                                      .got = (char *)(uintptr_t)F_EVIL,
                                      .text = (char *)(uintptr_t) "one line"};
    f->findings[1] = f->findings[0];
    f->findings[1].gates = false;
    f->findings[1].law = "law-2";
    f->findings[1].requirement = NULL;
    f->findings[1].got = (char *)(uintptr_t) "advice";
    f->verdicts[F_FAIL].findings = f->findings;
    f->verdicts[F_FAIL].finding_count = 2;
    f->findings[2] = f->findings[1];
    f->verdicts[F_PASS].findings = &f->findings[2];
    f->verdicts[F_PASS].finding_count = 1;
    f->run.advisory = 1;
}

/* Fills f; end with fixture_free(). */
static void fixture_make(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->tables.requirements = f_requirements;
    f->tables.requirement_count = 3;
    f->tables.questions = &f_question;
    f->tables.question_count = 1;
    f->tables.cases = f_cases;
    f->tables.case_count = F_COUNT;
    fixture_verdict(f, F_CRASH, VERDICT_CRASH, AGAINST_UNEXPECTED);
    fixture_verdict(f, F_FAIL, VERDICT_FAIL, AGAINST_UNEXPECTED);
    fixture_verdict(f, F_FLAKE, VERDICT_FAIL, AGAINST_FLAKE);
    fixture_verdict(f, F_KNOWN, VERDICT_NOT_IMPLEMENTED, AGAINST_EXPECTED);
    fixture_verdict(f, F_PASS, VERDICT_PASS, AGAINST_EXPECTED);
    fixture_verdict(f, F_QUESTION, VERDICT_RECORDED, AGAINST_EXPECTED);
    fixture_verdict(f, F_SKIP, VERDICT_SKIP, AGAINST_EXPECTED);
    fixture_verdict(f, F_BETTER, VERDICT_PASS, AGAINST_IMPROVEMENT);
    fixture_findings(f);
    f->verdicts[F_CRASH].gates = f->verdicts[F_FAIL].gates = true;
    f->verdicts[F_CRASH].reason = (char *)(uintptr_t) "0xC0000005 in bc.M(x)";
    f->verdicts[F_FLAKE].attempts = 2;
    f->verdicts[F_FLAKE].last = VERDICT_PASS;
    f->verdicts[F_KNOWN].expected = VERDICT_NOT_IMPLEMENTED;
    f->verdicts[F_KNOWN].why_expected = "a stub";
    f->verdicts[F_KNOWN].reason = (char *)(uintptr_t) "E_NOTIMPL";
    f->verdicts[F_BETTER].expected = VERDICT_CRASH;
    f->verdicts[F_BETTER].why_expected = "it crashed";
    f->verdicts[F_QUESTION].outcome = (char *)(uintptr_t) "S_OK twice";
    f->verdicts[F_QUESTION].expected = VERDICT_RECORDED;
    f->verdicts[F_SKIP].expected = VERDICT_SKIP;
    f->verdicts[F_SKIP].attempts = 0;
    f->verdicts[F_SKIP].reason = (char *)(uintptr_t) "needs snapshots";
    f_cases[F_QUESTION].question = &f_question;
    f->verdicts[F_FAIL].events = json_loads(f_events, 0, NULL);
    memcpy(f->planned[F_FAIL].hash, "0123", 5);
    f->planned[F_FAIL].steps = f->steps;
    f->planned[F_FAIL].step_count = 3;
    for (int i = 0; i < 3; i++) {
        f->steps[i] = (struct plan_step){.s = i, .step = &f_step, .in_preamble = i == 0};
    }
    f->plan = (struct plan){.count = F_COUNT, .cases = f->planned, .by_id = f->by_id};
    f->run.header = json_loads(f_header, 0, NULL);
    f->run.footer = json_loads(f_footer, 0, NULL);
    f->run.count = F_COUNT;
    f->run.cases = f->verdicts;
    f->report = (struct report){.tables = &f->tables,
                                .plan = &f->plan,
                                .run = &f->run,
                                .status = CTS_UNEXPECTED,
                                .log = "out/run.jsonl",
                                .json = "out/report.json"};
    if (f->run.header == NULL || f->run.footer == NULL || f->verdicts[F_FAIL].events == NULL) {
        abort();
    }
}

static void fixture_free(struct fixture *f)
{
    json_decref(f->run.header);
    json_decref(f->run.footer);
    json_decref(f->verdicts[F_FAIL].events);
}

#endif
