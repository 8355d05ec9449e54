#include "answers.h"

#include "../util/fnv.h"
#include "../util/mem_grow.h"
#include "json_make.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TOLD_MAX ((size_t)1 << 30)

/* --- is it the same? --- */

enum verdict side_verdict(const struct case_verdict *verdict)
{
    return verdict->against == AGAINST_FLAKE ? verdict->last : verdict->verdict;
}

static bool has_tag(const struct test_case *test, const char *tag)
{
    for (size_t i = 0; i < test->tags.count; i++) {
        if (strcmp(test->tags.items[i], tag) == 0) {
            return true;
        }
    }
    return false;
}

static bool text_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool findings_same(const struct case_verdict *a, const struct case_verdict *b)
{
    bool same = a->finding_count == b->finding_count;
    for (size_t i = 0; i < a->finding_count && same; i++) {
        const struct finding *left = &a->findings[i], *right = &b->findings[i];
        /* one allocation more or less, and every later round of such a case has another number */
        const bool rounds = a->test->exhaust != NULL || left->round == right->round;
        same = left->s == right->s && rounds && left->gates == right->gates &&
               text_same(left->text, right->text);
    }
    return same;
}

/* Of a case in which one allocation after the other fails, rounds that went otherwise than those
 * before are told, by the number of the allocation: here those of each step are counted instead. */
static bool count_rounds(const json_t *whole)
{
    json_int_t last = 0, count = 0, of = -1;
    json_t *step;
    size_t i;
    json_array_foreach(json_object_get(whole, "steps"), i, step)
    {
        const json_int_t s = json_integer_value(json_object_get(step, "s"));
        const json_int_t round = json_integer_value(json_object_get(step, "i"));
        count = s != of || round < last ? 0 : count;
        of = s;
        last = round;
        if (round != 0 && json_object_set_new(step, "i", json_integer(++count)) != 0) {
            return false;
        }
    }
    return true;
}

/* The case as in the report, without what is volatile and in the order of the program; an empty
 * object where the run has it not. NULL: no memory, or the log cannot be read again. */
static json_t *whole(const struct side *side)
{
    json_t *made = side->verdict != NULL ? report_case(side->report, side->verdict, STEPS_ANSWERS)
                                         : json_object();
    if (made != NULL && side->verdict != NULL && side->verdict->test->exhaust != NULL &&
        !count_rounds(made)) {
        json_decref(made);
        return NULL;
    }
    return made;
}

static bool key_same(const json_t *a, const json_t *b, const char *key)
{
    const json_t *left = json_object_get(a, key), *right = json_object_get(b, key);
    return left == NULL || right == NULL ? left == right : json_equal(left, right);
}

static bool steps_same(const struct side *a, const struct side *b)
{
    if (judged_alike(a->report->run, a->verdict, b->report->run, b->verdict)) {
        return true; /* as most cases are */
    }
    json_t *left = whole(a), *right = whole(b);
    const bool same = left != NULL && right != NULL && key_same(left, right, "steps") &&
                      key_same(left, right, "end");
    json_decref(left);
    json_decref(right);
    return same;
}

/* How much of a case is the same in each run of one implementation. */
enum steady { STEADY_VERDICT, STEADY_OUTCOME, STEADY_STEPS };

static enum steady steady(const struct case_verdict *verdict)
{
    if (verdict->verdict == VERDICT_SKIP || verdict->against == AGAINST_FLAKE ||
        has_tag(verdict->test, "race")) {
        return STEADY_VERDICT;
    }
    return has_tag(verdict->test, "concurrent") ? STEADY_OUTCOME : STEADY_STEPS;
}

bool answers_same(const struct side *a, const struct side *b)
{
    const struct case_verdict *left = a->verdict, *right = b->verdict;
    const enum steady one = steady(left), other = steady(right), both = one < other ? one : other;
    if (side_verdict(left) != side_verdict(right)) {
        return false;
    }
    return (both < STEADY_OUTCOME ||
            (text_same(left->reason, right->reason) && text_same(left->outcome, right->outcome) &&
             findings_same(left, right))) &&
           (both < STEADY_STEPS || steps_same(a, b));
}

/* --- what was shown --- */

/* Takes a step's words and puts it into the list that its part of the program has. */
static bool place_step(json_t *step, json_t *before, json_t *body, json_t *after)
{
    static const char *const words[] = {"title", "label", "call", "part", "method", "hr_name"};
    const char *part = json_string_value(json_object_get(step, "part"));
    json_t *to = body;
    if (part != NULL && strcmp(part, "preamble") == 0 && json_array_size(body) == 0) {
        to = before;
    } else if (part != NULL && strcmp(part, "teardown") == 0) {
        to = after;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        json_object_del(step, words[i]);
    }
    if (json_object_size(json_object_get(step, "out")) == 0) {
        json_object_del(step, "out");
    }
    return json_array_append(to, step) == 0;
}

