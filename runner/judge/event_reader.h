/* The events of verdicts, looked at one verdict after the other. Each thread has a reader of its
 * own. */
#ifndef VSSCTS_EVENT_READER_H
#define VSSCTS_EVENT_READER_H

#include "../util/json_view.h"
#include "judge.h"

struct event_reader;

/* The run is borrowed and must outlive the reader. NULL: no memory. */
struct event_reader *events_open(const struct judged_run *run);
void events_close(struct event_reader *reader); /* takes NULL too */

/* Reads the events of a verdict of the run: those that it holds, else those of the log, which must
 * not have changed. False: no memory, or a log that cannot be read; judged_failed() knows why. */
bool events_read(struct event_reader *reader, const struct case_verdict *verdict);

/* What was read last: valid until the next verdict is read. */
size_t events_count(const struct event_reader *reader);
const struct jv *events_at(const struct event_reader *reader, size_t number);

#endif
