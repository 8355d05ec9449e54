#include "worker_rounds.h"
#include "../util/fnv.h"
#include "worker_alloc.h"
#include "worker_channel.h"
#include "worker_mem.h"
#include "worker_text.h"
#include <string.h>

#define SOME_FIRST 16         /* of many allocations so many fail one after the other */
#define SOME_MORE 16          /* and so many of the others, evenly */
#define BUSY_LOOKS 16         /* without sleeping, for what other threads still free */
#define STILL_MS 100          /* held for so long without a change, it stays */
#define LOOKING_MS 3000       /* for all of a program */
#define LAST_CODE 0x7FFFFFFFL /* larger numbers are times and addresses */

/* Rounds one after the other that went alike. */
struct stretch {
    unsigned from, to;
    uint64_t likeness;
    unsigned like; /* the round that was told for them; 0: the one without a failure */
    size_t left;   /* blocks that each of them left behind */
    struct alloc_site failed, left_at;
};

struct rounds {
    int s, until; /* the step, and the one with whose end the window closes */
    enum alloc_threads threads;
    unsigned at_most;
    ULONGLONG end; /* of the time for beginning another round */
    /* of the round */
    unsigned fail_at; /* 0: nothing fails */
    bool is_failed;   /* the step, or what it began */
    bool told;        /* that it has begun */
    uint64_t likeness;
    CRITICAL_SECTION lock; /* of the likeness */
    /* of all */
    struct stretch *list;
    size_t count, size;
    unsigned counted; /* allocations in the window of the round without a failure */
    unsigned stride;
    unsigned failed;  /* rounds in which one failed */
    uint64_t plain;   /* likeness of the round without a failure */
    size_t usual;     /* blocks that it left behind */
    int looking;      /* ms that may still be waited for others to free something */
    unsigned checked; /* rounds up to this one were looked at for what they leave */
};

/* --- one round --- */

bool rounds_passes_over(const struct rounds *rounds, const json_t *step)
{
    return json_is_true(json_object_get(step, "after_failure")) &&
           (rounds == NULL || !rounds->is_failed);
}

unsigned rounds_number(const struct rounds *rounds)
{
    return rounds == NULL ? 0 : rounds->fail_at;
}

/* Each step before the one in question went well in the round without a failure: of those only the
 * first is told, which saves most of the writing. */
void rounds_step_begins(struct rounds *rounds, int s)
{
    if (rounds == NULL)
        return;
    if (!rounds->told || s >= rounds->s)
        ch_at(s, rounds->fail_at);
    rounds->told = true;
    if (s == rounds->s)
        alloc_window(rounds->threads, rounds->fail_at);
}

void rounds_teardown_begins(const struct rounds *rounds)
{
    if (rounds != NULL)
        ch_at(-1, rounds->fail_at);
}

void rounds_step_ended(struct rounds *rounds, int s, const struct outcome *outcome)
{
    if (rounds == NULL || (s != rounds->s && s != rounds->until))
        return;
    if (s == rounds->until)
        alloc_window_close();
    if (outcome->has_hr && FAILED((HRESULT)outcome->hr))
        rounds->is_failed = true;
}

static uint64_t add_text(const char *text, uint64_t seed)
{
    return fnv1a64(text, strlen(text) + 1, seed);
}

/* Does a GUID begin here: 36 characters as in a document? */
static bool is_guid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    for (size_t k = 0; k < sizeof form - 1; k++) {
        if (form[k] == '-' ? text[k] != '-' : strchr("0123456789abcdefABCDEF", text[k]) == NULL)
            return false;
        if (text[k] == '\0')
            return false;
    }
    return true;
}

/* A string without its numbers and ids; a code is told by all of it. */
static uint64_t add_string(const char *text, uint64_t seed)
{
    char told[256];
    size_t length = 0;

    if (strncmp(text, "0x", 2) == 0)
        return add_text(text, seed);
    for (const char *p = text; *p != '\0'; p++) {
        if (strchr("0123456789abcdefABCDEF", *p) != NULL && is_guid(p))
            p += 35;
        else if (*p < '0' || *p > '9')
            told[length++] = *p;
        if (length == sizeof told) {
            seed = fnv1a64(told, length, seed);
            length = 0;
        }
    }
    told[length++] = '\0';
    return fnv1a64(told, length, seed);
}

static uint64_t add_value(const json_t *value, uint64_t seed)
{
    static const char *const unsteady[] = {"us", "polls", "i", "object", "of", "thread"};
    const char *key;
    json_t *item;
    size_t k;

    if (value == NULL)
        return seed;
    seed = fnv1a64(&(char){(char)json_typeof(value)}, 1, seed);
    if (json_is_string(value))
        return add_string(json_string_value(value), seed);
    if (json_is_integer(value)) {
        json_int_t number = json_integer_value(value);

        number = number > LAST_CODE || number < -LAST_CODE ? 0 : number;
        return fnv1a64(&number, sizeof number, seed);
    }
    json_array_foreach(value, k, item)
    {
        seed = add_value(item, seed);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, item)
    {
        bool told = true;

        for (k = 0; k < sizeof unsteady / sizeof *unsteady; k++)
            told = told && strcmp(key, unsteady[k]) != 0;
        if (told)
            seed = add_value(item, add_text(key, seed));
    }
    return seed;
}

