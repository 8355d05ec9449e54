#include "cli_terminal.h"

#include "cli_options.h"
#include <string.h>
#include <uv.h>
#ifdef _WIN32
#include <io.h>
#include <windows.h>
#endif

#define TERMINAL_WIDTH 80
#define TERMINAL_LEAST 40

/* 0 where it cannot be found out. The loop lives only for the question. */
static unsigned width_of(int file)
{
    uv_loop_t loop;
    uv_tty_t tty;
    int width = 0, height = 0;

    if (uv_loop_init(&loop) != 0) {
        return 0;
    }
    if (uv_tty_init(&loop, &tty, file, 0) == 0) {
        if (uv_tty_get_winsize(&tty, &width, &height) != 0) {
            width = 0;
        }
        uv_close((uv_handle_t *)&tty, NULL);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return width > 0 ? (unsigned)width : 0;
}

/* https://no-color.org: set and not empty. */
static bool no_color(void)
{
    char value[2];
    size_t size = sizeof value;
    const int found = uv_os_getenv("NO_COLOR", value, &size);
    return found == UV_ENOBUFS || (found == 0 && value[0] != '\0');
}

void cli_terminal(struct term *term, FILE *out, unsigned color)
{
    const int file = out == stderr ? 2 : 1;
    const bool tty = uv_guess_handle(file) == UV_TTY;
    const unsigned width = tty ? width_of(file) : 0;

    memset(term, 0, sizeof *term);
    term->out = out;
    term->tty = tty;
    term->width = width == 0 ? TERMINAL_WIDTH : width < TERMINAL_LEAST ? TERMINAL_LEAST : width;
    term->color = color == COLOR_ALWAYS || (color != COLOR_NEVER && tty && !no_color());
}

void cli_terminal_setup(void)
{
#ifdef _WIN32
    static const DWORD names[] = {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    SetConsoleOutputCP(CP_UTF8);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        DWORD mode = 0;
        HANDLE handle = GetStdHandle(names[i]);
        if (GetConsoleMode(handle, &mode)) {
            SetConsoleMode(handle, mode | 0x0004 /* ENABLE_VIRTUAL_TERMINAL_PROCESSING */);
        }
    }
#endif
}
