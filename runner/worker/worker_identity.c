/* The step `identity`: which interfaces an object gives, asked from each of them. */
#include "worker_call.h"
#include "worker_steps.h"
#include "worker_text.h"
#include <string.h>

#define IDS_MAX 16

struct identity {
    const char *names[IDS_MAX];
    GUID ids[IDS_MAX];
    void *held[IDS_MAX]; /* what the object itself gave, until the end */
    size_t count;
    void *first; /* the first IUnknown, held too: no other object can have its address */
};

/* One QueryInterface. NULL: it failed, or gave no pointer. */
static void *query(void *unknown, const GUID *id, json_t *cells)
{
    struct fence *riid = fence_take(sizeof *id, sizeof(uint32_t));
    struct fence *ppv = fence_take(sizeof(void *), sizeof(void *));
    struct call_words words = {0};
    struct call_result result;
    void *pointer = NULL;

    memcpy(riid->data, id, sizeof *id);
    callconv_word(&words, (uintptr_t)unknown);
    callconv_word(&words, (uintptr_t)riid->data);
    callconv_word(&words, (uintptr_t)ppv->data);
    call_invoke(call_slot(unknown, 0), &words, &result);
    if (SUCCEEDED((HRESULT)result.value) && !fence_is_fill(ppv->data, sizeof pointer))
        memcpy(&pointer, ppv->data, sizeof pointer);
    fence_give(ppv);
    fence_give(riid);
    if (SUCCEEDED((HRESULT)result.value) && pointer == NULL)
        json_array_append_new(cells, json_null());
    else
        json_array_append_new(cells, wtext_hex_json(result.value, 8));
    return pointer;
}

/* Asks for every id in turn; the first is IUnknown. keep: what is given is held on to. */
static json_t *ask_all(struct identity *identity, void *unknown, const char *from, bool keep)
{
    json_t *row = json_object(), *cells = json_array();

    if (from != NULL)
        json_object_set_new_nocheck(row, "from", json_string(from));
    for (size_t k = 0; k < identity->count; k++) {
        void *pointer = query(unknown, &identity->ids[k], cells);

        if (k == 0 && keep)
            identity->first = pointer;
        else if (k == 0 && pointer != NULL && identity->first != NULL)
            json_object_set_new_nocheck(row, "same", json_boolean(pointer == identity->first));
        if (keep)
            identity->held[k] = pointer;
        else if (pointer != NULL)
            call_refcount(pointer, 2, NULL);
    }
    json_object_set_new_nocheck(row, "hr", cells);
    return row;
}

static bool read_ids(struct identity *identity, const json_t *step)
{
    const json_t *item;
    size_t k;

    json_array_foreach(json_object_get(step, "ids"), k, item)
    {
        const char *name = json_string_value(json_object_get(item, "n"));
        const char *iid = json_string_value(json_object_get(item, "iid"));

        if (k == IDS_MAX || name == NULL || iid == NULL || !wtext_guid(iid, &identity->ids[k]))
            return false;
        identity->names[k] = name;
        identity->count++;
    }
    return identity->count > 0;
}

void identity_step(struct step_context *context, const json_t *step, json_t *event,
                   struct outcome *outcome)
{
    struct identity identity = {0};
    void *unknown = NULL;
    json_t *names, *rows;

    if (!read_ids(&identity, step)) {
        program_defect(context->program, "an identity needs the ids of interfaces, not too many");
        return;
    }
    if (steps_object(context, step, event, outcome, &unknown) == NULL)
        return;
    names = json_array();
    rows = json_array();
    for (size_t k = 0; k < identity.count; k++)
        json_array_append_new(names, json_string(identity.names[k]));
    json_array_append_new(rows, ask_all(&identity, unknown, NULL, true));
    json_array_append_new(rows, ask_all(&identity, unknown, NULL, false));
    for (size_t k = 0; k < identity.count; k++) {
        if (identity.held[k] != NULL)
            json_array_append_new(rows,
                                  ask_all(&identity, identity.held[k], identity.names[k], false));
    }
    for (size_t k = identity.count; k > 0; k--) {
        if (identity.held[k - 1] != NULL)
            call_refcount(identity.held[k - 1], 2, NULL);
    }
    json_object_set_new_nocheck(event, "identity",
                                json_pack("{s:o, s:o}", "ids", names, "rows", rows));
}
