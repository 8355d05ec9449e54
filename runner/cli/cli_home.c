#include "cli_home.h"

#include "../util/fs_path.h"
#include "../util/mem_grow.h"
#include "../util/nearest.h"
#include "../util/str_buf.h"
#include "cli_options.h"
#include "pe_arch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define HOME_PATH_MAX ((size_t)32 * 1024)
#define HOME_SYSTEM "@system" /* the DLL of the system itself */

static char *copy(const char *text)
{
    struct str_buf buf;
    sb_init(&buf, HOME_PATH_MAX);
    sb_add(&buf, text);
    return sb_take(&buf, NULL);
}

/* The value of a variable, freed by the caller; NULL where it is not set or empty. */
static char *variable(const char *name)
{
    size_t size = HOME_PATH_MAX;
    char *value = mem_grow(NULL, size);
    if (value != NULL && (uv_os_getenv(name, value, &size) != 0 || value[0] == '\0')) {
        free(value);
        value = NULL;
    }
    return value;
}

/* The folder where it holds the tables, else NULL; takes it over. */
static char *if_home(char *dir)
{
    char *cases = dir != NULL ? fs_join(dir, "cases") : NULL;
    if (cases == NULL || !fs_is_dir(cases)) {
        free(dir);
        dir = NULL;
    }
    free(cases);
    return dir;
}

static char *beside_program(void)
{
    size_t size = HOME_PATH_MAX;
    char *program = mem_grow(NULL, size), *folder = NULL, *share = NULL, *found = NULL;
    if (program != NULL && uv_exepath(program, &size) == 0) {
        folder = fs_dirname(program);
        share = folder != NULL ? fs_join(folder, "../share/vsscts") : NULL;
        found = if_home(share);
        if (found == NULL && folder != NULL) {
            found = if_home(folder);
            folder = NULL;
        }
    }
    free(program);
    free(folder);
    return found;
}

char *home_find(const char *option, struct cts_error *err)
{
    char *home = option != NULL ? copy(option) : variable("VSSCTS_HOME");
    if (home != NULL && !fs_is_dir(home)) {
        err_set_at(err, CTS_USAGE, home, 0, 0, "is no folder (%s)",
                   option != NULL ? "--home" : "$VSSCTS_HOME");
        free(home);
        return NULL;
    }
    if (home == NULL && option == NULL) {
        home = beside_program();
    }
    if (home == NULL) {
        err_set(err, CTS_USAGE,
                "no home folder with the cases found; name it with --home or $VSSCTS_HOME");
    }
    return home;
}

char *home_profile_path(const char *home, const char *name)
{
    struct str_buf buf;
    if (home == NULL || strpbrk(name, "/\\") != NULL) {
        return NULL;
    }
    sb_init(&buf, HOME_PATH_MAX);
    sb_addf(&buf, "%s/profiles/%s.json", home, name);
    char *path = sb_take(&buf, NULL);
    if (path != NULL && !fs_exists(path)) {
        free(path);
        path = NULL;
    }
    return path;
}

/* Says that a name is neither profile nor file. */
static void no_such_iut(const char *home, const char *iut, struct cts_error *err)
{
    struct fs_list list = {0};
    struct nearest search;
    char *folder = home != NULL ? fs_join(home, "profiles") : NULL;

    nearest_init(&search, iut);
    if (folder != NULL && fs_list(folder, &list, NULL) == CTS_OK) {
        for (size_t i = 0; i < list.count; i++) {
            if (fs_has_ending(list.items[i].name, ".json")) {
                list.items[i].name[strlen(list.items[i].name) - strlen(".json")] = '\0';
                nearest_offer(&search, list.items[i].name);
            }
        }
    }
    if (search.best != NULL) {
        err_set(err, CTS_USAGE, "--iut: no profile and no file '%s'; did you mean %s?", iut,
                search.best);
    } else {
        err_set(err, CTS_USAGE, "--iut: no profile and no file '%s'%s", iut,
                home != NULL ? ""
                             : " (no home folder with profiles found: --home or $VSSCTS_HOME)");
    }
    fs_list_free(&list);
    free(folder);
}

static struct profile *dll_profile(const char *path, unsigned chosen, struct cts_error *err)
{
    enum arch arch = chosen == CHOSEN_I686 ? ARCH_I686 : ARCH_X86_64;
    if (chosen == 0 && strcmp(path, HOME_SYSTEM) != 0 && pe_arch(path, &arch, err) != CTS_OK) {
        return NULL;
    }
    return profile_for_dll(path, arch, err);
}

struct profile *home_profile(const char *home, const char *iut, unsigned arch,
                             struct cts_error *err)
{
    const enum arch chosen = arch == CHOSEN_I686 ? ARCH_I686 : ARCH_X86_64;
    const bool is_path = strpbrk(iut, "/\\") != NULL;
    struct profile *profile = NULL;
    char *path = NULL;

    if (fs_has_ending(iut, ".json")) {
        return profile_load(iut, chosen, err);
    }
    path = home_profile_path(home, iut);
    if (path != NULL) {
        profile = profile_load(path, chosen, err);
    } else if (!is_path && strcmp(iut, HOME_SYSTEM) != 0 && !fs_exists(iut) &&
               !fs_has_ending(iut, ".dll")) {
        no_such_iut(home, iut, err);
    } else {
        profile = dll_profile(iut, arch, err);
    }
    free(path);
    return profile;
}
