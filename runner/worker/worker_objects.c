#include "worker_objects.h"
#include "worker_mem.h"
#include "worker_text.h"
#include <string.h>

void objects_clear(struct objects *objects)
{
    wmem_free(objects->list);
    wmem_free(objects->ids);
    memset(objects, 0, sizeof *objects);
}

static int root_of(const struct objects *objects, int number)
{
    for (size_t k = objects->count; k > 0; k--) {
        if (objects->list[k - 1].number == number)
            return objects->list[k - 1].root;
    }
    return 0;
}

struct object objects_see(struct objects *objects, void *pointer, int of)
{
    struct object *object;

    for (size_t k = objects->count; k > 0; k--) {
        if (objects->list[k - 1].pointer == pointer)
            return objects->list[k - 1];
    }
    if (objects->count == objects->size) {
        objects->size = objects->size == 0 ? 16 : objects->size * 2;
        objects->list = wmem_grow(objects->list, objects->size * sizeof *objects->list);
    }
    object = &objects->list[objects->count];
    object->pointer = pointer;
    object->number = ++objects->numbers;
    object->of = of;
    object->held = 0;
    object->root = of == 0 ? 0 : root_of(objects, of);
    if (object->root == 0)
        object->root = object->number;
    objects->count++;
    return *object;
}

void objects_hold(struct objects *objects, void *pointer, int by)
{
    for (size_t k = 0; k < objects->count; k++) {
        if (objects->list[k].pointer == pointer)
            objects->list[k].held += by;
    }
}

void objects_gone(struct objects *objects, void *pointer)
{
    size_t kept = 0;
    int root = 0;

    for (size_t k = 0; k < objects->count; k++) {
        if (objects->list[k].pointer == pointer)
            root = objects->list[k].root;
    }
    for (size_t k = 0; k < objects->count; k++) {
        const struct object *object = &objects->list[k];

        if (object->root != root || (object->held > 0 && object->pointer != pointer))
            objects->list[kept++] = *object;
    }
    objects->count = kept;
}

/* "{obj:" or "{id:", a number, "}". */
static json_t *numbered(const char *prefix, int number)
{
    char text[40];
    size_t length = strlen(prefix);

    memcpy(text, prefix, length);
    length += wtext_dec(text + length, number);
    text[length++] = '}';
    return json_stringn_nocheck(text, length);
}

json_t *objects_json(int number)
{
    return numbered("{obj:", number);
}

json_t *objects_guid_json(struct objects *objects, const GUID *guid)
{
    static const GUID null_guid;
    size_t k = 0;

    if (memcmp(guid, &null_guid, sizeof null_guid) == 0)
        return json_string("GUID_NULL");
    while (k < objects->id_count && memcmp(&objects->ids[k], guid, sizeof *guid) != 0)
        k++;
    if (k == objects->id_count) {
        if (objects->id_count == objects->id_size) {
            objects->id_size = objects->id_size == 0 ? 16 : objects->id_size * 2;
            objects->ids = wmem_grow(objects->ids, objects->id_size * sizeof *objects->ids);
        }
        objects->ids[objects->id_count++] = *guid;
    }
    return numbered("{id:", (int)k + 1);
}
