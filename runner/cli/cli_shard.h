/* --shard: which part of the selection is run. */
#ifndef VSSCTS_CLI_SHARD_H
#define VSSCTS_CLI_SHARD_H

#include "../plan/plan_shard.h"
#include "../util/cts_error.h"

#define SHARD_TEXT 16 /* holds any "I/N" */

/* Resolves the text of --shard (NULL: not given) into "I/N", or "" where all cases are run. "auto"
 * is what the environment says: Bazel's TEST_SHARD_INDEX (from 0) of TEST_TOTAL_SHARDS, then
 * TEST_SHARD_STATUS_FILE is made; else GitLab's CI_NODE_INDEX (from 1) of CI_NODE_TOTAL; else all.
 * Nothing else reads these variables. CTS_USAGE, CTS_IO. */
enum cts_status cli_shard(const char *given, char text[SHARD_TEXT], struct cts_error *err);

#endif
