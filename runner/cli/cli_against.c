/* --against: the observations that a run is held against. */
#include "../util/fs_path.h"
#include "cli_session.h"
#include "observed_path.h"
#include <stdlib.h>
#include <string.h>

static enum cts_status check_arch(const struct observed *observed, enum arch arch,
                                  struct cts_error *err)
{
    const char *its = json_string_value(json_object_get(observed->document, "arch"));
    if (strcmp(its, arch_name(arch)) == 0) {
        return CTS_OK;
    }
    return err_set(err, CTS_USAGE, "--against: %s was observed, and this run is of %s",
                   observed->name, arch_name(arch));
}

enum cts_status session_against(struct session *session, const char *name,
                                const struct profile *profile)
{
    struct cts_error err = {0};
    if (session->options->against != NULL && session->options->no_against) {
        err_set(&err, CTS_USAGE, "--against and --no-against exclude each other");
        return session_complain(session, &err);
    }
    if (name == NULL) {
        return CTS_OK;
    }
    char *path = observed_path(session->cases, name, &err);
    session->observed = path != NULL ? observed_load(path, &err) : NULL;
    free(path);
    if (session->observed == NULL || check_arch(session->observed, profile->arch, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    session->observer = (struct observer){session->observed, session->tables, profile};
    session->witness = (struct judge_witness){&session->observer, observed_look};
    session->judge.witness = &session->witness;
    return CTS_OK;
}

const char *session_observed_name(const struct session *session)
{
    return session->observed != NULL ? session->observed->name : NULL;
}
