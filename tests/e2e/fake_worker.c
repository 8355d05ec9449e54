/* A worker that is none: a native program that speaks docs/protocol.md and misbehaves on command,
 * so that the engine can be tested without Wine. Linux only.
 *
 * It takes its orders from the programs it is given, key "fake": a list of words that it does in
 * order (table `orders`). A program without that key is a real one: each of its steps gives S_OK
 * and writes what it should, unless $FAKE_ORDER lets the steps of one case fail after others
 * (planted). The name of the implementation's file orders what it does while it loads
 * (load_orders), the environment variable FAKE_HELLO what it says first. Words that count
 * ("nth") count the lines of the file $FAKE_COUNT over all processes. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *token;
static json_int_t seq;
static char line[1 << 20];
static size_t line_len;

static void put(const char *data, size_t len)
{
    while (len > 0) {
        ssize_t done = write(STDOUT_FILENO, data, len);
        if (done < 0 && errno != EINTR) {
            _exit(9);
        }
        data += done > 0 ? done : 0;
        len -= done > 0 ? (size_t)done : 0;
    }
}

/* Sends `TOKEN text LF` in one write. */
static void say(const char *text)
{
    static char out[1 << 20];
    int len = snprintf(out, sizeof out, "%s %s\n", token, text);
    put(out, (size_t)len);
}

