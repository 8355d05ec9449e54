#include "cli_resume.h"

#include "../engine/journal.h"
#include "../util/fs_path.h"
#include "cli_arguments.h"
#include <stdlib.h>
#include <string.h>

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

/* --- what the run was told --- */

/* Parses the arguments that stand in the header. */
static enum cts_status parse_told(struct resume *resume, struct cts_error *err)
{
    const json_t *arguments = json_object_get(resume->facts.options, "arguments");
    const size_t count = json_array_size(arguments);
    static char program[] = "vsscts", command[] = "run";
    struct cts_error wrong = {0};
    int argc = 2;

    resume->argv = calloc(count + 3, sizeof *resume->argv);
    if (resume->argv == NULL) {
        return no_memory(err);
    }
    resume->argv[0] = program;
    resume->argv[1] = command;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(arguments, i));
        resume->argv[argc++] = (char *)(uintptr_t)(text != NULL ? text : "");
    }
    if (count == 0 || count > INT_MAX - 3) {
        return err_set_at(
            err, CTS_BAD_FILE, resume->log, 1, 0,
            "the header does not tell what the run was told, so it cannot be resumed");
    }
    if (cli_parse(argc, resume->argv, &resume->told, &wrong) != CTS_OK) {
        return err_set_at(err, CTS_BAD_FILE, resume->log, 1, 0,
                          "what the run was told is not understood: %s", wrong.text);
    }
    return CTS_OK;
}

/* May an option be given anew, because it says nothing of what is run and how it is judged? */
static bool may_change(const struct cli_option_row *row)
{
    static const char *const others[] = {"iut", "jobs"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(row->name, others[i]) == 0) {
            return true;
        }
    }
    return (row->group == GROUP_FILES && strcmp(row->name, "out") != 0) ||
           row->group == GROUP_OUTPUT;
}

static size_t field_size(enum cli_kind kind)
{
    switch (kind) {
    case OPTION_FLAG:
        return sizeof(bool);
    case OPTION_TEXT:
        return sizeof(const char *);
    case OPTION_LIST:
        return sizeof(struct string_list);
    case OPTION_COUNT:
    case OPTION_CHOICE:
        return sizeof(unsigned);
    case OPTION_SEED:
        return sizeof(struct cli_seed);
    case OPTION_SCALE:
        return sizeof(double);
    }
    return 0;
}

/* What was told, and over it what is given now. */
static enum cts_status join_options(struct resume *resume, const struct cli_options *given,
                                    struct cts_error *err)
{
    const json_t *seed = json_object_get(resume->facts.header, "seed");
    resume->options = resume->told;
    if (given->args.count > 0) {
        return err_set(err, CTS_USAGE,
                       "--resume takes no pattern ('%s'): the run goes on with its own cases",
                       given->args.items[0]);
    }
    for (size_t i = 0; i < cli_option_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        if (!(row->commands & IN_RUN) || !cli_is_given(given, row)) {
            continue;
        }
        if (!may_change(row)) {
            return err_set(err, CTS_USAGE,
                           "--%s and --resume exclude each other: the run goes on as it began",
                           row->name);
        }
        memcpy((char *)&resume->options + row->offset, (const char *)given + row->offset,
               field_size(row->kind));
    }
    resume->options.out = given->resume;
    resume->options.shard = log_facts_option_text(&resume->facts, "shard"); /* auto: as it was */
    if (resume->options.shuffle && json_is_integer(seed)) { /* it may have been drawn */
        resume->options.seed = (struct cli_seed){true, (uint64_t)json_integer_value(seed)};
    }
    return CTS_OK;
}

enum cts_status resume_open(struct session *session, struct resume *resume)
{
    const struct cli_options *given = session->options;
    struct cts_error err = {0};
    enum cts_status status = CTS_OK;
    if (given->resume == NULL) {
        return CTS_OK;
    }
    resume->wanted = true;
    resume->log = fs_join(given->resume, LOG_NAME);
    if (resume->log == NULL) {
        status = no_memory(&err);
    }
    if (status == CTS_OK) {
        status = log_facts_read(&resume->facts, resume->log, &err);
    }
    if (status == CTS_OK) {
        status = parse_told(resume, &err);
    }
    if (status == CTS_OK) {
        status = join_options(resume, given, &err);
    }
    if (status != CTS_OK) {
        return session_complain(session, &err);
    }
    session->options = &resume->options;
    return CTS_OK;
}

