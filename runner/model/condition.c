/* Conditions: atoms joined by " and ". */
#include "hresult.h"
#include "tables.h"
#include "version.h"

#include <string.h>

/* One atom, read. */
struct atom {
    enum { ATOM_WINDOWS, ATOM_CLIENT, ATOM_SERVER, ATOM_ARCH } what;
    enum { OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ } op;
    unsigned version[3];
    enum arch arch;
};

static bool is_word(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(text, word, len) == 0;
}

static bool read_windows(const char *text, size_t len, struct atom *atom)
{
    size_t skip = 1;
    atom->what = ATOM_WINDOWS;
    if (len >= 2 && text[0] == '<' && text[1] == '=') {
        atom->op = OP_LE;
        skip = 2;
    } else if (len >= 2 && text[0] == '>' && text[1] == '=') {
        atom->op = OP_GE;
        skip = 2;
    } else if (len >= 1 && text[0] == '<') {
        atom->op = OP_LT;
    } else if (len >= 1 && text[0] == '>') {
        atom->op = OP_GT;
    } else if (len >= 1 && text[0] == '=') {
        atom->op = OP_EQ;
    } else {
        return false;
    }
    return version_parse(text + skip, len - skip, atom->version);
}

static bool read_atom(const char *text, size_t len, struct atom *atom)
{
    static const char windows[] = "windows";
    *atom = (struct atom){.what = ATOM_CLIENT};
    if (is_word(text, len, "client")) {
        return true;
    }
    if (is_word(text, len, "server")) {
        atom->what = ATOM_SERVER;
        return true;
    }
    atom->what = ATOM_ARCH;
    if (is_word(text, len, "arch=x86_64")) {
        atom->arch = ARCH_X86_64;
        return true;
    }
    if (is_word(text, len, "arch=i686")) {
        atom->arch = ARCH_I686;
        return true;
    }
    size_t skip = sizeof windows - 1;
    return len > skip && memcmp(text, windows, skip) == 0 &&
           read_windows(text + skip, len - skip, atom);
}

static bool atom_holds(const struct atom *atom, const struct claims *claims)
{
    if (atom->what == ATOM_CLIENT || atom->what == ATOM_SERVER) {
        return claims->server == (atom->what == ATOM_SERVER);
    }
    if (atom->what == ATOM_ARCH) {
        return claims->arch == atom->arch;
    }
    int order = version_compare(claims->windows, atom->version);
    switch (atom->op) {
    case OP_LT:
        return order < 0;
    case OP_LE:
        return order <= 0;
    case OP_GT:
        return order > 0;
    case OP_GE:
        return order >= 0;
    default:
        return order == 0;
    }
}

/* Reads atom after atom. False where one is malformed, or where one does not hold for claims (NULL:
 * only the form counts). */
static bool each_atom(const char *text, const struct claims *claims)
{
    static const char joint[] = " and ";
    for (;;) {
        struct atom atom;
        const char *next = strstr(text, joint);
        size_t len = next ? (size_t)(next - text) : strlen(text);
        if (!read_atom(text, len, &atom) || (claims && !atom_holds(&atom, claims))) {
            return false;
        }
        if (!next) {
            return true;
        }
        text = next + sizeof joint - 1;
    }
}

bool cond_valid(const char *text)
{
    return each_atom(text, NULL);
}

bool cond_holds(const struct condition *condition, const struct claims *claims)
{
    return !condition->text || each_atom(condition->text, claims);
}

const struct expect_alt *expect_alternative(const struct expect *expect,
                                            const struct claims *claims)
{
    for (size_t i = 0; i < expect->alt_count; i++) {
        if (cond_holds(&expect->alts[i].when, claims)) {
            return &expect->alts[i];
        }
    }
    return NULL;
}

static bool code_fits(const struct expect_code *code, uint32_t hr)
{
    switch (code->what) {
    case EXPECT_SUCCESS:
        return !hr_failed(hr);
    case EXPECT_FAILURE:
        return hr_failed(hr);
    case EXPECT_ANY:
        return true;
    default:
        return hr == code->code;
    }
}

bool expect_alternative_fits(const struct expect_alt *alt, uint32_t hr)
{
    for (size_t i = 0; i < alt->code_count; i++) {
        if (code_fits(&alt->codes[i], hr)) {
            return true;
        }
    }
    return false;
}
