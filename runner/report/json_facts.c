#include "json_facts.h"

#include "json_make.h"

enum fact_type { FACT_TEXT, FACT_WHOLE, FACT_NUMBER, FACT_TRUTH, FACT_TEXTS };

struct fact {
    enum fact_section section;
    const char *key;
    enum fact_type type;
    bool is_volatile;
};

static const struct fact facts[] = {
#define FACT(section, key, type, is_volatile) {FACTS_##section, key, FACT_##type, is_volatile},
#include "facts.def"
#undef FACT
};

static const char *section_key(enum fact_section section)
{
    switch (section) {
    case FACTS_SUITE:
        return "suite";
    case FACTS_IUT:
        return "iut";
    case FACTS_PROFILE:
        return "profile";
    case FACTS_HOST:
        return "host";
    case FACTS_OPTIONS:
        return "options";
    }
    return "";
}

static bool is_texts(const json_t *value)
{
    if (!json_is_array(value)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_string(json_array_get(value, i))) {
            return false;
        }
    }
    return true;
}

static bool has_type(const json_t *value, enum fact_type type)
{
    switch (type) {
    case FACT_TEXT:
        return json_is_string(value);
    case FACT_WHOLE:
        return json_is_integer(value);
    case FACT_NUMBER:
        return json_is_number(value);
    case FACT_TRUTH:
        return json_is_boolean(value);
    case FACT_TEXTS:
        return is_texts(value);
    }
    return false;
}

json_t *facts_section(const json_t *header, enum fact_section section)
{
    const json_t *from = json_object_get(header, section_key(section));
    json_t *made = json_object(), *unstable = json_object();
    bool failed = made == NULL || unstable == NULL;

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (facts[i].section == section) {
            json_t *value = json_object_get(from, facts[i].key);
            json_t *copy = has_type(value, facts[i].type) ? json_deep_copy(value) : json_null();
            jm_set(facts[i].is_volatile ? unstable : made, facts[i].key, copy, &failed);
        }
    }
    if (json_object_size(unstable) > 0) {
        jm_set(made, "volatile", json_incref(unstable), &failed);
    }
    json_decref(unstable);
    return jm_end(made, failed);
}

json_t *facts_iut(const json_t *header)
{
    json_t *made = facts_section(header, FACTS_IUT);
    bool failed = made == NULL;
    jm_set(made, "name", json_string(facts_text(header, "profile", "name")), &failed);
    return jm_end(made, failed);
}

json_t *facts_run(const json_t *header)
{
    json_t *made = header != NULL ? json_object() : NULL;
    bool failed = made == NULL;
    if (header == NULL) {
        return json_null();
    }
    jm_set(made, "suite", facts_section(header, FACTS_SUITE), &failed);
    jm_set(made, "iut", facts_iut(header), &failed);
    jm_set(made, "profile", facts_section(header, FACTS_PROFILE), &failed);
    jm_set(made, "host", facts_section(header, FACTS_HOST), &failed);
    return jm_end(made, failed);
}

const char *facts_text(const json_t *header, const char *object, const char *key)
{
    const char *text = json_string_value(json_object_get(json_object_get(header, object), key));
    return text != NULL ? text : "";
}
