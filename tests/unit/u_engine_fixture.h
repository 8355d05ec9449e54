/* For the tests of the engine: plans of programs for the fake worker, runs of them, and what a run
 * left in its log and among the processes. */
#ifndef VSSCTS_U_ENGINE_FIXTURE_H
#define VSSCTS_U_ENGINE_FIXTURE_H

#include "../../runner/engine/engine.h"
#include "../../runner/util/fs_path.h"
#include "../../runner/util/str_buf.h"
#include "cu_run.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/* A case: what the fake worker is told, words separated by ';'. */
struct fx_case {
    const char *id, *orders;
    unsigned deadline_ms; /* 0: 10000 */
    bool exclusive, fresh;
    const char *skip;
};

#define FX_CASES 1200
#define FX_STEPS 4 /* numbers 0 to 3 may be used */

struct fx {
    struct test_case tests[FX_CASES];
    struct plan_case planned[FX_CASES];
    struct plan plan;
    struct profile profile;
    struct eng_options options;
    struct eng_callbacks callbacks;
    struct eng_result result;
    struct cts_error err;
    enum cts_status status;
    json_t *events;        /* as they were told */
    unsigned again_mask;   /* answers of again(), by bit of the case's place in the plan */
    size_t asked;          /* how often it was asked */
    size_t asked_events;   /* events that came with the last question */
    size_t signal_at;      /* SIGINT with the n-th event, 0: never */
    bool look_at_footer;   /* for processes, before the engine itself does */
    size_t left_at_footer; /* 0: none was there */
    char out_dir[300];
};

/* The folder of this program's logs, made at the first call. */
static inline const char *fx_folder(void)
{
    static char folder[200];
    if (!folder[0]) {
        char number[32];
        snprintf(folder, sizeof folder, "%s/vsscts-engine-XXXXXX",
                 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
        if (!mkdtemp(folder)) {
            abort();
        }
        /* Everything that this test starts can be told from what others do at the same time. */
        snprintf(number, sizeof number, "%d", (int)getpid());
        setenv("VSSCTS_TEST_PID", number, 1);
        setenv("FAKE_HELLO", "", 1);
    }
    return folder;
}

/* Stands beside this program, or where the environment says. */
static inline const char *fx_worker(void)
{
    static char path[4096];
    size_t size = sizeof path - 20;
    if (!path[0] && getenv("VSSCTS_FAKE_WORKER")) {
        snprintf(path, sizeof path, "%s", getenv("VSSCTS_FAKE_WORKER"));
    } else if (!path[0] && uv_exepath(path, &size) == 0) {
        char *slash = strrchr(path, '/');
        snprintf(slash + 1, 16, "fake_worker");
    }
    return path;
}

static inline char *fx_program(const char *orders)
{
    json_t *list = json_array();
    char *program = NULL;
    while (*orders) {
        size_t len = strcspn(orders, ";");
        json_array_append_new(list, json_stringn(orders, len));
        orders += len + (orders[len] == ';');
    }
    json_t *object = json_pack("{s:o}", "fake", list);
    program = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(object);
    return program;
}

/* Does a file of a process hold the mark? */
static inline bool fx_file_has(long pid, const char *name, const char *mark)
{
    static char text[200000];
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", pid, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = file < 0 ? 0 : read(file, text, sizeof text);
    if (file >= 0) {
        close(file);
    }
    return len > 0 && memmem(text, (size_t)len, mark, strlen(mark)) != NULL;
}

/* Processes that this test has started and that are still there, zombies among them. */
static inline size_t fx_left_behind(bool with_zombies)
{
    char mark[64];
    size_t left = 0;
    const struct dirent *entry = NULL;
    snprintf(mark, sizeof mark, "VSSCTS_TEST_PID=%d", (int)getpid());
    DIR *dir = opendir("/proc");
    while (dir && (entry = readdir(dir))) {
        long pid = strtol(entry->d_name, NULL, 10);
        char path[300];
        char text[1024];
        if (pid <= 0 || pid == getpid()) {
            continue;
        }
        bool ours = fx_file_has(pid, "environ", mark) || fx_file_has(pid, "cmdline", mark);
        snprintf(path, sizeof path, "/proc/%ld/stat", pid);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t len = file < 0 ? 0 : read(file, text, sizeof text - 1);
        if (file >= 0) {
            close(file);
        }
        text[len > 0 ? len : 0] = '\0';
        const char *end = strrchr(text, ')');
        char state = 0;
        int parent = 0;
        ours = ours ||
               (end && sscanf(end + 1, " %c %d", &state, &parent) == 2 && parent == (int)getpid());
        ours = ours && (with_zombies || state != 'Z');
        if (ours && with_zombies) {
            fprintf(stderr, "still there: %.60s\n", text);
        }
        left += ours;
    }
    if (dir) {
        closedir(dir);
    }
    return left;
}

static inline void fx_event(void *context, const json_t *event)
{
    struct fx *fx = context;
    json_array_append(fx->events, (json_t *)event);
    if (strcmp(json_string_value(json_object_get(event, "e")), "footer") == 0) {
        size_t left = 1;
        for (int i = 0; i < 50 && fx->look_at_footer && left > 0; i++) {
            left = fx_left_behind(false); /* what was killed just now needs its moment */
            usleep(left ? 10000 : 0);
        }
        fx->left_at_footer = left;
    }
    if (json_array_size(fx->events) == fx->signal_at) {
        kill(getpid(), SIGINT);
    }
}

static inline bool fx_again(void *context, const struct plan_case *planned,
                            const json_t *const *events, size_t count)
{
    struct fx *fx = context;
    size_t place = (size_t)(planned - fx->plan.cases);
    (void)events;
    fx->asked++;
    fx->asked_events = count;
    return place < 32 && (fx->again_mask >> place & 1u);
}

static inline struct fx *fx_new(const struct fx_case *cases, size_t count)
{
    struct fx *fx = calloc(1, sizeof *fx);
    if (!fx || count > FX_CASES) {
        abort();
    }
    fx_folder();
    for (size_t i = 0; i < count; i++) {
        fx->tests[i].id = cases[i].id;
        fx->tests[i].deadline_ms = cases[i].deadline_ms ? cases[i].deadline_ms : 10000;
        fx->tests[i].exclusive = cases[i].exclusive;
        fx->tests[i].fresh = cases[i].fresh;
        fx->planned[i].test = &fx->tests[i];
        fx->planned[i].skip = (char *)cases[i].skip;
        fx->planned[i].step_count = FX_STEPS;
        snprintf(fx->planned[i].hash, sizeof fx->planned[i].hash, "%016zx", i);
        fx->planned[i].program = cases[i].skip ? NULL : fx_program(cases[i].orders);
    }
    fx->plan.count = count;
    fx->plan.cases = fx->planned;
    snprintf(fx->plan.tables_hash, sizeof fx->plan.tables_hash, "%016x", 7);
    fx->profile.name = "fake";
    fx->profile.dll = "/fake/ok.dll";
    fx->profile.arch = ARCH_X86_64;
    fx->profile.windows_text = "10.0.19045";
    fx->options.worker = fx_worker();
    fx->options.jobs = 1;
    fx->options.no_retry = true;
    fx->callbacks.context = fx;
    fx->callbacks.event = fx_event;
    fx->callbacks.again = fx_again;
    return fx;
}

static inline void fx_free(struct fx *fx)
{
    for (size_t i = 0; i < fx->plan.count; i++) {
        free(fx->planned[i].program);
    }
    json_decref(fx->events);
    free(fx);
}

static inline size_t fx_open_files(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir)) {
        count++;
    }
    if (dir) {
        closedir(dir);
    }
    return count;
}