static bool place_steps(const json_t *from, json_t *made)
{
    json_t *before = json_array(), *body = json_array(), *after = json_array();
    bool failed = before == NULL || body == NULL || after == NULL;
    for (size_t i = 0; !failed && i < json_array_size(from); i++) {
        failed = !place_step(json_array_get(from, i), before, body, after);
    }
    jm_set(made, "before", before, &failed);
    jm_set(made, "steps", body, &failed);
    jm_set(made, "after", after, &failed);
    return !failed;
}

json_t *answers_shown(const struct side *side)
{
    const struct test_case *test = side->verdict->test;
    json_t *all = whole(side), *made = json_object();
    const json_t *end = json_object_get(all, "end");
    const char *how = json_string_value(json_object_get(end, "how"));
    bool failed = all == NULL || made == NULL;
    if (how != NULL && strcmp(how, "done") != 0) {
        jm_set(made, "end", json_incref((json_t *)(uintptr_t)end), &failed);
    }
    if (!has_tag(test, "race") && has_tag(test, "concurrent")) {
        jm_text(made, "outcome", side->verdict->outcome, &failed);
    } else if (!failed && !has_tag(test, "race")) {
        failed = !place_steps(json_object_get(all, "steps"), made);
    }
    json_decref(all);
    return jm_end(made, failed);
}

/* --- as a number --- */

/* A text, or none, and where it ends. */
static uint64_t hash_text(const char *text, uint64_t seed)
{
    return text != NULL ? fnv1a64(text, strlen(text) + 1, seed) : fnv1a64("\1", 1, seed);
}

/* The text of what is told, or of nothing, where it is empty. */
static uint64_t hash_told(const struct str_buf *told, uint64_t seed)
{
    return hash_text(told->len > 0 ? sb_text(told) : NULL, seed);
}

static bool hash_steps(struct case_teller *teller, const struct case_verdict *verdict,
                       uint64_t *hash)
{
    struct report_steps *steps = case_teller_steps(teller, verdict);
    struct str_buf told;
    bool right = steps != NULL;
    sb_init(&told, TOLD_MAX);
    if (right) {
        je_restart(steps->emit, &told, true);
        case_put_steps(steps, NULL);
        *hash = hash_told(&told, *hash);
        right = !told.failed;
    }
    sb_clear(&told);
    if (right) {
        je_restart(steps->emit, &told, true);
        steps_put_end(steps, NULL);
        *hash = hash_told(&told, *hash);
        right = !told.failed;
    }
    sb_free(&told);
    return right;
}

bool answers_hash(struct case_teller *teller, const struct case_verdict *verdict, uint64_t *hash)
{
    const enum steady much = steady(verdict);
    *hash = hash_text(verdict_name(side_verdict(verdict)), FNV1A64_SEED);
    if (much >= STEADY_OUTCOME) {
        *hash = hash_text(verdict->outcome, hash_text(verdict->reason, *hash));
        for (size_t i = 0; i < verdict->finding_count; i++) {
            *hash = hash_text(verdict->findings[i].text, *hash);
        }
    }
    return much < STEADY_STEPS || hash_steps(teller, verdict, hash);
}

/* --- side by side --- */

/* Two entries are about the same step where number and round are the same. */
static bool step_matches(const json_t *a, const json_t *b)
{
    return key_same(a, b, "s") && key_same(a, b, "i") && key_same(a, b, "var") &&
           key_same(a, b, "writer");
}

#define LOOK_AHEAD 64

static bool comes_later(const json_t *steps, size_t from, const json_t *step)
{
    const size_t count = json_array_size(steps);
    for (size_t i = from; i < count && i - from < LOOK_AHEAD; i++) {
        if (step_matches(json_array_get(steps, i), step)) {
            return true;
        }
    }
    return false;
}

static void fill_pairs(struct answer_pairs *pairs, const json_t *left, const json_t *right)
{
    size_t i = pairs->before, k = i;
    for (;;) {
        json_t *a = json_array_get(left, i), *b = json_array_get(right, k);
        if (a == NULL && b == NULL) {
            return;
        }
        if (a != NULL && b != NULL && !step_matches(a, b)) {
            /* one of them stands alone: the one that the other run does not come to */
            *(comes_later(right, k, a) ? &a : &b) = NULL;
        }
        i += a != NULL;
        k += b != NULL;
        pairs->items[pairs->count++] =
            (struct answer_pair){a, b, a != NULL && b != NULL && json_equal(a, b)};
    }
}

