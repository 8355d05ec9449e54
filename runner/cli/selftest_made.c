/* The mutants that a selftest makes itself. */
#include "../util/fs_path.h"
#include "../util/mem_grow.h"
#include "cli_home.h"
#include "selftest_run.h"
#include <stdlib.h>
#include <string.h>

#define FIRST "reference" /* the profile that comes before the others, and begins their names */
#define ENDING ".json"

/* The name of a profile of the reference that a file of the folder has; NULL: it is none. */
static char *profile_of(const char *file)
{
    const bool is_one =
        fs_has_ending(file, ENDING) && strncmp(file, FIRST "-", strlen(FIRST "-")) == 0;
    return is_one ? mem_text(file, strlen(file) - strlen(ENDING)) : NULL;
}

/* Adds a name (taken over). */
static void add_profile(struct selftest *selftest, char *name)
{
    if (name != NULL) {
        selftest->profiles.items[selftest->profiles.count++] = name;
    }
}

static enum cts_status list_profiles(struct selftest *selftest)
{
    struct fs_list list = {0};
    struct cts_error err = {0};
    char *folder = fs_join(selftest->session->home, "profiles");
    enum cts_status status =
        folder != NULL ? fs_list(folder, &list, &err) : err_set(&err, CTS_NOMEM, "out of memory");
    selftest->profiles.items = calloc(list.count + 2, sizeof *selftest->profiles.items);
    if (status != CTS_OK) {
        session_complain(selftest->session, &err);
    } else if (selftest->profiles.items == NULL) {
        status = session_no_memory(selftest->session);
    } else {
        add_profile(selftest, mem_text(FIRST, strlen(FIRST)));
        for (size_t i = 0; i < list.count; i++) {
            add_profile(selftest, profile_of(list.items[i].name));
        }
    }
    fs_list_free(&list);
    free(folder);
    return status;
}

static enum cts_status make_with(struct selftest *selftest, const char *name)
{
    const struct session *session = selftest->session;
    const struct plan_options wanted = {.bare = true};
    struct cts_error err = {0};
    enum cts_status status = CTS_OK;
    struct plan *plan = NULL;
    struct profile *profile = home_profile(
        session->home, name, selftest->arch == ARCH_I686 ? CHOSEN_I686 : CHOSEN_X86_64, &err);
    if (profile != NULL) {
        plan = plan_new(session->tables, profile, &wanted, &err);
    }
    if (plan == NULL) {
        status = session_complain(session, &err);
    } else if (!mutant_families_add(&selftest->families, &selftest->index, plan, &profile->claims,
                                    name)) {
        status = session_no_memory(selftest->session);
    }
    plan_free(plan);
    profile_free(profile);
    return status;
}

enum cts_status selftest_make(struct selftest *selftest)
{
    const struct tables *tables = selftest->session->tables;
    const struct mutants *mutants = selftest->mutants;
    if (!mutant_families_init(&selftest->families, tables)) {
        return session_no_memory(selftest->session);
    }
    for (size_t i = 0; i < mutants->count; i++) {
        selftest->families.made[mutants->items[i].requirement - tables->requirements] = true;
    }
    enum cts_status status = list_profiles(selftest);
    for (size_t i = 0; i < selftest->profiles.count && status == CTS_OK; i++) {
        status = make_with(selftest, selftest->profiles.items[i]);
    }
    return status;
}

void selftest_made_free(struct selftest *selftest)
{
    for (size_t i = 0; i < selftest->profiles.count; i++) {
        free((char *)selftest->profiles.items[i]);
    }
    free(selftest->profiles.items);
    mutant_families_free(&selftest->families);
}
