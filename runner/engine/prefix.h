/* The Wine prefix of the workers: made once, under a lock, and its services started apart from the
 * workers, so that they belong to none of them. */
#ifndef VSSCTS_PREFIX_H
#define VSSCTS_PREFIX_H

#include "launch.h"

/* Makes the prefix ready. Says on standard error when that takes its time. Waits for another
 * process that makes the same one. Nothing is done where no Wine is used. CTS_OK, CTS_IO (err says
 * what failed), CTS_INTERRUPTED (SIGINT, SIGTERM), CTS_NOMEM. */
enum cts_status prefix_ready(const struct launch *launch, struct cts_error *err);

#endif
