#include "load_message.h"
#include <stdio.h>
#include <stdlib.h>

static json_t *environment_of(const struct launch *launch, const struct profile *profile,
                              unsigned worker)
{
    json_t *environment = json_object();
    for (size_t i = 0; i < profile->env_count; i++) {
        const struct profile_env *env = &profile->env[i];
        char *file = env->file ? launch_path(launch, env->value) : NULL;
        json_object_set_new(environment, env->name, json_string(env->file ? file : env->value));
        free(file);
    }
    if (profile->apart) {
        char name[LAUNCH_MARK + 16];
        snprintf(name, sizeof name, "%s-%u", launch->mark, worker);
        json_object_set_new(environment, profile->apart, json_string(name));
    }
    return environment;
}

static json_t *factory_of(const struct profile *profile)
{
    json_t *factory = json_array();
    for (size_t i = 0; i < profile->factory.count; i++) {
        json_array_append_new(factory, json_string(profile->factory.items[i]));
    }
    return factory;
}

char *load_message(const struct launch *launch, const struct profile *profile, unsigned worker)
{
    char *path = launch_path(launch, profile->dll);
    json_t *message = json_pack(
        "{s:s, s:s?, s:s, s:o, s:o}", "m", "load", "path", path, "arch", arch_name(profile->arch),
        "environment", environment_of(launch, profile, worker), "factory", factory_of(profile));
    char *text = path && message ? json_dumps(message, JSON_COMPACT) : NULL;
    json_decref(message);
    free(path);
    return text;
}
