#include "tbl_turn.h"

#include "tbl_writer.h"

#include <string.h>

/* What the handlers of the events get. */
static const struct {
    const char *event, *variable, *iface;
} given[] = {
    {"Identify", "metadata", "IVssCreateWriterMetadata"},
    {"PrepareBackup", "components", "IVssWriterComponents"},
    {"PostSnapshot", "components", "IVssWriterComponents"},
    {"BackupComplete", "components", "IVssWriterComponents"},
    {"PreRestore", "components", "IVssWriterComponents"},
    {"PostRestore", "components", "IVssWriterComponents"},
};

static void lend(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                 const char *name, const char *iface)
{
    const struct tbl_var var = {
        .name = name, .kind = KIND_IFACE, .iface = tbl_interface(ctx->tables, iface)};
    if (!tbl_lend_var(ctx, scope, var)) {
        tbl_err(ctx, at, "variable \"%s\" is the event's own in these steps", name);
    }
}

static void take_back(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      const char *name)
{
    if (!tbl_take_back_var(scope, name)) {
        tbl_err(ctx, at, "a step sets \"%s\", which is the event's own", name);
    }
}

void tbl_begin_turn(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                    const struct step *script)
{
    struct tbl_at steps = tbl_member(at, "steps");
    tbl_begin_event(ctx, scope, script->object, script->event);
    scope->in_event = true;
    lend(ctx, scope, &steps, "writer", TBL_WRITER_CLASS);
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (strcmp(given[i].event, script->event) == 0) {
            lend(ctx, scope, &steps, given[i].variable, given[i].iface);
        }
    }
}

void tbl_end_turn(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                  const struct step *script)
{
    struct tbl_at steps = tbl_member(at, "steps");
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (strcmp(given[i].event, script->event) == 0) {
            take_back(ctx, scope, &steps, given[i].variable);
        }
    }
    take_back(ctx, scope, &steps, "writer");
    scope->in_event = false;
    tbl_end_thread(scope);
}
