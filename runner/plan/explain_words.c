#include "explain_words.h"

#include "../model/hresult.h"
#include "../model/version.h"
#include "step_text.h"

#include <stdio.h>
#include <string.h>

/* Both names of a version, in order. */
static const struct {
    unsigned major, minor;
    const char *name;
} windows_names[] = {
    {5, 1, "Windows XP"},
    {5, 2, "Windows Server 2003"},
    {6, 0, "Windows Vista / Server 2008"},
    {6, 1, "Windows 7 / Server 2008 R2"},
    {6, 2, "Windows 8 / Server 2012"},
    {6, 3, "Windows 8.1 / Server 2012 R2"},
    {10, 0, "Windows 10 / Server 2016"},
};

/* Operators and their words; the longer of two with one beginning stands first. */
static const struct {
    const char *sign, *words;
} operators[] = {
    {"<=", "up to "}, {">=", "from "}, {"<", "before "}, {">", "after "}, {"=", "on "},
};

static const struct {
    const char *atom, *words;
} plain_atoms[] = {
    {"client", "on a client edition"},
    {"server", "on a server edition"},
    {"arch=x86_64", "in a 64-bit process"},
    {"arch=i686", "in a 32-bit process"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void add_version(struct str_buf *out, const char *text, size_t len)
{
    unsigned version[3];
    bool known = version_parse(text, len, version) && version[2] == 0;
    for (size_t i = 0; known && i < COUNT(windows_names); i++) {
        if (windows_names[i].major == version[0] && windows_names[i].minor == version[1]) {
            sb_add(out, windows_names[i].name);
            return;
        }
    }
    sb_add(out, "Windows ");
    sb_addn(out, text, len);
}

static void add_atom(struct str_buf *out, const char *atom, size_t len)
{
    static const char windows[] = "windows";
    const size_t name_len = sizeof windows - 1;
    for (size_t i = 0; i < COUNT(plain_atoms); i++) {
        if (strlen(plain_atoms[i].atom) == len && strncmp(plain_atoms[i].atom, atom, len) == 0) {
            sb_add(out, plain_atoms[i].words);
            return;
        }
    }
    if (len > name_len && strncmp(atom, windows, name_len) == 0) {
        for (size_t i = 0; i < COUNT(operators); i++) {
            size_t sign_len = strlen(operators[i].sign);
            if (strncmp(atom + name_len, operators[i].sign, sign_len) == 0) {
                sb_add(out, operators[i].words);
                add_version(out, atom + name_len + sign_len, len - name_len - sign_len);
                sb_add(out, strcmp(operators[i].sign, ">=") == 0 ? " on" : "");
                return;
            }
        }
    }
    sb_addn(out, atom, len);
}

void words_condition(struct str_buf *out, const char *condition)
{
    static const char joint[] = " and ";
    while (condition) {
        const char *next = strstr(condition, joint);
        add_atom(out, condition, next ? (size_t)(next - condition) : strlen(condition));
        if (next) {
            sb_add(out, joint);
            next += sizeof joint - 1;
        }
        condition = next;
    }
}

static void add_code(struct str_buf *out, uint32_t code)
{
    char text[HR_TEXT_SIZE];
    sb_add(out, hr_text(code, text, sizeof text));
}

void words_codes(struct str_buf *out, const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sb_add(out, i ? " or " : "");
        add_code(out, codes[i]);
    }
}

void words_alternative(struct str_buf *out, const struct expect_alt *alt)
{
    for (size_t i = 0; i < alt->code_count; i++) {
        sb_add(out, i ? " or " : "");
        switch (alt->codes[i].what) {
        case EXPECT_CODE:
            add_code(out, alt->codes[i].code);
            break;
        case EXPECT_SUCCESS:
            sb_add(out, "any success");
            break;
        case EXPECT_FAILURE:
            sb_add(out, "any failure");
            break;
        case EXPECT_ANY:
            sb_add(out, "any result");
            break;
        }
    }
}

static void out_value(struct str_buf *out, const struct expect_out *expected)
{
    static const char *const words[] = {
        [OUT_WRITTEN] = "written",
        [OUT_UNTOUCHED] = "left as it was",
        [OUT_NULL] = "NULL",
        [OUT_OBJECT] = "not NULL",
    };
    switch (expected->what) {
    case OUT_CODE:
        add_code(out, (uint32_t)expected->number);
        break;
    case OUT_NUMBER:
        sb_addf(out, "%lld", (long long)expected->number);
        break;
    case OUT_BOOL:
        sb_add(out, expected->number ? "true" : "false");
        break;
    case OUT_STRING:
        sb_addf(out, "\"%s\"", expected->string);
        break;
    case OUT_VARIABLE:
        sb_addf(out, "%s", expected->string);
        break;
    case OUT_BITS:
        step_bits_add(out, expected);
        break;
    default:
        sb_add(out, words[expected->what]);
        break;
    }
}

void words_out(struct str_buf *out, const struct expect_out *expected)
{
    step_place_add(out, expected);
    sb_add(out, " is ");
    for (; expected->or_next; expected++) {
        out_value(out, expected);
        sb_add(out, " or ");
    }
    out_value(out, expected);
}

void words_evidence(struct str_buf *out, const struct tables *tables, const char *id)
{
    const struct evidence *evidence = tbl_evidence(tables, id);
    sb_add(out, id);
    if (evidence) {
        /* The sentence goes on behind its text. */
        size_t len = strlen(evidence->text);
        len -= len > 0 && evidence->text[len - 1] == '.';
        sb_add(out, ": ");
        sb_addn(out, evidence->text, len);
        sb_addf(out, " (%s%s%s; %s).", evidence->windows, evidence->windows[0] ? ", " : "",
                evidence->strength, evidence->source);
    }
}

void words_time(struct str_buf *out, unsigned ms)
{
    if (ms < 1000) {
        sb_addf(out, "%u ms", ms);
        return;
    }
    char fraction[8];
    size_t len = (size_t)snprintf(fraction, sizeof fraction, ".%03u", ms % 1000);
    while (len > 0 && (fraction[len - 1] == '0' || fraction[len - 1] == '.')) {
        len--;
    }
    sb_addf(out, "%u%.*s s", ms / 1000, (int)len, fraction);
}