uint64_t rounds_likeness(const json_t *event)
{
    return add_value(event, FNV1A64_SEED);
}

void rounds_note(struct rounds *rounds, const json_t *event)
{
    if (rounds == NULL)
        return;
    EnterCriticalSection(&rounds->lock);
    rounds->likeness += rounds_likeness(event);
    LeaveCriticalSection(&rounds->lock);
}

/* --- what a round leaves behind --- */

/* How many blocks stay held. What is more than usual gets some time, since other threads may be
 * about to free it. */
static size_t look(struct rounds *rounds, bool pump, struct alloc_site *site)
{
    size_t held = alloc_held(site), before = held;
    int still = 0;

    for (unsigned k = 0; held > rounds->usual && k < BUSY_LOOKS; k++) {
        SwitchToThread();
        held = alloc_held(site);
    }
    while (held > rounds->usual && still < STILL_MS && rounds->looking > 0) {
        wait_pumping(NULL, 1, pump);
        rounds->looking--;
        held = alloc_held(site);
        still = held == before ? still + 1 : 0;
        before = held;
    }
    return held;
}

/* --- all rounds --- */

/* A round with the n-th allocation failing. Its lines are held. */
static unsigned make_round(struct step_context *context, round_function once, unsigned n)
{
    struct rounds *rounds = context->program->rounds;
    unsigned left;

    rounds->fail_at = n;
    rounds->is_failed = false;
    rounds->told = false;
    rounds->likeness = 0;
    context->round = n;
    alloc_round();
    ch_round_begin();
    left = once(context);
    alloc_window_close();
    context->round = 0;
    return left;
}

/* The stretch of the same likeness, or NULL. */
static const struct stretch *alike(const struct rounds *rounds, uint64_t likeness)
{
    for (size_t k = 0; k < rounds->count; k++) {
        if (rounds->list[k].likeness == likeness)
            return &rounds->list[k];
    }
    return NULL;
}

static void add_round(struct rounds *rounds, unsigned n, const struct stretch *round)
{
    struct stretch *last = rounds->count > 0 ? &rounds->list[rounds->count - 1] : NULL;

    if (last != NULL && last->likeness == round->likeness && last->left == round->left) {
        last->to = n;
        return;
    }
    if (rounds->count == rounds->size) {
        rounds->size = rounds->size == 0 ? 16 : rounds->size * 2;
        rounds->list = wmem_grow(rounds->list, rounds->size * sizeof *rounds->list);
    }
    rounds->list[rounds->count++] = *round;
}

/* Is more held than usual after this round, and again after another one like it? What is kept for
 * good, as a cache is, comes only once. Returns how much more. */
static size_t left_behind(struct step_context *context, round_function once, unsigned n,
                          struct alloc_site *site, unsigned *threads_left)
{
    struct rounds *rounds = context->program->rounds;
    size_t first, again;
    struct alloc_site ignored;

    if (rounds->looking <= 0)
        return 0;
    first = look(rounds, context->sta, site);
    rounds->checked = n;
    if (first <= rounds->usual)
        return 0;
    *threads_left = make_round(context, once, n);
    ch_round_end(false);
    if (*threads_left > 0 || context->program->stopped || !alloc_failed(&ignored))
        return 0;
    again = look(rounds, context->sta, site);
    again = again < first ? again : first;
    return again > rounds->usual ? again - rounds->usual : 0;
}

/* The round in which the n-th allocation fails. Returns whether there is to be another. */
static bool fail_one(struct step_context *context, round_function once, unsigned n, bool *complete,
                     unsigned *threads_left)
{
    struct program *program = context->program;
    struct rounds *rounds = program->rounds;
    struct stretch round = {.from = n, .to = n};
    const struct stretch *before;
    bool goes_on, is_new;

    *threads_left = make_round(context, once, n);
    goes_on = *threads_left == 0 && !program->stopped && program->defect == NULL;
    round.likeness = rounds->likeness;
    before = alike(rounds, round.likeness);
    is_new = before == NULL && round.likeness != rounds->plain;
    round.like = before != NULL ? before->like : is_new ? n : 0;
    if (!alloc_failed(&round.failed)) {
        /* nothing failed any more: that is no round like those before, however it went */
        ch_round_end(round.likeness != rounds->plain);
        *complete = goes_on;
        return false;
    }
    ch_round_end(is_new || !goes_on);
    rounds->failed++;
    if (goes_on)
        round.left = left_behind(context, once, n, &round.left_at, threads_left);
    add_round(rounds, n, &round);
    return goes_on && *threads_left == 0 && !program->stopped;
}

