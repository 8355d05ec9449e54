#include "worker_channel.h"
#include "worker_mem.h"
#include "worker_text.h"
#include <fcntl.h>
#include <io.h>
#include <string.h>
#include <windows.h>

#define LINE_MAX_BYTES ((size_t)4 << 20)
#define TOKEN_BYTES 17 /* with its space */

static struct {
    HANDLE in, out;
    CRITICAL_SECTION lock;
    char token[TOKEN_BYTES];
    bool closed;
    bool in_round; /* nothing is written but where it is */
    char *held;    /* lines not yet written */
    size_t held_length, held_size;
    char *line; /* what was read: [line_start, line_end) is still to be given out */
    size_t line_start, line_end, line_size;
} ch;

/* A private, not inheritable copy of a standard handle. */
static HANDLE private_copy(DWORD which)
{
    HANDLE self = GetCurrentProcess(), source = GetStdHandle(which), copy;

    if (source == NULL || source == INVALID_HANDLE_VALUE ||
        !DuplicateHandle(self, source, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return NULL;
    return copy;
}

/* A C library that is loaded later, with the implementation, would take the descriptors of the
 * start-up information, whose handles are about to be closed. Without entries it asks
 * GetStdHandle. */
static void forget_inherited_descriptors(void)
{
    STARTUPINFOW info;
    int none = 0;

    GetStartupInfoW(&info);
    if (info.cbReserved2 >= sizeof none && info.lpReserved2 != NULL)
        memcpy(info.lpReserved2, &none, sizeof none);
}

bool ch_open(const char *token)
{
    int nul, error_fd;

    InitializeCriticalSection(&ch.lock);
    memcpy(ch.token, token, TOKEN_BYTES - 1);
    ch.token[TOKEN_BYTES - 1] = ' ';
    ch.in = private_copy(STD_INPUT_HANDLE);
    ch.out = private_copy(STD_OUTPUT_HANDLE);
    if (ch.in == NULL || ch.out == NULL)
        return false;
    nul = _open("NUL", _O_RDWR | _O_BINARY);
    if (nul < 0)
        return false;
    error_fd = _get_osfhandle(2) == -1 ? nul : 2;
    if (_dup2(nul, 0) != 0 || _dup2(error_fd, 1) != 0)
        return false;
    if (nul > 2)
        _close(nul);
    SetStdHandle(STD_INPUT_HANDLE, (HANDLE)_get_osfhandle(0));
    SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)_get_osfhandle(1));
    forget_inherited_descriptors();
    return true;
}

char *ch_read_line(size_t *length)
{
    size_t scanned = ch.line_start;

    for (;;) {
        char *end =
            ch.line_end > scanned ? memchr(ch.line + scanned, '\n', ch.line_end - scanned) : NULL;
        DWORD got;

        if (end != NULL) {
            char *line = ch.line + ch.line_start;

            *end = '\0';
            *length = (size_t)(end - line);
            ch.line_start = (size_t)(end - ch.line) + 1;
            return line;
        }
        if (ch.line_start > 0) {
            memmove(ch.line, ch.line + ch.line_start, ch.line_end - ch.line_start);
            ch.line_end -= ch.line_start;
            ch.line_start = 0;
        }
        scanned = ch.line_end;
        if (ch.line_end > LINE_MAX_BYTES)
            return NULL;
        if (ch.line_size - ch.line_end < 4096) {
            ch.line_size = ch.line_size == 0 ? 1 << 16 : ch.line_size * 2;
            ch.line = wmem_grow(ch.line, ch.line_size);
        }
        if (!ReadFile(ch.in, ch.line + ch.line_end, (DWORD)(ch.line_size - ch.line_end), &got,
                      NULL) ||
            got == 0)
            return NULL;
        ch.line_end += got;
    }
}

/* Writes all of it; without a reader there is nobody to work for. */
static void write_out(const char *data, size_t length)
{
    while (length > 0) {
        DWORD done;

        if (!WriteFile(ch.out, data, (DWORD)length, &done, NULL) || done == 0)
            TerminateProcess(GetCurrentProcess(), 3);
        data += done;
        length -= done;
    }
}

