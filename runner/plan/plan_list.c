#include "plan.h"

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *list_of(const struct string_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        if (json_array_append_new(array, json_string(list->items[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *capabilities(uint32_t needs)
{
    json_t *array = json_array();
    for (int i = 0; i < CAP_COUNT; i++) {
        if ((needs & (UINT32_C(1) << i)) &&
            json_array_append_new(array, json_string(capability_name((enum capability)i))) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *list_case(const struct plan_case *planned)
{
    const struct test_case *test = planned->test;
    json_t *object = json_object();
    bool failed = json_object_set_new(object, "id", json_string(test->id)) != 0;
    failed |= json_object_set_new(object, "title", text_or_null(test->title)) != 0;
    failed |= json_object_set_new(object, "suite", json_string(test->suite)) != 0;
    failed |= json_object_set_new(object, "level", json_string(level_name(test->level))) != 0;
    failed |= json_object_set_new(object, "requirements", list_of(&test->requirements)) != 0;
    failed |= json_object_set_new(object, "tags", list_of(&test->tags)) != 0;
    failed |= json_object_set_new(object, "preamble",
                                  text_or_null(test->preamble ? test->preamble->id : NULL)) != 0;
    failed |= json_object_set_new(object, "question",
                                  text_or_null(test->question ? test->question->id : NULL)) != 0;
    failed |= json_object_set_new(object, "needs", capabilities(test->needs)) != 0;
    failed |= json_object_set_new(object, "when", text_or_null(test->when.text)) != 0;
    failed |= json_object_set_new(object, "skip", text_or_null(planned->skip)) != 0;
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *plan_list_json(const struct plan *plan)
{
    json_t *list = json_array();
    for (size_t i = 0; i < plan->count; i++) {
        if (json_array_append_new(list, list_case(&plan->cases[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
