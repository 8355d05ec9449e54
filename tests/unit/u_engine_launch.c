/* How a worker is started: which program, with which Wine, prefix and environment, and under which
 * path it finds the implementation. */
#include "../../runner/engine/launch.h"
#include "../../runner/engine/load_message.h"
#include "../../runner/engine/prefix.h"
#include "../../runner/util/fs_path.h"
#include "cu_run.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/vsscts-launch-XXXXXX";
static char worker[200], loader[200], cache[200];

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
    CU_ASSERT_EQUAL(chmod(path, mode), 0);
}

static const char *value_of(const struct launch *launch, const char *name)
{
    const char *found = NULL;
    size_t len = strlen(name);
    for (size_t i = 0; launch->env && launch->env[i]; i++) {
        if (strncmp(launch->env[i], name, len) == 0 && launch->env[i][len] == '=') {
            CU_ASSERT_PTR_NULL(found); /* once */
            found = launch->env[i] + len + 1;
        }
    }
    return found ? found : "(none)";
}

static enum cts_status init(struct launch *launch, enum arch arch, const char *wine,
                            const char *prefix, struct cts_error *err)
{
    struct eng_options options = {.worker = worker, .wine = wine, .wine_prefix = prefix};
    memset(err, 0, sizeof *err);
    return launch_init(launch, &options, arch, "feedbeef00000000", err);
}

static void clear_environment(void)
{
    static const char *const names[] = {"VSSCTS_WINE",       "VSSCTS_WINE_I686", "WINEDEBUG",
                                        "VSSCTS_WINEPREFIX", "WINEARCH",         "WINEPREFIX"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unsetenv(names[i]);
    }
    setenv("XDG_CACHE_HOME", cache, 1);
}

static void test_direct(void)
{
    struct launch launch;
    struct cts_error err;
    struct launch_args args;
    char script[220];
    snprintf(script, sizeof script, "%s/worker", folder);
    write_file(script, "#!/bin/sh\n", 0755);
    struct eng_options options = {.worker = script};
    CU_ASSERT_EQUAL(launch_init(&launch, &options, ARCH_I686, "feedbeef00000000", &err), CTS_OK);
    CU_ASSERT_FALSE(launch.wine);
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "VSSCTS_RUN"), "feedbeef00000000");
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEPREFIX"), "(none)");
    launch_args(&launch, "abc", &args);
    CU_ASSERT_STRING_EQUAL(args.list[0], script);
    CU_ASSERT_STRING_EQUAL(args.list[1], "abc");
    CU_ASSERT_PTR_NULL(args.list[2]);
    CU_ASSERT_STRING_EQUAL(launch.mark, "feedbeef");
    char *path = launch_path(&launch, "/a/b.dll");
    CU_ASSERT_STRING_EQUAL(path, "/a/b.dll");
    free(path);
    launch_free(&launch);
}

/* The value of the variable that tells systems apart, in the message for a worker. */
static const char *system_of(const struct launch *launch, const struct profile *profile,
                             unsigned number, char text[40])
{
    char *message = load_message(launch, profile, number);
    json_t *json = message ? json_loads(message, 0, NULL) : NULL;
    const char *value =
        json_string_value(json_object_get(json_object_get(json, "environment"), "SYSTEM"));
    snprintf(text, 40, "%s", value ? value : "(none)");
    json_decref(json);
    free(message);
    return text;
}

static void test_apart(void)
{
    char text[40];
    struct launch launch = {.mark = "feedbeef"};
    struct profile profile = {.dll = "/x.dll", .arch = ARCH_X86_64, .apart = "SYSTEM"};
    CU_ASSERT_STRING_EQUAL(system_of(&launch, &profile, 1, text), "feedbeef-1");
    CU_ASSERT_STRING_EQUAL(system_of(&launch, &profile, 4294967295u, text), "feedbeef-4294967295");
    profile.apart = NULL;
    CU_ASSERT_STRING_EQUAL(system_of(&launch, &profile, 1, text), "(none)");
}

