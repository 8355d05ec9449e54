#include "plan_shard.h"

#include <stdlib.h>
#include <string.h>

/* Reads digits up to `end`, of which there are few enough for any number that is allowed. */
static bool read_number(const char *text, const char *end, unsigned *number)
{
    const size_t length = (size_t)(end - text);
    if (length == 0 || length > 5 || strspn(text, "0123456789") < length) {
        return false;
    }
    *number = (unsigned)strtoul(text, NULL, 10);
    return true;
}

bool plan_shard_parse(const char *text, struct plan_shard *shard)
{
    const char *slash = strchr(text, '/');
    *shard = (struct plan_shard){0, 0};
    return slash != NULL && read_number(text, slash, &shard->index) &&
           read_number(slash + 1, slash + strlen(slash), &shard->count) && shard->index >= 1 &&
           shard->index <= shard->count && shard->count <= PLAN_SHARDS_MAX;
}