static void say_number(const char *format, json_int_t number)
{
    char text[256];
    snprintf(text, sizeof text, format, (long long)number);
    say(text);
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static void hang(void)
{
    for (;;) {
        pause();
    }
}

/* Adds a line to the file $FAKE_COUNT and says how many it has now. */
static int count_up(void)
{
    const char *path = getenv("FAKE_COUNT");
    int file = open(path ? path : "", O_RDWR | O_CREAT | O_APPEND, 0644);
    if (file < 0 || write(file, "\n", 1) != 1) {
        _exit(8);
    }
    off_t size = lseek(file, 0, SEEK_END);
    close(file);
    return (int)size;
}

/* --- orders of a program --- */

static void do_begin(long n)
{
    say_number("{\"m\":\"b\",\"s\":%lld}", n);
}
static void do_at(long n)
{
    say_number("{\"m\":\"at\",\"s\":%lld,\"i\":7}", n);
}
static void do_end(long n)
{
    say_number("{\"m\":\"e\",\"s\":%lld,\"hr\":\"0x00000000\",\"us\":3,\"out\":{}}", n);
}
static void do_step(long n)
{
    do_begin(n);
    do_end(n);
}
static void do_done(long n)
{
    (void)n;
    say_number("{\"m\":\"done\",\"seq\":%lld,\"stopped\":false}", seq);
}
static void do_stopped(long n)
{
    (void)n;
    say_number("{\"m\":\"done\",\"seq\":%lld,\"stopped\":true}", seq);
}
static void do_wrong_seq(long n)
{
    say_number("{\"m\":\"done\",\"seq\":%lld,\"stopped\":false}", seq + n);
}
static void do_threads(long n)
{
    char text[128];
    snprintf(text, sizeof text,
             "{\"m\":\"done\",\"seq\":%lld,\"stopped\":false,\"threads_left\":%ld}", (long long)seq,
             n);
    say(text);
}
static void do_crash(long n)
{
    (void)n;
    say("{\"m\":\"crash\",\"s\":0,\"code\":\"0xC0000005\",\"address\":\"0x1234\",\"module\":"
        "\"vssapi.dll\",\"offset\":\"0x34\",\"access\":\"write\",\"target\":\"0x0\",\"thread\":"
        "\"case\"}");
    _exit(5);
}
static void do_crash_and_stay(long n)
{
    (void)n;
    say("{\"m\":\"crash\",\"code\":\"0xC00000FD\",\"module\":null}");
    hang();
}
static void do_segv(long n)
{
    (void)n;
    raise(SIGSEGV);
}
static void do_exit(long n)
{
    _exit((int)n);
}
static void do_close(long n)
{
    (void)n;
    close(STDOUT_FILENO);
    hang();
}
static void do_close_input(long n)
{
    (void)n;
    close(STDIN_FILENO);
    do_done(0);
    hang();
}
static void do_garbage(long n)
{
    (void)n;
    static const char bytes[] = "\x01\xFF\xFE and \xC3\xA4\n";
    put(bytes, sizeof bytes - 1);
    hang();
}
static void do_defect(long n)
{
    (void)n;
    say("{\"m\":\"error\",\"text\":\"no such kind\"}");
    hang();
}
static void do_no_token(long n)
{
    (void)n;
    put("{\"m\":\"done\",\"seq\":1,\"stopped\":false}\n", 38);
    hang();
}
static void do_wrong_token(long n)
{
    (void)n;
    put("0123456789abcdef {\"m\":\"bye\"}\n", 29);
    hang();
}
static void do_bad_json(long n)
{
    (void)n;
    say("{\"m\":\"e\",\"s\":");
    hang();
}
static void do_unknown(long n)
{
    (void)n;
    say("{\"m\":\"surprise\"}");
    hang();
}
static void do_bad_key(long n)
{
    (void)n;
    say("{\"m\":\"b\",\"s\":\"0\"}");
    hang();
}
static void do_half(long n)
{
    (void)n;
    put(token, strlen(token));
    put(" {\"m\":\"e\"", 9);
    _exit(0);
}
static void do_hang(long n)
{
    (void)n;
    hang();
}
static void do_sleep(long n)
{
    sleep_ms(n);
}
static void do_huge(long n)
{
    static char part[65536];
    memset(part, 'x', sizeof part);
    put(token, strlen(token));
    put(" ", 1);
    for (long i = 0; i < n; i++) {
        put(part, sizeof part);
    }
    hang();
}
/* A valid line of n KiB. */
static void do_large(long n)
{
    size_t size = (size_t)n * 1024;
    char *text = malloc(size + 64);
    if (!text) {
        _exit(7);
    }
    do_begin(0);
    int head = snprintf(text, 64, "%s {\"m\":\"e\",\"s\":0,\"x\":\"", token);
    memset(text + head, 'y', size);
    memcpy(text + (size_t)head + size, "\"}\n", 3);
    put(text, (size_t)head + size + 3);
    free(text);
}
/* Valid steps of n KiB, for ever. */
static void do_endless(long n)
{
    for (;;) {
        do_large(n);
    }
}
static void do_endless_print(long n)
{
    (void)n;
    for (;;) {
        if (write(STDERR_FILENO, "and so on, and so on, and so on\n", 32) < 0) {
            _exit(6);
        }
    }
}
static void do_print(long n)
{
    for (long i = 0; i < n; i++) {
        fputs("printed by the implementation\n", stderr);
    }
    fputc(0xFF, stderr);
}
/* Leaves a process behind that holds all pipes: in the group (0), in a session of its own (1), in
 * one without its environment (2). */
static void do_fork(long n)
{
    extern char **environ;
    pid_t child = fork();
    if (child == 0) {
        if (n > 0) {
            setsid();
        }
        if (n > 1) {
            char name[64]; /* by which the test can find it all the same */
            snprintf(name, sizeof name, "VSSCTS_TEST_PID=%s", getenv("VSSCTS_TEST_PID"));
            environ = NULL;
            execl("/bin/sleep", name, "1000", (char *)NULL);
        }
        hang();
    }
}
/* Ends where it has more than its three pipes. */
static void do_files(long n)
{
    (void)n;
    for (int file = 3; file < 256; file++) {
        if (fcntl(file, F_GETFD) >= 0) {
            _exit(77);
        }
    }
}
static void do_nth_crash(long n)
{
    if (count_up() == n) {
        do_crash(0);
    }
}
static void do_teardown(long n)
{
    (void)n;
    say("{\"m\":\"b\",\"s\":-1,\"var\":\"bc\"}");
    say("{\"m\":\"e\",\"s\":-1,\"var\":\"bc\",\"n\":0,\"object\":\"{obj:1}\",\"us\":3}");
}
/* Keys that belong to the engine. */
static void do_steal_keys(long n)
{
    (void)n;
    do_begin(0);
    say("{\"m\":\"e\",\"s\":0,\"e\":\"footer\",\"t\":-5,\"run\":99999}");
}

struct order {
    const char *word;
    void (*act)(long n);
    bool last; /* nothing comes after it: no `done` is added */
};

static const struct order orders[] = {
    {"begin", do_begin, false},
    {"at", do_at, false},
    {"end", do_end, false},
    {"step", do_step, false},
    {"done", do_done, true},
    {"stopped", do_stopped, true},
    {"wrong-seq", do_wrong_seq, true},
    {"threads", do_threads, true},
    {"crash", do_crash, true},
    {"crash-and-stay", do_crash_and_stay, true},
    {"segv", do_segv, true},
    {"exit", do_exit, true},
    {"close", do_close, true},
    {"close-input", do_close_input, true},
    {"garbage", do_garbage, true},
    {"defect", do_defect, true},
    {"no-token", do_no_token, true},
    {"wrong-token", do_wrong_token, true},
    {"bad-json", do_bad_json, true},
    {"unknown", do_unknown, true},
    {"bad-key", do_bad_key, true},
    {"half", do_half, true},
    {"hang", do_hang, true},
    {"sleep", do_sleep, false},
    {"huge", do_huge, true},
    {"large", do_large, false},
    {"endless", do_endless, true},
    {"endless-print", do_endless_print, true},
    {"print", do_print, false},
    {"fork", do_fork, false},
    {"files", do_files, false},
    {"nth-crash", do_nth_crash, false},
    {"teardown", do_teardown, false},
    {"steal-keys", do_steal_keys, false},
};

/* --- programs of real cases --- */

/* What a call that went well wrote into its out parameters. */
static json_t *outs_of(const json_t *step)
{
    json_t *outs = json_object();
    size_t i = 0;
    const json_t *arg = NULL;
    json_array_foreach(json_object_get(step, "args"), i, arg)
    {
        const char *kind = json_string_value(json_object_get(arg, "k"));
        const char *way = json_string_value(json_object_get(arg, "d"));
        const bool written = way && strcmp(way, "out") == 0 && !json_object_get(arg, "null");
        if (written) {
            const bool number = kind && (strcmp(kind, "u32") == 0 || strcmp(kind, "bool") == 0);
            json_object_set_new(outs, json_string_value(json_object_get(arg, "n")),
                                number ? json_pack("{s:b, s:i}", "w", 1, "v", 1)
                                       : json_pack("{s:b, s:s}", "w", 1, "v", "{obj:1}"));
        }
    }
    return outs;
}

static void do_real_step(const json_t *step, const char *hr)
{
    const json_int_t s = json_integer_value(json_object_get(step, "s"));
    json_t *end = json_pack("{s:s, s:I, s:s, s:i, s:o}", "m", "e", "s", s, "hr", hr, "us", 3, "out",
                            outs_of(step));
    char *text = json_dumps(end, JSON_COMPACT);
    do_begin((long)s);
    say(text ? text : "");
    free(text);
    json_decref(end);
}

/* $FAKE_ORDER names cases, with a space between: once all but the last have run in this process, in
 * whatever order, the last step of that one fails, as with an implementation that keeps a state
 * which it should not. */
static bool planted(const char *id)
{
    static bool ran[8];
    const char *at = getenv("FAKE_ORDER");
    size_t count = 0, of = 0, missing = 0;
    bool last = false;
    for (; at && *at && count < sizeof ran / sizeof ran[0]; count++) {
        const size_t len = strcspn(at, " ");
        last = id && strlen(id) == len && strncmp(at, id, len) == 0;
        of = last ? count : of;
        ran[count] = ran[count] || last;
        missing += at[len] && !ran[count];
        at += len + (at[len] == ' ');
    }
    return last && of + 1 == count && missing == 0;
}

static void run_program(const json_t *program)
{
    const bool fails = planted(json_string_value(json_object_get(program, "id")));
    json_t *steps = json_object_get(program, "steps");
    size_t i = 0;
    const json_t *step = NULL;
    json_array_foreach(steps, i, step)
    {
        do_real_step(step, fails && i + 1 == json_array_size(steps) ? "0x80004005" : "0x00000000");
    }
    i = 0;
    const json_t *entry = NULL;
    bool ended = false;
    json_array_foreach(json_object_get(program, "fake"), i, entry)
    {
        const char *text = json_string_value(entry);
        size_t len = strcspn(text, " ");
        long n = text[len] ? strtol(text + len, NULL, 10) : 0;
        size_t j = 0;
        while (j < sizeof orders / sizeof orders[0] &&
               (strlen(orders[j].word) != len || strncmp(orders[j].word, text, len) != 0)) {
            j++;
        }
        if (j == sizeof orders / sizeof orders[0]) {
            _exit(99);
        }
        ended = orders[j].last;
        orders[j].act(n);
    }
    if (!ended) {
        do_done(0);
    }
}

/* --- loading and greeting --- */

static void say_loaded(const char *path)
{
    json_t *answer =
        json_pack("{s:s, s:{s:s, s:s, s:b, s:n, s:s, s:i, s:s, s:[s]}}", "m", "loaded", "iut",
                  "path", path, "loaded_as", path, "builtin", 0, "file_version", "sha256", "00",
                  "size", 1, "arch", "x86_64", "exports", "CreateVssBackupComponentsInternal");
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    say(text ? text : "");
    free(text);
}

static void load(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char reason[64];
    char text[256];
    long n = 0;
    if (sscanf(name, "fail-%63[a-z_].dll", reason) == 1) {
        snprintf(
            text, sizeof text,
            "{\"m\":\"load_failed\",\"reason\":\"%s\",\"code\":\"0x7E\",\"text\":\"so it is\"}",
            reason);
        say(text);
        hang();
    } else if (strcmp(name, "crash.dll") == 0) {
        do_crash(0);
    } else if (strcmp(name, "segv.dll") == 0) {
        do_segv(0);
    } else if (strcmp(name, "exit.dll") == 0) {
        _exit(0);
    } else if (strcmp(name, "hang.dll") == 0) {
        hang();
    } else if (strcmp(name, "close.dll") == 0) {
        do_close(0);
    } else if (strcmp(name, "garbage.dll") == 0) {
        do_garbage(0);
    } else if (strcmp(name, "defect.dll") == 0) {
        do_defect(0);
    } else if (sscanf(name, "only-%ld.dll", &n) == 1 && count_up() > n) {
        _exit(3); /* the first n workers can load it, later ones cannot */
    } else if (sscanf(name, "not-%ld.dll", &n) == 1 && count_up() == n) {
        _exit(3); /* all but the n-th */
    } else if (strcmp(name, "replaced.dll") == 0) {
        /* another one each time: which of two workers says so first, nobody knows */
        char other[64];
        snprintf(other, sizeof other, "/elsewhere/%d/replaced.dll", count_up());
        say_loaded(other);
        return;
    } else if (strcmp(name, "print.dll") == 0) {
        do_print(1);
    }
    say_loaded(path);
}

static void greet(void)
{
    const char *how = getenv("FAKE_HELLO");
    how = how ? how : "";
    if (strcmp(how, "silent") == 0) {
        hang();
    } else if (strcmp(how, "exit") == 0) {
        fputs("no such interpreter\nat all\n", stderr);
        exit(4);
    } else if (strcmp(how, "exit-once") == 0 && count_up() == 1) {
        exit(4);
    } else if (strcmp(how, "garbage") == 0) {
        do_garbage(0);
    } else if (strcmp(how, "protocol") == 0) {
        say("{\"m\":\"hello\",\"protocol\":99,\"arch\":\"x86_64\",\"pid\":1,\"os\":{}}");
        hang();
    } else if (strcmp(how, "arch") == 0) {
        say("{\"m\":\"hello\",\"protocol\":1,\"arch\":\"i686\",\"pid\":1,\"os\":{}}");
        hang();
    }
    say_number(
        "{\"m\":\"hello\",\"protocol\":1,\"arch\":\"x86_64\",\"pid\":%lld,\"os\":{\"version\":"
        "\"10.0.19043\",\"wine\":null}}",
        getpid());
}

/* Reads a line; false at the end of the input. */
static bool read_line(void)
{
    static char data[1 << 20];
    static size_t have = 0, at = 0;
    line_len = 0;
    for (;;) {
        while (at < have) {
            char c = data[at++];
            if (c == '\n') {
                line[line_len] = '\0';
                return true;
            }
            if (line_len + 1 < sizeof line) {
                line[line_len++] = c;
            }
        }
        ssize_t count = read(STDIN_FILENO, data, sizeof data);
        if (count <= 0) {
            return false;
        }
        have = (size_t)count;
        at = 0;
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        return 2;
    }
    token = argv[1];
    greet();
    while (read_line()) {
        json_t *message = json_loadb(line, line_len, 0, NULL);
        const char *kind = json_string_value(json_object_get(message, "m"));
        if (kind && strcmp(kind, "load") == 0) {
            load(json_string_value(json_object_get(message, "path")));
        } else if (kind && strcmp(kind, "run") == 0) {
            seq = json_integer_value(json_object_get(message, "seq"));
            run_program(json_object_get(message, "program"));
        } else if (kind && strcmp(kind, "quit") == 0) {
            say("{\"m\":\"bye\"}");
            return 0;
        } else {
            return 98;
        }
        json_decref(message);
    }
    return 0;
}