static void test_wine(void)
{
    struct launch launch;
    struct cts_error err;
    struct launch_args args;
    char prefix[300];
    clear_environment();
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, loader, NULL, &err), CTS_OK);
    CU_ASSERT_TRUE(launch.wine);
    launch_args(&launch, NULL, &args);
    CU_ASSERT_STRING_EQUAL(args.list[0], loader);
    CU_ASSERT_STRING_EQUAL(args.list[1], worker);
    CU_ASSERT_PTR_NULL(args.list[2]);
    snprintf(prefix, sizeof prefix, "%s/vsscts/wine-x86_64", cache);
    CU_ASSERT_STRING_EQUAL(launch.prefix, prefix);
    CU_ASSERT_TRUE(launch.own_prefix);
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEPREFIX"), prefix);
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEARCH"), "win64");
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEDEBUG"), "-all");
    launch_free(&launch);

    setenv("WINEDEBUG", "+loaddll", 1);
    setenv("WINEPREFIX", "/home/user/.wine", 1);
    setenv("VSSCTS_WINE", loader, 1);
    setenv("VSSCTS_WINEPREFIX", "/somewhere/else", 1);
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, NULL, NULL, &err), CTS_OK);
    CU_ASSERT_STRING_EQUAL(launch.loader, loader);
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEDEBUG"), "+loaddll");
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEPREFIX"), "/somewhere/else");
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEARCH"), "(none)");
    CU_ASSERT_FALSE(launch.own_prefix);
    launch_free(&launch);
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, NULL, "/third", &err), CTS_OK);
    CU_ASSERT_STRING_EQUAL(launch.prefix, "/third");
    launch_free(&launch);
    clear_environment();
}

static void test_i686(void)
{
    struct launch launch;
    struct cts_error err;
    clear_environment();
    enum cts_status status = init(&launch, ARCH_I686, NULL, NULL, &err);
    if (fs_exists("/usr/lib/wine/wine")) {
        CU_ASSERT_EQUAL(status, CTS_OK);
    } else {
        CU_ASSERT_EQUAL(status, CTS_USAGE);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no Wine for i686: install wine32"));
    }
    launch_free(&launch);
    setenv("VSSCTS_WINE_I686", loader, 1);
    CU_ASSERT_EQUAL(init(&launch, ARCH_I686, NULL, NULL, &err), CTS_OK);
    CU_ASSERT_STRING_EQUAL(launch.loader, loader);
    CU_ASSERT_STRING_EQUAL(value_of(&launch, "WINEARCH"), "win32");
    CU_ASSERT_PTR_NOT_NULL(strstr(launch.prefix, "/wine-i686"));
    launch_free(&launch);
    clear_environment();
}

static void test_not_found(void)
{
    struct launch launch;
    struct cts_error err;
    clear_environment();
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, "/none/wine", NULL, &err), CTS_USAGE);
    CU_ASSERT_STRING_EQUAL(err.text, "/none/wine: no such program to start Wine");
    launch_free(&launch);
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, "no-such-wine", NULL, &err), CTS_USAGE);
    launch_free(&launch);
    /* A bare name is looked for in $PATH. */
    char *path = fs_dirname(loader);
    char *before = getenv("PATH") ? strdup(getenv("PATH")) : NULL;
    setenv("PATH", path, 1);
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, fs_basename(loader), NULL, &err), CTS_OK);
    CU_ASSERT_STRING_EQUAL(launch.loader, loader);
    launch_free(&launch);
    setenv("PATH", before ? before : "", 1);
    free(before);
    free(path);
}

static void test_paths(void)
{
    struct launch launch;
    struct cts_error err;
    char prefix[300], drives[320], drive[340];
    clear_environment();
    snprintf(prefix, sizeof prefix, "%s/prefix", folder);
    snprintf(drives, sizeof drives, "%s/dosdevices", prefix);
    snprintf(drive, sizeof drive, "%s/z:", drives);
    CU_ASSERT_EQUAL(fs_mkdirs(drives, NULL), CTS_OK);
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, loader, prefix, &err), CTS_OK);
    char *path = launch_path(&launch, "/a b/c.dll");
    CU_ASSERT_STRING_EQUAL(path, "\\\\?\\unix\\a b\\c.dll"); /* no drive that is the root */
    free(path);
    CU_ASSERT_EQUAL(symlink("/", drive), 0);
    path = launch_path(&launch, "/a b/c.dll");
    CU_ASSERT_STRING_EQUAL(path, "Z:\\a b\\c.dll");
    free(path);
    path = launch_path(&launch, "c.dll");
    CU_ASSERT_EQUAL(strncmp(path, "Z:\\", 3), 0);
    free(path);
    path = launch_path(&launch, "@system");
    CU_ASSERT_STRING_EQUAL(path, "@system");
    free(path);
    launch_free(&launch);
}

