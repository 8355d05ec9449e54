/* What the command line adds to the header of the log, so that a report can be made from it. */
#ifndef VSSCTS_RUN_FACTS_H
#define VSSCTS_RUN_FACTS_H

#include "cli_options.h"
#include <jansson.h>

/* Keys for the header's "options": strict, flaky_pass, no_expect, expect (path of the expectation
 * file, or null), shuffle, patterns, skip, tags, skip_tags, requirements, levels, arguments (all
 * that `run` was told, for cli_parse()), reproduce; shard
 * ("I/N") where it is not "". A new reference; NULL: no memory. out_dir is
 * the folder of the run. */
json_t *run_facts(const struct cli_options *options, const char *expect, const char *shard,
                  const char *out_dir);

/* The command that runs cases again in the same way, without their ids, quoted for a POSIX shell:
 * every option given that says what is tested and how it is judged, and an --out below out_dir, so
 * that it does not write over the run. Freed by the caller; NULL: no memory. */
char *run_reproduce(const struct cli_options *options, const char *out_dir);

#endif
