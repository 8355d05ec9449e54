#include "worker_vars.h"
#include "worker_mem.h"
#include <string.h>

static struct var *find_any(const struct vars *vars, const char *name)
{
    for (size_t k = 0; k < vars->count; k++) {
        if (strcmp(vars->list[k].name, name) == 0)
            return &vars->list[k];
    }
    return NULL;
}

struct var *vars_find(const struct vars *vars, const char *name)
{
    struct var *var = find_any(vars, name);

    return var != NULL && var->value.kind != VAR_EMPTY ? var : NULL;
}

struct var_value vars_set(struct vars *vars, const char *name, const struct var_value *value)
{
    struct var *var = find_any(vars, name);
    struct var_value old = {0};

    if (var == NULL) {
        if (vars->count == vars->size) {
            vars->size = vars->size == 0 ? 16 : vars->size * 2;
            vars->list = wmem_grow(vars->list, vars->size * sizeof *vars->list);
        }
        var = &vars->list[vars->count++];
        var->name = name;
    } else {
        old = var->value;
    }
    var->order = ++vars->order;
    var->value = *value;
    return old;
}

struct var_value vars_take(struct var *var)
{
    struct var_value value = var->value;

    memset(&var->value, 0, sizeof var->value);
    return value;
}

void vars_give_back(struct vars *vars, const void *pointer)
{
    for (size_t k = 0; k < vars->count; k++) {
        const struct var_value *value = &vars->list[k].value;

        if (value->kind == VAR_IFACE && value->borrowed && value->pointer == pointer)
            vars_take(&vars->list[k]);
    }
}

struct var *vars_newest(const struct vars *vars)
{
    struct var *newest = NULL;

    for (size_t k = 0; k < vars->count; k++) {
        struct var *var = &vars->list[k];

        if (var->value.kind != VAR_EMPTY && (newest == NULL || var->order > newest->order))
            newest = var;
    }
    return newest;
}

bool vars_equal(const struct var *a, const struct var *b)
{
    const struct var_value *x, *y;

    if (a == NULL || b == NULL)
        return a == b;
    x = &a->value;
    y = &b->value;
    if (x->kind != y->kind)
        return false;
    switch (x->kind) {
    case VAR_IFACE:
        return x->pointer == y->pointer;
    case VAR_NUMBER:
        return x->number == y->number;
    case VAR_GUID:
        return memcmp(&x->guid, &y->guid, sizeof x->guid) == 0;
    case VAR_TEXT:
        return x->length == y->length && memcmp(x->text, y->text, x->length * sizeof(wchar_t)) == 0;
    case VAR_STRUCT:
        return x->length == y->length && memcmp(x->bytes, y->bytes, x->length) == 0;
    case VAR_EMPTY:
        break;
    }
    return true;
}

void *var_unknown(const struct var_value *value)
{
    return (uint8_t *)value->pointer + value->unknown * sizeof(void *);
}

void var_value_free(struct var_value *value)
{
    wmem_free(value->text);
    wmem_free(value->bytes);
    memset(value, 0, sizeof *value);
}

void vars_clear(struct vars *vars)
{
    for (size_t k = 0; k < vars->count; k++)
        var_value_free(&vars->list[k].value);
    wmem_free(vars->list);
    memset(vars, 0, sizeof *vars);
}
