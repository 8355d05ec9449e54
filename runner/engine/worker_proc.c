/* Wine's services inherit a worker's pipes and keep them, so the end of a pipe says nothing and is
 * never waited for: the end of the process counts. What it wrote before may still lie in the pipes
 * then; it has all been read once the loop went round without anything new. */
#include "worker_proc.h"
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <errno.h>
#include <unistd.h>
#endif

#define CLOSED_MS 200   /* from the end of the channel to that of the process */
#define GIVE_UP_MS 5000 /* for the system to end what was killed */
#define QUIET_ROUNDS 2  /* of the loop, until the pipes are empty */
#define DRAIN_MAX ((size_t)64 * 1024 * 1024) /* of what comes after the end of the process */
#define OUTPUT_ROOM ((size_t)16 * 1024)

struct worker_proc {
    struct wp_events events;
    void *context;
    uv_process_t process;
    uv_pipe_t input, channel_pipe, output_pipe;
    uv_timer_t timer; /* closed, or given up */
    uv_idle_t drain;
    unsigned open_handles;
    struct guard_proc guard;
    struct channel channel;
    bool exited, killed, ended, closed_told, channel_ended, closing;
    unsigned quiet_rounds;
    size_t drained;
    int64_t status;
    int signal;
    char output[OUTPUT_ROOM];
};

/* --- reading --- */

static void tell_lines(struct worker_proc *wp)
{
    const char *text = NULL;
    const char *wrong = NULL;
    size_t len = 0;
    enum chan_found found = CHAN_NOTHING;
    while (!wp->killed && (found = chan_next(&wp->channel, &text, &len, &wrong)) != CHAN_NOTHING) {
        wp->events.line(wp->context, text, len, found == CHAN_GARBAGE ? wrong : NULL);
    }
}

static void closed_for_long(uv_timer_t *timer)
{
    struct worker_proc *wp = timer->data;
    if (!wp->exited && !wp->killed && !wp->closed_told) {
        wp->closed_told = true;
        wp->events.closed(wp->context);
    }
}

static void channel_closed(struct worker_proc *wp)
{
    if (!wp->channel_ended) {
        wp->channel_ended = true;
        if (!wp->exited && !wp->killed) {
            uv_timer_start(&wp->timer, closed_for_long, CLOSED_MS, 0);
        }
    }
}

static void channel_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct worker_proc *wp = handle->data;
    char *base = NULL;
    size_t size = 0;
    chan_room(&wp->channel, &base, &size);
    *buf = uv_buf_init(base, (unsigned)size);
}

static void something_came(struct worker_proc *wp, size_t count)
{
    wp->quiet_rounds = 0;
    wp->drained += wp->exited ? count : 0;
}

static void channel_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    (void)buf;
    struct worker_proc *wp = stream->data;
    if (count > 0) {
        something_came(wp, (size_t)count);
        chan_added(&wp->channel, (size_t)count);
        tell_lines(wp);
    } else if (count < 0) {
        uv_read_stop(stream);
        channel_closed(wp);
    }
}

static void output_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct worker_proc *wp = handle->data;
    *buf = uv_buf_init(wp->output, sizeof wp->output);
}

static void output_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct worker_proc *wp = stream->data;
    if (count > 0) {
        something_came(wp, (size_t)count);
        wp->events.output(wp->context, buf->base, (size_t)count);
    } else if (count < 0) {
        uv_read_stop(stream);
    }
}

void wp_drain_output(struct worker_proc *wp)
{
#ifndef _WIN32
    uv_os_fd_t file;
    if (uv_fileno((uv_handle_t *)&wp->output_pipe, &file) == 0) {
        ssize_t count = read(file, wp->output, sizeof wp->output);
        if (count > 0) {
            wp->events.output(wp->context, wp->output, (size_t)count);
        }
    }
#else
    (void)wp;
#endif
}

/* --- the end --- */

static void tell_ended(struct worker_proc *wp)
{
    if (!wp->ended) {
        wp->ended = true;
        uv_idle_stop(&wp->drain);
        uv_timer_stop(&wp->timer);
        guard_release(&wp->guard);
        wp->events.ended(wp->context, wp->status, wp->signal);
    }
}

static void drained(uv_idle_t *idle)
{
    struct worker_proc *wp = idle->data;
    if (++wp->quiet_rounds > QUIET_ROUNDS || wp->drained > DRAIN_MAX) {
        tell_ended(wp);
    }
}

static void process_ended(uv_process_t *process, int64_t status, int signal)
{
    struct worker_proc *wp = process->data;
    wp->exited = true;
    wp->status = status;
    wp->signal = signal;
    guard_kill(&wp->guard); /* the rest of what belongs to it; let go of when that has ended too */
    uv_timer_stop(&wp->timer);
    wp->quiet_rounds = 0;
    uv_idle_start(&wp->drain, drained);
}

static void cannot_be_killed(uv_timer_t *timer)
{
    struct worker_proc *wp = timer->data;
    wp->exited = true;
    wp->status = -1;
    tell_ended(wp);
}

void wp_kill(struct worker_proc *wp)
{
    if (!wp->killed) {
        wp->killed = true;
        wp->channel.broken = true;
        if (!wp->exited) {
            guard_kill(&wp->guard);
            uv_timer_start(&wp->timer, cannot_be_killed, GIVE_UP_MS, 0);
        }
    }
}

static void handle_closed(uv_handle_t *handle)
{
    struct worker_proc *wp = handle->data;
    if (--wp->open_handles == 0) {
        if (wp->events.freed) {
            wp->events.freed(wp->context);
        }
        chan_free(&wp->channel);
        free(wp);
    }
}