/* A loader that makes what Wine makes, and says so in a file. */
static void test_prefix_is_made_once(void)
{
    struct launch launch;
    struct cts_error err;
    char script[220], says[220], text[1000];
    struct stat info;
    clear_environment();
    snprintf(script, sizeof script, "%s/counting", folder);
    snprintf(says, sizeof says, "%s/said", folder);
    snprintf(text, sizeof text,
             "#!/bin/sh\ncase \"$*\" in *wineboot*) mkdir -p \"$WINEPREFIX\" && echo >>%s;; esac\n",
             says);
    write_file(script, text, 0755);
    for (int i = 1; i <= 2; i++) {
        CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, script, NULL, &err), CTS_OK);
        CU_ASSERT_EQUAL(prefix_ready(&launch, &err), CTS_OK);
        CU_ASSERT_EQUAL(stat(says, &info), 0);
        CU_ASSERT_EQUAL(info.st_size, 1);
        launch_free(&launch);
    }
    snprintf(text, sizeof text, "#!/bin/sh\nexit 3\n");
    write_file(script, text, 0755);
    setenv("VSSCTS_WINEPREFIX", "/tmp/vsscts-none/x", 1);
    CU_ASSERT_EQUAL(init(&launch, ARCH_X86_64, script, NULL, &err), CTS_OK);
    CU_ASSERT_EQUAL(prefix_ready(&launch, &err), CTS_IO);
    CU_ASSERT_STRING_EQUAL(err.text, "Wine could not make its prefix (exit status 3)");
    launch_free(&launch);
    CU_ASSERT_EQUAL(system("rm -rf /tmp/vsscts-none"), 0);
    clear_environment();
}

/* Runs prefix_ready() in a process of its own, which must end in time; its exit code is the status.
 */
static pid_t prefix_in_child(const char *script, const char *prefix, int lock_file)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct launch launch;
        struct cts_error err;
        signal(SIGINT, SIG_DFL);
        alarm(20);
        close(lock_file); /* the lock is its parent's alone */
        enum cts_status status = init(&launch, ARCH_X86_64, script, prefix, &err);
        status = status == CTS_OK ? prefix_ready(&launch, &err) : status;
        launch_free(&launch);
        _exit((int)status);
    }
    return child;
}

static int status_of(pid_t child)
{
    int status = 0;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_prefix_is_interrupted(void)
{
    char script[220], prefix[220];
    snprintf(script, sizeof script, "%s/slow", folder);
    snprintf(prefix, sizeof prefix, "%s/slow-prefix", folder);
    write_file(script, "#!/bin/sh\nexec sleep 30\n", 0755);
    pid_t child = prefix_in_child(script, prefix, -1);
    usleep(400000);
    kill(child, SIGINT);
    CU_ASSERT_EQUAL(status_of(child), CTS_INTERRUPTED);
}

/* While another process makes it, it is waited for, and not made again. */
static void test_prefix_is_locked(void)
{
    char script[220], prefix[220], lock[230], text[300];
    snprintf(script, sizeof script, "%s/locked", folder);
    snprintf(prefix, sizeof prefix, "%s/locked-prefix", folder);
    snprintf(lock, sizeof lock, "%s.lock", prefix);
    write_file(script, "#!/bin/sh\ncase \"$*\" in *wineboot*) exit 3;; esac\n", 0755);
    int file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    CU_ASSERT_EQUAL(flock(file, LOCK_EX), 0);
    pid_t child = prefix_in_child(script, prefix, file);
    usleep(300000);
    CU_ASSERT_EQUAL(waitpid(child, NULL, WNOHANG), 0);
    CU_ASSERT_EQUAL(fs_mkdirs(prefix, NULL), CTS_OK);
    snprintf(text, sizeof text, "%s/system.reg", prefix);
    write_file(text, "", 0644);
    close(file);
    CU_ASSERT_EQUAL(status_of(child), CTS_OK);
    file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    CU_ASSERT_EQUAL(flock(file, LOCK_EX), 0);
    CU_ASSERT_EQUAL(unlink(text), 0);
    child = prefix_in_child(script, prefix, file);
    usleep(300000);
    kill(child, SIGINT);
    CU_ASSERT_EQUAL(status_of(child), CTS_INTERRUPTED);
    close(file);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"direct", test_direct},
        {"systems of their own", test_apart},
        {"Wine", test_wine},
        {"i686", test_i686},
        {"not found", test_not_found},
        {"paths", test_paths},
        {"prefix", test_prefix_is_made_once},
        {"prefix, interrupted", test_prefix_is_interrupted},
        {"prefix, locked", test_prefix_is_locked},
        CU_TEST_INFO_NULL,
    };
    if (!mkdtemp(folder)) {
        return EXIT_FAILURE;
    }
    snprintf(worker, sizeof worker, "%s/worker.exe", folder);
    snprintf(loader, sizeof loader, "%s/wine-loader", folder);
    snprintf(cache, sizeof cache, "%s/cache", folder);
    FILE *files[] = {fopen(worker, "w"), fopen(loader, "w")};
    for (int i = 0; i < 2; i++) {
        if (!files[i] || fclose(files[i]) != 0) {
            return EXIT_FAILURE;
        }
    }
    chmod(loader, 0755);
    int status = cu_run("engine-launch", tests);
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? status : EXIT_FAILURE;
}