/* --- how far it was --- */

/* The same cases, with the same programs? */
static enum cts_status check_plan(const struct session *session, const struct resume *resume,
                                  struct cts_error *err)
{
    const json_t *header = resume->facts.header;
    const json_t *suite = json_object_get(header, "suite");
    const char *version = json_string_value(json_object_get(suite, "version"));
    json_t *profile = journal_profile(session->profile);
    const bool same_profile = json_equal(json_object_get(header, "profile"), profile) != 0;
    json_decref(profile);

    const enum cts_status status =
        log_facts_same_tables(&resume->facts, session->plan, resume->log, err);
    if (status != CTS_OK) {
        return status;
    }
    if (version == NULL || strcmp(version, VSSCTS_VERSION) != 0) {
        return err_set(err, CTS_USAGE, "%s is of version %s, this is %s", resume->log,
                       version != NULL ? version : "(none)", VSSCTS_VERSION);
    }
    if (!same_profile) {
        return err_set(err, CTS_USAGE, "%s is of another profile, or the profile has changed",
                       resume->log);
    }
    if (json_integer_value(json_object_get(header, "selected")) !=
        (json_int_t)session->plan->count) {
        return err_set(err, CTS_USAGE, "%s is of other cases than its options select", resume->log);
    }
    return CTS_OK;
}

/* Folds the log for what has ended. */
static enum cts_status fold_earlier(const struct session *session, struct resume *resume,
                                    struct cts_error *err)
{
    const size_t count = session->plan->count;
    struct fold_progress *progress = &resume->progress;
    struct fold *fold = fold_new(session->tables, session->plan, &session->judge);
    enum cts_status status = CTS_OK;

    progress->ended = calloc(count + 1, sizeof *progress->ended);
    progress->again = calloc(count + 1, sizeof *progress->again);
    if (fold == NULL || progress->ended == NULL || progress->again == NULL) {
        status = no_memory(err);
    }
    if (status == CTS_OK) {
        status = fold_log(fold, resume->log, err);
    }
    if (status == CTS_OK) {
        fold_progress(fold, session->plan, progress);
    }
    if (fold != NULL) {
        judged_free(fold_end(fold, NULL));
    }
    return status;
}

enum cts_status resume_read(struct session *session, struct resume *resume)
{
    const struct fold_progress *progress = &resume->progress;
    struct cts_error err = {0};
    enum cts_status status = check_plan(session, resume, &err);
    if (status == CTS_OK) {
        status = fold_earlier(session, resume, &err);
    }
    if (status != CTS_OK) {
        return session_complain(session, &err);
    }
    resume->earlier = (struct eng_earlier){.ended = progress->ended,
                                           .again = progress->again,
                                           .runs = progress->runs,
                                           .workers = progress->workers,
                                           .executions = progress->executions,
                                           .ms = progress->ms,
                                           .size = progress->size,
                                           .iut = json_object_get(resume->facts.header, "iut")};
    for (size_t i = 0; i < session->plan->count; i++) {
        resume->ended += session->plan->cases[i].skip != NULL ? 0 : progress->ended[i];
    }
    return CTS_OK;
}

const struct eng_earlier *resume_earlier(const struct resume *resume)
{
    /* A log that was interrupted before the implementation was loaded does not name it. */
    return json_object_get(resume->earlier.iut, "sha256") != NULL ? &resume->earlier : NULL;
}

void resume_close(struct resume *resume)
{
    cli_options_free(&resume->told);
    log_facts_free(&resume->facts);
    free(resume->progress.ended);
    free(resume->progress.again);
    free(resume->argv);
    free(resume->log);
    memset(resume, 0, sizeof *resume);
}
