/* verify: is a log whole, and as it was recorded? */
#include "../engine/log_verify.h"
#include "../report/json_facts.h"
#include "foreign.h"
#include "judged_log.h"
#include <stdlib.h>
#include <string.h>

#define SHOWN 10

/* What is known of a log. */
struct verify {
    const struct session *session;
    const char *path;
    struct log_verified seals;
    json_t *header;
    bool complete; /* the last line is a footer, and says that nothing is left */
    size_t line, foreign;
};

static enum cts_status look_at(void *context, const json_t *event,
                               uint64_t place __attribute__((unused)), struct cts_error *err)
{
    struct verify *verify = context;
    const struct term *term = &verify->session->out;
    const char *kind = json_string_value(json_object_get(event, "e"));
    if (kind == NULL || (strcmp(kind, "header") == 0) != (verify->line == 0)) {
        return err_set(err, CTS_BAD_FILE, "%s",
                       verify->line == 0 ? "the log does not begin with a header"
                                         : "this is no event of a log");
    }
    if (verify->line++ == 0) {
        verify->header = json_incref((json_t *)(uintptr_t)event);
    }
    verify->complete = strcmp(kind, "footer") == 0 && footer_is_over(event);
    const char *found = foreign_text(event);
    if (found != NULL && verify->foreign++ < SHOWN) {
        term_printf(term, STYLE_BAD, "foreign:  line %zu names a user's folder: ", verify->line);
        term_printf(term, STYLE_PLAIN, "%.80s\n", found);
    }
    return CTS_OK;
}

/* Whose log it is: versions and tables. */
static void tell_facts(const struct verify *verify)
{
    const struct term *term = &verify->session->out;
    const json_t *header = verify->header;
    const char *started = json_string_value(json_object_get(header, "started"));
    console_header(term, header);
    term_printf(term, STYLE_PLAIN, "suite:    version %s", facts_text(header, "suite", "version"));
    term_printf(term, STYLE_PLAIN, ", tables %s", facts_text(header, "suite", "tables"));
    term_printf(term, STYLE_PLAIN, ", recorded %s\n",
                started != NULL ? started : "at no known time");
}

static void tell_seals(const struct verify *verify)
{
    const struct term *term = &verify->session->out;
    const struct log_verified *seals = &verify->seals;
    if (seals->broken > 0) {
        term_printf(term, STYLE_BAD,
                    "altered:  the seal in line %zu does not hold: ", seals->broken);
        term_printf(term, STYLE_PLAIN, "something after line %zu was changed, left out or put in\n",
                    seals->sealed);
    } else if (seals->seals == 0) {
        term_printf(term, STYLE_BAD,
                    "sealed:   no; it was recorded before logs had seals, or broken off early\n");
    } else {
        const size_t open = seals->lines - seals->sealed;
        term_printf(term, open > 0 ? STYLE_WARN : STYLE_GOOD, "sealed:   up to line %zu of %zu",
                    seals->sealed, seals->lines);
        term_printf(term, STYLE_PLAIN, "; %zu seals hold, the last is %s\n", seals->seals,
                    seals->last);
    }
}

/* Altered, not sealed or with what does not belong in it: 1; broken off: 5. */
static enum cts_status conclude(const struct verify *verify)
{
    const struct log_verified *seals = &verify->seals;
    const struct term *term = &verify->session->out;
    const bool trusted = seals->broken == 0 && seals->seals > 0 && verify->foreign == 0;
    if (verify->foreign > SHOWN) {
        term_printf(term, STYLE_BAD, "          and %zu more lines\n", verify->foreign - SHOWN);
    }
    tell_seals(verify);
    if (seals->broken > 0) {
        return CTS_UNEXPECTED;
    }
    term_printf(term, verify->complete ? STYLE_GOOD : STYLE_WARN, "%s\n",
                verify->complete ? "whole:    yes, nothing was left to do"
                                 : "whole:    no, the run was broken off, or interrupted");
    if (!trusted || (verify->complete && seals->sealed < seals->lines)) {
        return CTS_UNEXPECTED;
    }
    return verify->complete ? CTS_OK : CTS_OUTSTANDING;
}

static enum cts_status verify_log(struct session *session, struct verify *verify)
{
    struct log_extent extent;
    struct cts_error err = {0};
    if (log_verify(verify->path, &verify->seals, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    /* of a log that was altered no more is told than where */
    if (verify->seals.broken > 0) {
        return conclude(verify);
    }
    if (log_read(verify->path, look_at, verify, &extent, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    tell_facts(verify);
    return conclude(verify);
}

int cmd_verify(struct session *session)
{
    char *path = judged_log_path(session->options->args.items[0]);
    struct verify verify = {.session = session, .path = path};
    enum cts_status status = CTS_OK;
    if (path == NULL) {
        status = session_no_memory(session);
    } else {
        status = verify_log(session, &verify);
    }
    const int code = cts_exit_code(status);
    term_printf(&session->out, status == CTS_OK ? STYLE_GOOD : STYLE_BAD, "result: %s (exit %d)\n",
                status == CTS_OK            ? "as it was recorded"
                : status == CTS_OUTSTANDING ? "as it was recorded, as far as it goes"
                : status == CTS_UNEXPECTED  ? "not to be trusted"
                                            : cts_status_text(status),
                code);
    json_decref(verify.header);
    free(path);
    return code;
}