static bool was_run(const struct side *side)
{
    return side->verdict != NULL && side->verdict->verdict != VERDICT_SKIP;
}

/* both: were both sides run? */
static bool pair_wholes(json_t *a, json_t *b, bool both, struct answer_pairs *pairs)
{
    *pairs = (struct answer_pairs){.a = a, .b = b};
    const json_t *left = json_object_get(pairs->a, "steps");
    const json_t *right = json_object_get(pairs->b, "steps");
    pairs->items =
        mem_zeroed(json_array_size(left) + json_array_size(right) + 1, sizeof *pairs->items);
    if (pairs->a == NULL || pairs->b == NULL || pairs->items == NULL) {
        answers_free(pairs);
        return false;
    }
    if (!both) {
        return true;
    }
    while (pairs->before < json_array_size(left) && pairs->before < json_array_size(right) &&
           json_equal(json_array_get(left, pairs->before), json_array_get(right, pairs->before))) {
        pairs->before++;
    }
    fill_pairs(pairs, left, right);
    return true;
}

bool answers_pair_wholes(json_t *a, json_t *b, struct answer_pairs *pairs)
{
    return pair_wholes(a, b, true, pairs);
}

bool answers_pair(const struct side *a, const struct side *b, struct answer_pairs *pairs)
{
    return pair_wholes(whole(a), whole(b), was_run(a) && was_run(b), pairs);
}

void answers_free(struct answer_pairs *pairs)
{
    json_decref(pairs->a);
    json_decref(pairs->b);
    free(pairs->items);
    *pairs = (struct answer_pairs){0};
}

/* --- in words --- */

static void add_value(struct str_buf *buf, const json_t *value)
{
    if (json_is_string(value)) {
        sb_add(buf, json_string_value(value));
        return;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    sb_add(buf, text != NULL ? text : "?");
    free(text);
}

static void separate(struct str_buf *buf, size_t start)
{
    sb_add(buf, buf->len > start ? "; " : "");
}

static void add_result(struct str_buf *buf, const json_t *step)
{
    const char *code = json_string_value(json_object_get(step, "hr"));
    const char *name = json_string_value(json_object_get(step, "hr_name"));
    if (code != NULL && name != NULL) {
        sb_addf(buf, "%s (%s)", name, code);
    } else if (code != NULL) {
        sb_add(buf, code);
    }
}

static void add_outs(struct str_buf *buf, size_t start, json_t *outs)
{
    const char *name;
    json_t *out;
    json_object_foreach(outs, name, out)
    {
        const json_t *value = json_object_get(out, "v");
        separate(buf, start);
        sb_addf(buf, "%s = ", name);
        if (json_is_false(json_object_get(out, "w"))) {
            sb_add(buf, "not written");
        } else if (value != NULL) {
            add_value(buf, value);
        }
        sb_add(buf, json_is_true(json_object_get(out, "over")) ? " (beyond its end)" : "");
        sb_add(buf, json_is_true(json_object_get(out, "bad")) ? " (unreadable)" : "");
    }
}

void answers_step(struct str_buf *buf, const json_t *step)
{
    static const char *const told[] = {"hr",    "hr_name", "out",    "s",   "part", "call",
                                       "label", "title",   "method", "var", "i"};
    const size_t start = buf->len;
    const char *key;
    json_t *value;
    if (step == NULL) {
        sb_add(buf, "not made");
        return;
    }
    add_result(buf, step);
    add_outs(buf, start, json_object_get(step, "out"));
    /* What it says besides: the number that it returned, what a writer saw, why it was not made. */
    json_object_foreach((json_t *)(uintptr_t)step, key, value)
    {
        bool is_told = false;
        for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
            is_told = is_told || strcmp(key, told[i]) == 0;
        }
        if (!is_told) {
            separate(buf, start);
            sb_addf(buf, "%s ", key);
            add_value(buf, value);
        }
    }
    sb_add(buf, buf->len == start ? "done" : "");
}

void answers_end(struct str_buf *buf, const json_t *end)
{
    static const char *const keys[] = {"code", "module", "offset", "access", "status", "text"};
    const char *how = json_string_value(json_object_get(end, "how"));
    if (how == NULL || strcmp(how, "done") == 0 || strcmp(how, "stopped") == 0) {
        return;
    }
    sb_add(buf, how);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const json_t *value = json_object_get(end, keys[i]);
        if (value != NULL) {
            sb_add(buf, i == 0 ? ": " : " ");
            add_value(buf, value);
        }
    }
}
