#include "cli_shard.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* The variables of a CI system. */
struct shard_source {
    const char *index, *total;
    unsigned first; /* index of the first part */
    const char *status_file;
};

static const struct shard_source sources[] = {
    {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0, "TEST_SHARD_STATUS_FILE"},
    {"CI_NODE_INDEX", "CI_NODE_TOTAL", 1, NULL},
};

/* Bazel wants to see that the test knows of shards. */
static enum cts_status touch(const char *path, struct cts_error *err)
{
    uv_fs_t request;
    const int file = uv_fs_open(NULL, &request, path, O_WRONLY | O_CREAT, 0644, NULL);
    uv_fs_req_cleanup(&request);
    if (file < 0) {
        return err_set_at(err, CTS_IO, path, 0, 0, "cannot be written: %s", uv_strerror(file));
    }
    uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
    return CTS_OK;
}

/* "I/N" from the variables, where the system set them. A total of 1 needs no index. */
static enum cts_status read_source(const struct shard_source *source, char text[SHARD_TEXT],
                                   struct cts_error *err)
{
    const char *index = getenv(source->index), *total = getenv(source->total);
    struct plan_shard shard;
    char whole[64];
    char *end = NULL;
    if (total == NULL || (index == NULL && strcmp(total, "1") == 0)) {
        return CTS_OK;
    }
    const unsigned long number = index != NULL ? strtoul(index, &end, 10) : 0;
    snprintf(whole, sizeof whole, "%lu/%s", number + 1 - source->first, total);
    if (index == NULL || index[0] < '0' || index[0] > '9' || *end != '\0' ||
        !plan_shard_parse(whole, &shard)) {
        return err_set(err, CTS_USAGE, "--shard auto: %s is '%.32s' and %s is '%.32s'",
                       source->index, index != NULL ? index : "", source->total, total);
    }
    snprintf(text, SHARD_TEXT, "%u/%u", shard.index, shard.count);
    const char *status_file = source->status_file != NULL ? getenv(source->status_file) : NULL;
    return status_file != NULL && status_file[0] != '\0' ? touch(status_file, err) : CTS_OK;
}

enum cts_status cli_shard(const char *given, char text[SHARD_TEXT], struct cts_error *err)
{
    struct plan_shard shard;
    enum cts_status status = CTS_OK;
    text[0] = '\0';
    if (given != NULL && strcmp(given, "auto") == 0) {
        for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
            if (status == CTS_OK && text[0] == '\0') {
                status = read_source(&sources[i], text, err);
            }
        }
    } else if (given != NULL && !plan_shard_parse(given, &shard)) {
        status = err_set(err, CTS_USAGE,
                         "--shard: '%s' is no part such as 2/4, of at most %d parts, and not auto",
                         given, PLAN_SHARDS_MAX);
    } else if (given != NULL) {
        snprintf(text, SHARD_TEXT, "%u/%u", shard.index, shard.count);
    }
    return status;
}
