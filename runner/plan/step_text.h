/* A step of the tables in one line, as a reader of VSS documentation would write it. */
#ifndef VSSCTS_STEP_TEXT_H
#define VSSCTS_STEP_TEXT_H

#include "../model/tables.h"
#include "../util/str_buf.h"

/* One line without its end: `bc.BackupComplete(ppAsync = NULL)`. Arguments stand in the order of
 * the declaration; an out parameter whose value is kept reads `ppAsync -> async`, one that gets a
 * buffer and is not kept is its bare name, a value of the profile is `@volume`. Of a thread or a
 * repeat only the head is told (`100 times: 2 steps`). Freed by the caller with free(); NULL: no
 * memory. */
char *step_text(const struct step *step);

/* The same, appended to a buffer. */
void step_text_add(struct str_buf *buf, const struct step *step);

/* Appends the place that an expectation is about: `ppAsync`, `pProp.m_eStatus`,
 * `rgelt[1].m_SnapshotId`. */
void step_place_add(struct str_buf *buf, const struct expect_out *out);

/* Appends what is expected of bits: `with VSS_VOLSNAP_ATTR_PERSISTENT and without 0x20`. */
void step_bits_add(struct str_buf *buf, const struct expect_out *out);

/* Appends a name of an export step: `CreateWriter`, or where the architectures differ
 * `?f@@YAJXZ (i686: ?f@@YGJXZ)`. */
void step_export_add(struct str_buf *buf, const char *const names[2]);

/* Appends a list of events of a writer, names or objects of facts: `Freeze, BackupComplete {…}`. */
void step_events_add(struct str_buf *buf, const json_t *list);

#endif