/* Adds bytes to what is held; the signature is jansson's. */
static int hold(const char *data, size_t length, void *context)
{
    (void)context;
    if (ch.held_size - ch.held_length < length) {
        while (ch.held_size - ch.held_length < length)
            ch.held_size = ch.held_size == 0 ? 1 << 14 : ch.held_size * 2;
        ch.held = wmem_grow(ch.held, ch.held_size);
    }
    memcpy(ch.held + ch.held_length, data, length);
    ch.held_length += length;
    return 0;
}

static void flush_held(void)
{
    size_t length = ch.held_length;

    ch.held_length = 0;
    write_out(ch.held, length);
}

/* Writes what is held, but for the lines of a round. */
static void flush_unless_in_round(void)
{
    if (!ch.in_round)
        flush_held();
}

static void hold_message(json_t *message)
{
    hold(ch.token, TOKEN_BYTES, NULL);
    json_dump_callback(message, hold, NULL, JSON_COMPACT);
    hold("\n", 1, NULL);
    json_decref(message);
}

void ch_send(json_t *message)
{
    EnterCriticalSection(&ch.lock);
    hold_message(message);
    if (ch.closed)
        ch.held_length = 0;
    flush_unless_in_round();
    LeaveCriticalSection(&ch.lock);
}

void ch_hold(json_t *message)
{
    EnterCriticalSection(&ch.lock);
    hold_message(message);
    if (ch.closed)
        ch.held_length = 0;
    LeaveCriticalSection(&ch.lock);
}

/* {"m":"b","s":3,"i":12} and an LF into line; returns its length. */
static size_t begin_line(char line[80], const char *what, int s, unsigned round)
{
    char number[24];
    size_t length = 0, digits;

    for (const char *p = what; *p != '\0'; p++)
        line[length++] = *p;
    digits = wtext_dec(number, s);
    memcpy(line + length, number, digits);
    length += digits;
    if (round != 0) {
        memcpy(line + length, ",\"i\":", 5);
        length += 5;
        digits = wtext_dec(number, round);
        memcpy(line + length, number, digits);
        length += digits;
    }
    memcpy(line + length, "}\n", 2);
    return length + 2;
}

void ch_at(int s, unsigned round)
{
    char line[TOKEN_BYTES + 80];

    EnterCriticalSection(&ch.lock);
    memcpy(line, ch.token, TOKEN_BYTES);
    if (!ch.closed)
        write_out(line,
                  TOKEN_BYTES + begin_line(line + TOKEN_BYTES, "{\"m\":\"at\",\"s\":", s, round));
    LeaveCriticalSection(&ch.lock);
}

void ch_begin(int s, unsigned round)
{
    char line[80];
    const size_t length = begin_line(line, "{\"m\":\"b\",\"s\":", s, round);

    EnterCriticalSection(&ch.lock);
    hold(ch.token, TOKEN_BYTES, NULL);
    hold(line, length, NULL);
    if (ch.closed)
        ch.held_length = 0;
    flush_unless_in_round();
    LeaveCriticalSection(&ch.lock);
}

void ch_round_begin(void)
{
    EnterCriticalSection(&ch.lock);
    flush_held();
    ch.in_round = true;
    LeaveCriticalSection(&ch.lock);
}

void ch_round_end(bool keep)
{
    EnterCriticalSection(&ch.lock);
    ch.in_round = false;
    if (!keep)
        ch.held_length = 0;
    flush_held();
    LeaveCriticalSection(&ch.lock);
}

void ch_flush(void)
{
    EnterCriticalSection(&ch.lock);
    flush_unless_in_round();
    LeaveCriticalSection(&ch.lock);
}

void ch_send_last(json_t *message)
{
    EnterCriticalSection(&ch.lock);
    hold_message(message);
    flush_held();
    ch.closed = true;
    LeaveCriticalSection(&ch.lock);
}

void ch_crash(const char *line, size_t length)
{
    static char text[2048 + TOKEN_BYTES + 1];

    if (length > 2048)
        length = 2048;
    for (int k = 0; k < 100 && !TryEnterCriticalSection(&ch.lock); k++)
        Sleep(1);
    if (ch.closed)
        return;
    if (ch.held_length > 0)
        flush_held();
    memcpy(text, ch.token, TOKEN_BYTES);
    memcpy(text + TOKEN_BYTES, line, length);
    text[TOKEN_BYTES + length] = '\n';
    write_out(text, TOKEN_BYTES + length + 1);
}
