#include "profile.h"

#include "../util/fs_path.h"
#include "../util/json_file.h"
#include "../util/nearest.h"
#include "names.h"
#include "tbl_read.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>

#define SYSTEM_DLL "@system"
#define DEFAULT_WINDOWS "10.0"

/* The names under which the factory is exported: the internal one, then those of C++. */
static const char *const factory_x86_64[] = {
    "CreateVssBackupComponentsInternal",
    "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z",
};
static const char *const factory_i686[] = {
    "CreateVssBackupComponentsInternal",
    "_CreateVssBackupComponentsInternal@4",
    "?CreateVssBackupComponents@@YGJPAPAVIVssBackupComponents@@@Z",
};

static struct string_list default_factory(struct tbl_ctx *ctx, enum arch arch)
{
    bool wide = arch == ARCH_X86_64;
    const char *const *names = wide ? factory_x86_64 : factory_i686;
    size_t count = wide ? sizeof factory_x86_64 / sizeof *factory_x86_64
                        : sizeof factory_i686 / sizeof *factory_i686;
    struct string_list list = {0};
    list.items = tbl_alloc(ctx->arena, count, sizeof *list.items);
    for (size_t i = 0; list.items && i < count; i++) {
        list.items[list.count++] = names[i];
    }
    return list;
}

/* Takes a leading "../" off the path and the last part off the folder, as long as both can be: by
 * the text and not by the disk, since the folder may be a link into another tree. True where it
 * did.
 */
static bool go_up(char **folder, const char **path)
{
    const char *last = fs_basename(*folder);
    if (strncmp(*path, "../", 3) != 0 || last[0] == '\0' || strcmp(last, ".") == 0 ||
        strcmp(last, "..") == 0) {
        return false;
    }
    char *above = fs_dirname(*folder);
    if (!above) {
        return false;
    }
    free(*folder);
    *folder = above;
    *path += 3;
    return true;
}

/* A path of the profile, taken from the profile's folder. */
static const char *from_folder(struct tbl_ctx *ctx, const struct tbl_file *file, const char *path)
{
    const char *kept = NULL;
    char *folder = fs_dirname(file->path);
    while (folder && go_up(&folder, &path)) {
    }
    /* "./x" says no more than "x". */
    bool here = folder && strcmp(folder, ".") == 0;
    char *joined = folder ? fs_join(here ? "" : folder, path) : NULL;
    if (joined) {
        kept = tbl_strndup(ctx->arena, joined, strlen(joined));
    } else {
        ctx->arena->failed = true;
    }
    free(joined);
    free(folder);
    return kept;
}

static void read_dll(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    struct tbl_at dll = tbl_member(root, "dll");
    const char *text;
    if (json_is_object(dll.json)) {
        tbl_object(ctx, &dll, "x86_64 i686");
        if (json_object_size(dll.json) > 0 &&
            !json_object_get(dll.json, arch_name(profile->arch))) {
            tbl_err(ctx, &dll, "there is no DLL for %s", arch_name(profile->arch));
            return;
        }
        text = tbl_string(ctx, &dll, arch_name(profile->arch), true);
    } else {
        text = tbl_string(ctx, root, "dll", true);
    }
    if (text) {
        profile->dll = strcmp(text, SYSTEM_DLL) == 0 ? text : from_folder(ctx, root->file, text);
    }
}

static void read_claims(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    struct tbl_at claims = tbl_member(root, "claims");
    profile->claims.arch = profile->arch;
    if (!claims.json) {
        tbl_err(ctx, root, "missing key \"claims\"");
        return;
    }
    if (!tbl_object(ctx, &claims, "windows edition")) {
        return;
    }
    const char *windows = tbl_string(ctx, &claims, "windows", true);
    const char *edition = tbl_string(ctx, &claims, "edition", false);
    if (windows && !version_parse(windows, strlen(windows), profile->claims.windows)) {
        struct tbl_at at = tbl_member(&claims, "windows");
        tbl_err(ctx, &at, "\"%s\" is no version of Windows (6.1, 10.0.19045)", windows);
    }
    if (edition && strcmp(edition, "client") != 0 && strcmp(edition, "server") != 0) {
        struct tbl_at at = tbl_member(&claims, "edition");
        tbl_err(ctx, &at, "\"edition\" must be \"client\" or \"server\"");
    }
    profile->windows_text = windows;
    profile->claims.server = edition && strcmp(edition, "server") == 0;
}

