/* Reading what steps of the fixture writer say. Private to the model room. */
#ifndef VSSCTS_TBL_WRITER_H
#define VSSCTS_TBL_WRITER_H

#include "tbl_scope.h"

/* The class whose object a writer is. */
#define TBL_WRITER_CLASS "CVssWriter"

/* Reads a step that is about a writer (writer, script, reached, go, events, stop): what it names,
 * and that the writer runs. */
void tbl_read_writer_step(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                          struct step *step);

/* Reads "events" and "contains" of an expectation: lists of events, each a name or an object of
 * facts. */
void tbl_read_events(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *expect_at,
                     const struct step *step, struct expect *expect);

#endif