/* Runs the plan and checks what holds after every run, however it went. */
static inline void fx_run(struct fx *fx)
{
    static unsigned number;
    json_decref(fx->events);
    fx->events = json_array();
    fx->asked = 0;
    snprintf(fx->out_dir, sizeof fx->out_dir, "%s/%04u", fx_folder(), ++number);
    if (!fx->options.out_dir) {
        fx->options.out_dir = fx->out_dir;
    }
    size_t files = fx_open_files();
    fx->status =
        eng_run(&fx->plan, &fx->profile, &fx->options, &fx->callbacks, &fx->result, &fx->err);
    if (fx->options.out_dir == fx->out_dir) {
        fx->options.out_dir = NULL;
    }
    CU_ASSERT_EQUAL(fx_left_behind(true), 0);
    if (number > 1) { /* libuv keeps what its first loop opened */
        CU_ASSERT_EQUAL(fx_open_files(), files);
    }
    CU_ASSERT_EQUAL(fx->err.status, fx->status);
}

/* The n-th event (from 0) of a kind of which `key` has the text or number; NULL where there is
 * none. */
static inline const json_t *fx_find(const struct fx *fx, const char *kind, const char *key,
                                    const char *text, json_int_t number, size_t n)
{
    size_t i = 0;
    const json_t *event = NULL;
    json_array_foreach(fx->events, i, event)
    {
        const json_t *value = key ? json_object_get(event, key) : NULL;
        bool fits =
            strcmp(json_string_value(json_object_get(event, "e")), kind) == 0 &&
            (!key || (text ? json_is_string(value) && strcmp(json_string_value(value), text) == 0
                           : json_is_integer(value) && json_integer_value(value) == number));
        if (fits && n-- == 0) {
            return event;
        }
    }
    return NULL;
}

static inline size_t fx_count(const struct fx *fx, const char *kind, const char *key,
                              const char *text)
{
    size_t n = 0;
    while (fx_find(fx, kind, key, text, 0, n)) {
        n++;
    }
    return n;
}

/* The end of the n-th execution of a case, or NULL. */
static inline const json_t *fx_end(const struct fx *fx, const char *id, size_t n)
{
    const json_t *begin = fx_find(fx, "begin", "case", id, 0, n);
    return begin ? fx_find(fx, "end", "run", NULL,
                           json_integer_value(json_object_get(begin, "run")), 0)
                 : NULL;
}

static inline const char *fx_text(const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));
    return text ? text : "";
}

static inline json_int_t fx_number(const json_t *event, const char *key)
{
    const json_t *value = json_object_get(event, key);
    return json_is_integer(value) ? json_integer_value(value) : -1000;
}

static inline const char *fx_how(const struct fx *fx, const char *id)
{
    return fx_text(fx_end(fx, id, 0), "how");
}

/* The last test of each program: every log is valid by the schema and whole, and folders go. */
static inline void fx_test_logs(void)
{
    char command[2000];
    snprintf(command, sizeof command, "python3 '%s/tests/e2e/check_log.py' '%s'",
             getenv("VSSCTS_SOURCE") ? getenv("VSSCTS_SOURCE") : ".", fx_folder());
    fflush(stdout);
    CU_ASSERT_EQUAL(system(command), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", fx_folder());
    CU_ASSERT_EQUAL(system(command), 0);
}

#endif