static void read_can(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    struct string_list list = tbl_strings(ctx, root, "can", false, false);
    struct tbl_at can = tbl_member(root, "can");
    for (size_t i = 0; i < list.count; i++) {
        int capability = capability_by_name(list.items[i]);
        if (capability < 0) {
            struct nearest search;
            nearest_init(&search, list.items[i]);
            for (int c = 0; c < CAP_COUNT; c++) {
                nearest_offer(&search, capability_name((enum capability)c));
            }
            tbl_unknown(ctx, &can, "capability", list.items[i], search.best);
        } else if (capability == CAP_FIXTURE_WRITER) {
            tbl_err(ctx, &can, "\"%s\" is what the runner can, not an implementation",
                    list.items[i]);
        } else {
            profile->can |= UINT32_C(1) << capability;
        }
    }
}

/* A string, or {"file": path}. */
static struct profile_env read_variable(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct profile_env out = {at->key, json_string_value(at->json), false};
    if (json_is_object(at->json) && tbl_object(ctx, at, "file")) {
        const char *path = tbl_string(ctx, at, "file", true);
        out.value = path ? from_folder(ctx, at->file, path) : NULL;
        out.file = true;
    } else if (!out.value) {
        tbl_err(ctx, at, "\"%s\" must be a string, or an object with a \"file\"", at->key);
    }
    return out;
}

static bool names_variable(const char *name)
{
    return name[0] != '\0' && !strchr(name, '=');
}

static void read_environment(struct tbl_ctx *ctx, const struct tbl_at *root,
                             struct profile *profile)
{
    struct tbl_at environment = tbl_member(root, "environment");
    const char *name;
    json_t *value;
    if (!environment.json) {
        return;
    }
    if (!json_is_object(environment.json)) {
        tbl_err(ctx, &environment, "\"environment\" must be an object");
        return;
    }
    profile->env = tbl_alloc(ctx->arena, json_object_size(environment.json), sizeof *profile->env);
    json_object_foreach(environment.json, name, value)
    {
        struct tbl_at at = tbl_member(&environment, name);
        if (!names_variable(name)) {
            tbl_err_key(ctx, &at, "\"%s\" cannot name a variable of the environment", name);
        } else if (profile->env) {
            profile->env[profile->env_count] = read_variable(ctx, &at);
            profile->env_count += profile->env[profile->env_count].value != NULL;
        }
    }
}

/* Behind read_environment(). */
static void read_apart(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    profile->apart = tbl_string(ctx, root, "apart", false);
    struct tbl_at at = tbl_member(root, "apart");
    if (profile->apart && !names_variable(profile->apart)) {
        tbl_err(ctx, &at, "\"%s\" cannot name a variable of the environment", profile->apart);
    }
    for (size_t i = 0; profile->apart && i < profile->env_count; i++) {
        if (strcmp(profile->env[i].name, profile->apart) == 0) {
            tbl_err(ctx, &at, "\"%s\" has its value from \"environment\" already", profile->apart);
        }
    }
}

static void read_values(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    struct tbl_at values = tbl_member(root, "values");
    const char *name;
    json_t *value;
    if (values.json && !json_is_object(values.json)) {
        tbl_err(ctx, &values, "\"values\" must be an object");
        return;
    }
    json_object_foreach(values.json, name, value)
    {
        struct tbl_at at = tbl_member(&values, name);
        int number = profile_value_by_name(name);
        if (number < 0) {
            struct nearest search;
            nearest_init(&search, name);
            for (int v = 0; v < PROFILE_VALUE_COUNT; v++) {
                nearest_offer(&search, profile_value_name((enum profile_value)v));
            }
            tbl_unknown(ctx, &at, "value of a profile", name, search.best);
        } else if (!json_is_string(value) || json_string_length(value) == 0) {
            tbl_err(ctx, &at, "\"%s\" must be a string that is not empty", name);
        } else {
            profile->values[number] = json_string_value(value);
        }
    }
}

