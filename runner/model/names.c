/* Names of closed sets, from their tables. */
#include "names.h"

#include <string.h>

static const char *const levels[] = {"must", "should", "may"};
static const char *const bases[] = {"none", "documented", "observed", "inferred"};
static const char *const arches[] = {"x86_64", "i686"};
static const char *const dirs[] = {"in", "out", "inout"};
static const char *const returns[] = {"hresult", "ulong", "bool", "void"};
static const char *const export_words[] = {"present", "absent", "same"};
static const char *const kinds[] = {
#define X(id, name, pointer) name,
#include "kinds.def"
#undef X
};
static const bool pointers[] = {
#define X(id, name, pointer) pointer,
#include "kinds.def"
#undef X
};
static const char *const steps[] = {
#define X(id, key) key,
#include "steps.def"
#undef X
};
static const char *const capabilities[] = {
#define CAP(id, name, text) name,
#include "capabilities.def"
#undef CAP
};

static const char *const profile_values[] = {
#define VALUE(id, name, text) name,
#include "profile_values.def"
#undef VALUE
};

#define COUNT(list) ((int)(sizeof(list) / sizeof(list)[0]))
#define NAME(list, value) ((int)(value) >= 0 && (int)(value) < COUNT(list) ? (list)[value] : "?")

static int find(const char *const *list, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *level_name(enum level level)
{
    return NAME(levels, level);
}

const char *basis_name(enum basis basis)
{
    return NAME(bases, basis);
}

const char *kind_name(enum param_kind kind)
{
    return NAME(kinds, kind);
}

const char *arch_name(enum arch arch)
{
    return NAME(arches, arch);
}

const char *capability_name(enum capability capability)
{
    return NAME(capabilities, capability);
}

const char *profile_value_name(enum profile_value value)
{
    return NAME(profile_values, value);
}

const char *step_key(enum step_op op)
{
    return NAME(steps, op);
}

bool kind_is_pointer(enum param_kind kind)
{
    return pointers[kind];
}

int level_by_name(const char *name)
{
    return find(levels, COUNT(levels), name);
}

int basis_by_name(const char *name)
{
    int basis = find(bases, COUNT(bases), name);
    return basis == BASIS_NONE ? -1 : basis;
}

int kind_by_name(const char *name)
{
    return find(kinds, COUNT(kinds), name);
}

int arch_by_name(const char *name)
{
    return find(arches, COUNT(arches), name);
}

int dir_by_name(const char *name)
{
    return find(dirs, COUNT(dirs), name);
}

int returns_by_name(const char *name)
{
    return find(returns, COUNT(returns), name);
}

int export_is_by_name(const char *name)
{
    return find(export_words, COUNT(export_words), name);
}

int capability_by_name(const char *name)
{
    return find(capabilities, COUNT(capabilities), name);
}

int profile_value_by_name(const char *name)
{
    return find(profile_values, COUNT(profile_values), name);
}
