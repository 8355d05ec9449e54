/* What a log says of the run that it is of: enough to plan the run again. */
#ifndef VSSCTS_LOG_FACTS_H
#define VSSCTS_LOG_FACTS_H

#include "../model/profile.h"
#include "../plan/plan.h"

/* Owned by the caller, who ends it with log_facts_free(). */
struct log_facts {
    json_t *header;         /* the first event */
    json_t *options;        /* of the header, as they are on this machine: options_here() */
    struct profile profile; /* by the header; its texts belong to the header */
};

/* Reads the header of a log. CTS_BAD_FILE (unreadable, no header, facts missing), CTS_NOMEM. */
enum cts_status log_facts_read(struct log_facts *facts, const char *path, struct cts_error *err);
void log_facts_free(struct log_facts *facts);

/* Plans the cases that the options of the run select, so that those are known which it did not
 * reach. NULL, and CTS_OK in err, where these are not as many as the header counts, or none: the
 * tables are others. NULL and CTS_NOMEM: nothing is known. */
struct plan *log_facts_plan(const struct log_facts *facts, const struct tables *tables,
                            struct cts_error *err);

/* Plans the cases that the options of the run select, all parts of them, with the hash of the
 * tables. As plan_new(). */
struct plan *log_facts_plan_whole(const struct log_facts *facts, const struct tables *tables,
                                  struct cts_error *err);

/* Plans the cases that stand in the log, which is read for that. As plan_new(). */
struct plan *log_facts_plan_cases(const struct log_facts *facts, const struct tables *tables,
                                  const char *path, struct cts_error *err);

/* A key of the header's options: false, or NULL, where there is none. */
bool log_facts_option(const struct log_facts *facts, const char *key);
const char *log_facts_option_text(const struct log_facts *facts, const char *key);

/* Is the log at path of the tables of this plan (no bare one)? CTS_OK; CTS_USAGE with both hashes.
 */
enum cts_status log_facts_same_tables(const struct log_facts *facts, const struct plan *plan,
                                      const char *path, struct cts_error *err);

#endif
