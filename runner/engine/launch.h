/* How a worker is started: a PE program on Linux with Wine, all else directly. */
#ifndef VSSCTS_LAUNCH_H
#define VSSCTS_LAUNCH_H

#include "engine.h"

#define LAUNCH_PATH 4096
#define LAUNCH_MARK 8 /* characters */

/* Filled by launch_init(); texts are owned by it. */
struct launch {
    char worker[LAUNCH_PATH]; /* the worker program, from the root */
    bool wine;                /* it is started by `loader` */
    char loader[LAUNCH_PATH];
    char prefix[LAUNCH_PATH]; /* of Wine */
    bool own_prefix;          /* the suite's own, not one that the user named */
    enum arch arch;
    char mark[LAUNCH_MARK + 1]; /* of the run: other runs have another */
    char **env;                 /* NAME=VALUE, for uv_process_options_t */
};

/* Finds worker, launcher and prefix, and makes the environment of the workers with `token` as the
 * mark of the run. Nothing is started or made. CTS_USAGE (no worker, no Wine: err says what to do),
 * CTS_NOMEM. Free with launch_free() also after a failure. */
enum cts_status launch_init(struct launch *launch, const struct eng_options *options,
                            enum arch arch, const char *token, struct cts_error *err);
void launch_free(struct launch *launch);

/* Arguments for uv_process_options_t: {[loader,] worker, argument, NULL}. */
struct launch_args {
    char *list[4];
};
void launch_args(const struct launch *launch, const char *argument, struct launch_args *args);

/* The environment once more, with NAME=VALUE set (removed where value is NULL) for each of the
 * `count` pairs {name, value}. Free with launch_env_free(); NULL: no memory. */
char **launch_env(char *const *base, const char *const (*pairs)[2], size_t count);
void launch_env_free(char **env);

/* The path under which a worker knows a file of this system: from the root, and as a path of drive
 * Z: under Wine. "@system" stays. Freed by the caller; NULL: no memory. */
char *launch_path(const struct launch *launch, const char *path);

#endif
