/* Whose machine this is. */
#include "redact.h"

#include "../util/fs_path.h"
#include "../util/mem_grow.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* The first of the variables of the environment that is set; "": none is. Not the system's list of
 * users: where memory is short, looking there ends the process. */
static void variable(const char *const *names, char *text, size_t size)
{
    size_t room = size;
    text[0] = '\0';
    while (*names != NULL && uv_os_getenv(*names, text, &room) != 0) {
        text[0] = '\0';
        room = size;
        names++;
    }
}

static void cut_separators(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && (path[length - 1] == '/' || path[length - 1] == '\\')) {
        path[--length] = '\0';
    }
}

void redact_here(struct redact_here *here)
{
    static const char *const homes[] = {
#ifdef _WIN32
        "USERPROFILE",
#else
        "HOME",
#endif
        NULL};
    static const char *const users[] = {"USERNAME", "USER", "LOGNAME", NULL};
    char text[4096];
    size_t size = sizeof text;
    memset(here, 0, sizeof *here);
    variable(homes, text, sizeof text);
    cut_separators(text);
    here->owned[0] = mem_text(text, strlen(text));
    /* the folder mostly has the name of the user */
    const char *last = fs_basename(text);
    here->owned[1] = mem_text(last, strlen(last));
    variable(users, text, sizeof text);
    if (text[0] != '\0') {
        free(here->owned[1]);
        here->owned[1] = mem_text(text, strlen(text));
    }
    size = sizeof text;
    if (uv_os_gethostname(text, &size) == 0) {
        text[strcspn(text, ".")] = '\0';
        /* the name that every machine has is nobody's */
        here->owned[2] = strcmp(text, "localhost") != 0 ? mem_text(text, strlen(text)) : NULL;
    }
    here->redact = (struct redact){here->owned[0], here->owned[1], here->owned[2]};
}

void redact_here_free(struct redact_here *here)
{
    for (size_t i = 0; i < sizeof here->owned / sizeof here->owned[0]; i++) {
        free(here->owned[i]);
    }
    memset(here, 0, sizeof *here);
}
