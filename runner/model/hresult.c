#include "hresult.h"

#include "../util/nearest.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t code;
} rows[] = {
#define X(name, code) {#name, code},
#include "hresults.def"
#undef X
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

bool hr_by_name(const char *name, uint32_t *code)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *code = rows[i].code;
            return true;
        }
    }
    return false;
}

const char *hr_name(uint32_t code)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].code == code) {
            return rows[i].name;
        }
    }
    return NULL;
}

const char *hr_text(uint32_t code, char *buf, size_t size)
{
    const char *name = hr_name(code);
    if (name) {
        snprintf(buf, size, "%s (0x%08X)", name, (unsigned)code);
    } else {
        snprintf(buf, size, "0x%08X", (unsigned)code);
    }
    return buf;
}

bool hr_parse(const char *text, uint32_t *code)
{
    if (text[0] != '0' || text[1] != 'x') {
        return hr_by_name(text, code);
    }
    size_t digits = strspn(text + 2, "0123456789abcdefABCDEF");
    if (digits == 0 || digits > 8 || text[2 + digits] != '\0') {
        return false;
    }
    uint32_t value = 0;
    for (const char *p = text + 2; *p; p++) {
        uint32_t digit = *p <= '9' ? (uint32_t)(*p - '0') : (uint32_t)((*p | 0x20) - 'a') + 10;
        value = value << 4 | digit;
    }
    *code = value;
    return true;
}

const char *hr_nearest(const char *name)
{
    struct nearest search;
    nearest_init(&search, name);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        nearest_offer(&search, rows[i].name);
    }
    return search.best;
}
