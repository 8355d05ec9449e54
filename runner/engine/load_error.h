/* Why an implementation cannot be loaded, in one line. */
#ifndef VSSCTS_LOAD_ERROR_H
#define VSSCTS_LOAD_ERROR_H

#include "../model/profile.h"

/* "reference.dll: DllMain returned FALSE" from a `load_failed` message. CTS_IUT. */
enum cts_status load_error_failed(struct cts_error *err, const struct profile *profile,
                                  const json_t *message);

/* "reference.dll: DllMain crashed (0xC0000005)" from a `crash` message while it was loaded. */
enum cts_status load_error_crash(struct cts_error *err, const struct profile *profile,
                                 const json_t *message);

/* The process ended with status, or by a signal where that is not 0. */
enum cts_status load_error_exit(struct cts_error *err, const struct profile *profile,
                                int64_t status, int signal);

/* No answer within ms. */
enum cts_status load_error_silence(struct cts_error *err, const struct profile *profile,
                                   unsigned ms);

/* The worker broke the protocol while it loaded: what is what it did. */
enum cts_status load_error_broken(struct cts_error *err, const struct profile *profile,
                                  const char *what);

#endif
