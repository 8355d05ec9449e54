/* Where observations lie. */
#ifndef VSSCTS_OBSERVED_PATH_H
#define VSSCTS_OBSERVED_PATH_H

#include "../report/observed.h"
#include "../util/cts_error.h"
#include "log_facts.h"

/* The file that --against names: a path, or a name in observed/ of the tables' folder. The caller
 * frees it. NULL: CTS_USAGE (with the names that there are), CTS_NOMEM. */
char *observed_path(const char *cases, const char *name, struct cts_error *err);

/* Where the observations of the Windows stand that a log is of: "observed/10.0.20348.json" in the
 * tables' folder, "-i686" after the version for that architecture. NULL: no memory. */
char *observed_default(const char *cases, const struct log_facts *facts);

/* Everything that was observed: all files of observed/ in the tables' folder, by name. */
struct observed_all {
    size_t count;
    struct observed **items;
};

/* CTS_BAD_FILE with path, line and column of the first file that is none, CTS_NOMEM. Ended with
 * observed_all_free() in any case. */
enum cts_status observed_all_load(struct observed_all *all, const char *cases,
                                  struct cts_error *err);
void observed_all_free(struct observed_all *all);

#endif