static void read_factory(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    struct tbl_at factory = tbl_member(root, "factory");
    if (json_is_object(factory.json)) {
        tbl_object(ctx, &factory, "x86_64 i686");
        profile->factory = tbl_strings(ctx, &factory, arch_name(profile->arch), false, true);
    } else if (factory.json) {
        profile->factory = tbl_strings(ctx, root, "factory", true, true);
        if (profile->factory.count == 0) {
            tbl_err(ctx, &factory, "\"factory\" names no export");
        }
    }
    if (profile->factory.count == 0) {
        profile->factory = default_factory(ctx, profile->arch);
    }
}

static void read_profile(struct tbl_ctx *ctx, const struct tbl_at *root, struct profile *profile)
{
    if (!tbl_object(ctx, root,
                    "format kind name dll claims can volumes values environment apart "
                    "expectations factory")) {
        return;
    }
    tbl_head(ctx, root, "profile");
    profile->name = tbl_string(ctx, root, "name", true);
    const char *expectations = tbl_string(ctx, root, "expectations", false);
    profile->expectations = expectations ? from_folder(ctx, root->file, expectations) : NULL;
    profile->volumes = tbl_strings(ctx, root, "volumes", false, false);
    read_dll(ctx, root, profile);
    read_claims(ctx, root, profile);
    read_can(ctx, root, profile);
    read_values(ctx, root, profile);
    read_environment(ctx, root, profile);
    read_apart(ctx, root, profile);
    read_factory(ctx, root, profile);
}

/* An empty profile with an arena, or NULL. */
static struct profile *new_profile(enum arch arch, struct cts_error *err)
{
    struct profile *profile = NULL;
    struct tbl_arena *arena = tbl_arena_new();
    if (arena) {
        profile = tbl_alloc(arena, 1, sizeof *profile);
    }
    if (!profile) {
        tbl_arena_free(arena);
        err_set(err, CTS_NOMEM, "out of memory");
        return NULL;
    }
    profile->owner = arena;
    profile->arch = arch;
    profile->claims.arch = arch;
    return profile;
}

/* The first complaint goes to err. True where there is none. */
static bool settle(struct tbl_ctx *ctx, struct cts_error *err)
{
    if (ctx->arena->failed) {
        err_set(err, CTS_NOMEM, "out of memory");
        return false;
    }
    if (ctx->count == 0) {
        return true;
    }
    struct cts_errors *errs = calloc(1, sizeof *errs);
    if (!errs) {
        err_set(err, CTS_NOMEM, "out of memory");
        return false;
    }
    tbl_report(ctx, errs);
    if (err) {
        *err = errs->list[0];
    }
    free(errs);
    return false;
}

struct profile *profile_load(const char *path, enum arch arch, struct cts_error *err)
{
    size_t len;
    struct tbl_ctx ctx = {0};
    struct profile *out = NULL;
    struct profile *profile = new_profile(arch, err);
    char *text = profile ? file_read(path, &len, JSON_FILE_MAX, err) : NULL;
    json_t *json = text ? json_text_parse(text, len, path, err) : NULL;
    if (!json) {
        free(text);
        goto done;
    }
    struct tbl_file *file = tbl_add_file(profile->owner, path, path, text, len, json);
    if (!file) {
        err_set(err, CTS_NOMEM, "out of memory");
        goto done;
    }
    ctx.arena = profile->owner;
    struct tbl_at root = tbl_root(file);
    read_profile(&ctx, &root, profile);
    if (settle(&ctx, err)) {
        out = profile;
    }
done:
    if (!out) {
        profile_free(profile);
    }
    return out;
}

struct profile *profile_for_dll(const char *path, enum arch arch, struct cts_error *err)
{
    struct profile *profile = new_profile(arch, err);
    if (!profile) {
        return NULL;
    }
    struct tbl_ctx ctx = {.arena = profile->owner};
    const char *name = fs_basename(path);
    profile->name = tbl_strndup(ctx.arena, name, strlen(name));
    profile->dll = tbl_strndup(ctx.arena, path, strlen(path));
    profile->windows_text = DEFAULT_WINDOWS;
    profile->claims.windows[0] = 10;
    profile->factory = default_factory(&ctx, arch);
    if (ctx.arena->failed) {
        err_set(err, CTS_NOMEM, "out of memory");
        profile_free(profile);
        return NULL;
    }
    return profile;
}

void profile_free(struct profile *profile)
{
    if (profile) {
        /* The profile itself lies in its arena. */
        tbl_arena_free(profile->owner);
    }
}
