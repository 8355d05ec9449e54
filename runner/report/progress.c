#include "progress.h"

#include <string.h>

#define PROGRESS_MAX 1024

static const char *name_of_verdict(unsigned what)
{
    return verdict_name((enum verdict)what);
}

void progress_init(struct progress *progress, const struct term *term, size_t total)
{
    memset(progress, 0, sizeof *progress);
    progress->term = term;
    progress->total = total;
    progress->name = name_of_verdict;
}

void progress_count(struct progress *progress, unsigned what)
{
    progress->done++;
    progress->counts[what]++;
}

void progress_text(const struct progress *progress, uint64_t ms, unsigned width,
                   struct str_buf *out)
{
    const uint64_t seconds = ms / 1000;
    struct str_buf text;

    sb_init(&text, PROGRESS_MAX);
    sb_addf(&text, "%zu/%zu  %u:%02u", progress->done, progress->total, (unsigned)(seconds / 60),
            (unsigned)(seconds % 60));
    for (unsigned i = 0; i < PROGRESS_KINDS; i++) {
        if (progress->counts[i] > 0) {
            sb_addf(&text, "  %zu %s", progress->counts[i], progress->name(i));
        }
    }
    /* All of it is ASCII. The last column stays free: some terminals break the line there. */
    sb_addn(out, sb_text(&text), text.len < width ? text.len : width - 1);
    sb_free(&text);
}

void progress_hide(struct progress *progress)
{
    if (progress->on_line) {
        fputs("\r\x1B[K", progress->term->out);
        fflush(progress->term->out);
        progress->on_line = false;
    }
}

void progress_show(struct progress *progress, uint64_t ms)
{
    const struct term *term = progress->term;
    const uint64_t least = term != NULL && term->tty ? PROGRESS_TTY_MS : PROGRESS_LINE_MS;
    struct str_buf text;

    if (term == NULL || ms < progress->shown + least) {
        return;
    }
    sb_init(&text, PROGRESS_MAX);
    if (term->tty) {
        progress_text(progress, ms, term->width, &text);
        fprintf(term->out, "\r%s\x1B[K", sb_text(&text));
        progress->on_line = true;
    } else {
        progress_text(progress, ms, PROGRESS_MAX, &text);
        fprintf(term->out, "%s\n", sb_text(&text));
    }
    fflush(term->out);
    sb_free(&text);
    progress->shown = ms;
}