void wp_close(struct worker_proc *wp)
{
    uv_handle_t *const handles[] = {
        (uv_handle_t *)&wp->process,      (uv_handle_t *)&wp->input,
        (uv_handle_t *)&wp->channel_pipe, (uv_handle_t *)&wp->output_pipe,
        (uv_handle_t *)&wp->timer,        (uv_handle_t *)&wp->drain,
    };
    if (wp->closing) {
        return;
    }
    wp->closing = true;
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        if (!uv_is_closing(handles[i])) {
            uv_close(handles[i], handle_closed);
        }
    }
}

/* --- writing --- */

struct sending {
    uv_write_t request;
    char data[];
};

static void sent(uv_write_t *request, int status)
{
    struct worker_proc *wp = request->handle->data;
    free(request->data);
    if (status < 0 && status != UV_ECANCELED && !wp->closing) {
        channel_closed(wp);
    }
}

/* Queues what lies behind the first `skip` bytes of the parts and the line end. */
static bool send_later(struct worker_proc *wp, const uv_buf_t *bufs, unsigned count, size_t skip)
{
    size_t total = 0;
    for (unsigned i = 0; i < count; i++) {
        total += bufs[i].len;
    }
    struct sending *sending = malloc(sizeof *sending + total);
    if (!sending) {
        return false;
    }
    size_t at = 0;
    for (unsigned i = 0; i < count; i++) {
        memcpy(sending->data + at, bufs[i].base, bufs[i].len);
        at += bufs[i].len;
    }
    uv_buf_t rest = uv_buf_init(sending->data + skip, (unsigned)(total - skip));
    sending->request.data = sending;
    if (uv_write(&sending->request, (uv_stream_t *)&wp->input, &rest, 1, sent) != 0) {
        free(sending);
        return false;
    }
    return true;
}

bool wp_send(struct worker_proc *wp, const char *const *parts, const size_t *sizes, size_t count)
{
    uv_buf_t bufs[8];
    size_t total = 1;
    unsigned used = 0;
    for (; used < count && used < 7; used++) {
        bufs[used] = uv_buf_init((char *)parts[used], (unsigned)sizes[used]);
        total += sizes[used];
    }
    bufs[used++] = uv_buf_init((char *)"\n", 1);
    if (wp->closing || uv_is_closing((uv_handle_t *)&wp->input)) {
        return false;
    }
    int written = uv_try_write((uv_stream_t *)&wp->input, bufs, used);
    if (written < 0 && written != UV_EAGAIN) {
        return false;
    }
    return (size_t)written == total ||
           send_later(wp, bufs, used, written < 0 ? 0 : (size_t)written);
}

void wp_hang_up(struct worker_proc *wp)
{
    if (!uv_is_closing((uv_handle_t *)&wp->input)) {
        uv_close((uv_handle_t *)&wp->input, handle_closed);
    }
}

/* --- the beginning --- */

static void init_handles(struct worker_proc *wp, uv_loop_t *loop)
{
    uv_pipe_init(loop, &wp->input, 0);
    uv_pipe_init(loop, &wp->channel_pipe, 0);
    uv_pipe_init(loop, &wp->output_pipe, 0);
    uv_timer_init(loop, &wp->timer);
    uv_idle_init(loop, &wp->drain);
    wp->process.data = wp->input.data = wp->channel_pipe.data = wp->output_pipe.data = wp;
    wp->timer.data = wp->drain.data = wp;
    wp->open_handles = 6;
}

static int spawn(struct worker_proc *wp, uv_loop_t *loop, const struct launch *launch,
                 const char *token)
{
    struct launch_args args;
    launch_args(launch, token, &args);
    uv_stdio_container_t stdio[3];
    stdio[0].flags = UV_CREATE_PIPE | UV_READABLE_PIPE;
    stdio[0].data.stream = (uv_stream_t *)&wp->input;
    stdio[1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    stdio[1].data.stream = (uv_stream_t *)&wp->channel_pipe;
    stdio[2].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    stdio[2].data.stream = (uv_stream_t *)&wp->output_pipe;
    uv_process_options_t options;
    memset(&options, 0, sizeof options);
    options.exit_cb = process_ended;
    options.file = args.list[0];
    options.args = args.list;
    options.env = launch->env;
    options.stdio = stdio;
    options.stdio_count = 3;
#ifdef _WIN32
    options.flags = UV_PROCESS_WINDOWS_HIDE; /* a console of its own: Ctrl-C does not reach it */
#else
    options.flags = UV_PROCESS_DETACHED;
#endif
    return uv_spawn(loop, &wp->process, &options);
}

struct worker_proc *wp_start(uv_loop_t *loop, const struct launch *launch,
                             const struct wp_events *events, void *context, struct cts_error *err)
{
    char token[CHAN_TOKEN + 1];
    struct worker_proc *wp = calloc(1, sizeof *wp);
    if (!wp) {
        err_set(err, CTS_NOMEM, "out of memory");
        return NULL;
    }
    if (!chan_draw_token(token)) {
        err_set(err, CTS_IO, "the system gives no random bytes");
        free(wp);
        return NULL;
    }
    chan_init(&wp->channel, token);
    init_handles(wp, loop);
    int failed = spawn(wp, loop, launch, token);
    if (failed) {
        err_set(err, CTS_IO, "%s cannot be started: %s",
                launch->wine ? launch->loader : launch->worker, uv_strerror(failed));
        wp_close(wp); /* no events were set: the close callbacks only free it */
        return NULL;
    }
    wp->events = *events;
    wp->context = context;
    guard_adopt(&wp->guard, &wp->process);
    uv_read_start((uv_stream_t *)&wp->channel_pipe, channel_room, channel_read);
    uv_read_start((uv_stream_t *)&wp->output_pipe, output_room, output_read);
    return wp;
}