static void add_site(json_t *object, const char *function_key, const char *offset_key,
                     const struct alloc_site *site)
{
    json_object_set_new(object, function_key, json_string(site->function));
    json_object_set_new(object, offset_key, wtext_hex_json(site->offset, 1));
}

static json_t *stretches_json(const struct rounds *rounds)
{
    json_t *list = json_array();

    for (size_t k = 0; k < rounds->count; k++) {
        const struct stretch *stretch = &rounds->list[k];
        json_t *object = json_pack("{s:I, s:I, s:I}", "from", (json_int_t)stretch->from, "to",
                                   (json_int_t)stretch->to, "like", (json_int_t)stretch->like);

        add_site(object, "by", "offset", &stretch->failed);
        if (stretch->left > 0) {
            json_object_set_new(object, "left", json_integer((json_int_t)stretch->left));
            add_site(object, "left_by", "left_offset", &stretch->left_at);
        }
        json_array_append_new(list, object);
    }
    return list;
}

/* How far it is from one allocation that fails to the next, after the first ones. */
static unsigned stride(const struct rounds *rounds, bool each)
{
    const unsigned others = rounds->counted > SOME_FIRST ? rounds->counted - SOME_FIRST : 0;

    return each || others <= SOME_MORE ? 1 : (others + SOME_MORE - 1) / SOME_MORE;
}

/* All rounds; *complete: up to the one in which nothing was left to fail. */
static unsigned make_rounds(struct step_context *context, round_function once, bool *complete)
{
    struct rounds *rounds = context->program->rounds;
    struct alloc_site ignored;
    unsigned n = 0, threads_left = make_round(context, once, 0);

    ch_round_end(true);
    rounds->plain = rounds->likeness;
    rounds->usual = look(rounds, context->sta, &ignored);
    if (threads_left > 0 || context->program->stopped || context->program->defect != NULL)
        return threads_left;
    rounds->counted = alloc_counted();
    rounds->stride = stride(rounds, context->program->each);
    while (n < rounds->at_most && GetTickCount64() < rounds->end) {
        n += n < SOME_FIRST ? 1 : rounds->stride;
        if (!fail_one(context, once, n, complete, &threads_left))
            break;
    }
    return threads_left;
}

static bool read_how(struct rounds *rounds, const struct program *program)
{
    const json_t *how = json_object_get(program->json, "exhaust");
    const json_t *s = json_object_get(how, "s"), *until = json_object_get(how, "until");
    const json_t *at_most = json_object_get(how, "at_most"), *ms = json_object_get(how, "ms");
    const char *threads = json_string_value(json_object_get(how, "threads"));

    if (!json_is_integer(s) || !json_is_integer(until) || !json_is_integer(at_most) ||
        !json_is_integer(ms) || threads == NULL)
        return false;
    rounds->s = (int)json_integer_value(s);
    rounds->until = (int)json_integer_value(until);
    rounds->at_most = (unsigned)json_integer_value(at_most);
    rounds->end = GetTickCount64() + program_ms(program, how);
    rounds->threads = strcmp(threads, "others") == 0 ? ALLOC_OTHERS : ALLOC_CALLER;
    return strcmp(threads, "others") == 0 || strcmp(threads, "caller") == 0;
}

unsigned rounds_run(struct step_context *context, round_function once, json_t **told)
{
    struct program *program = context->program;
    struct rounds *rounds = wmem_alloc(sizeof *rounds);
    unsigned threads_left = 0;
    bool complete = false;
    size_t hooked;

    *told = NULL;
    rounds->looking = (int)program_scaled(program, LOOKING_MS);
    if (!read_how(rounds, program)) {
        program_defect(program, "\"exhaust\" needs s, until, threads, at_most and ms");
        goto done;
    }
    InitializeCriticalSection(&rounds->lock);
    program->rounds = rounds;
    hooked = alloc_begin(program->module);
    if (hooked == 0)
        rounds->at_most = 0;
    threads_left = make_rounds(context, once, &complete);
    alloc_end();
    *told = json_pack("{s:I, s:I, s:I, s:b, s:I, s:o}", "hooked", (json_int_t)hooked, "allocations",
                      (json_int_t)rounds->counted, "failed", (json_int_t)rounds->failed, "complete",
                      (int)complete, "checked", (json_int_t)rounds->checked, "rounds",
                      stretches_json(rounds));
    if (threads_left > 0)
        return threads_left; /* they may still ask it */
    program->rounds = NULL;
    DeleteCriticalSection(&rounds->lock);
done:
    wmem_free(rounds->list);
    wmem_free(rounds);
    return threads_left;
}
