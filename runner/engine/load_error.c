#include "load_error.h"
#include "../util/fs_path.h"
#include <stdio.h>
#include <string.h>

static const char *file_of(const struct profile *profile)
{
    return profile->dll[0] == '@' ? "vssapi.dll of the system" : fs_basename(profile->dll);
}

/* "A, B, C" of what the profile takes for a factory; NULL where it names none. */
static const char *factory_names(const struct profile *profile, char *buf, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < profile->factory.count && used < size; i++) {
        int added =
            snprintf(buf + used, size - used, "%s%s", used ? ", " : "", profile->factory.items[i]);
        used += added > 0 ? (size_t)added : 0;
    }
    return used ? buf : NULL;
}

enum cts_status load_error_failed(struct cts_error *err, const struct profile *profile,
                                  const json_t *message)
{
    static const struct {
        const char *name, *words;
        bool add_text;
    } reasons[] = {
#define X(name, words, add_text) {name, words, add_text},
#include "load_reasons.def"
#undef X
    };
    const size_t last = sizeof reasons / sizeof reasons[0] - 1;
    const char *reason = json_string_value(json_object_get(message, "reason"));
    const char *text = json_string_value(json_object_get(message, "text"));
    const char *code = json_string_value(json_object_get(message, "code"));
    char names[400];
    size_t i = 0;
    while (i < last && (!reason || strcmp(reason, reasons[i].name) != 0)) {
        i++;
    }
    if (reason && strcmp(reason, "no_factory") == 0) {
        text = factory_names(profile, names, sizeof names);
    } else if (!reasons[i].add_text || !text || !text[0]) {
        text = i == last ? code : NULL;
    }
    return err_set(err, CTS_IUT, "%s: %s%s%s%s", file_of(profile), reasons[i].words,
                   text ? " (" : "", text ? text : "", text ? ")" : "");
}

enum cts_status load_error_crash(struct cts_error *err, const struct profile *profile,
                                 const json_t *message)
{
    const char *code = json_string_value(json_object_get(message, "code"));
    const char *module = json_string_value(json_object_get(message, "module"));
    const char *offset = json_string_value(json_object_get(message, "offset"));
    bool place = module && offset;
    return err_set(err, CTS_IUT, "%s: DllMain crashed (%s%s%s%s%s)", file_of(profile),
                   code ? code : "unknown code", place ? " at " : "", place ? module : "",
                   place ? "+" : "", place ? offset : "");
}

enum cts_status load_error_exit(struct cts_error *err, const struct profile *profile,
                                int64_t status, int signal)
{
    return err_set(err, CTS_IUT, "%s: the process ended while it was loaded (%s %lld)",
                   file_of(profile), signal ? "signal" : "exit status",
                   signal ? (long long)signal : (long long)status);
}

enum cts_status load_error_silence(struct cts_error *err, const struct profile *profile,
                                   unsigned ms)
{
    return err_set(err, CTS_IUT, "%s: not loaded within %u ms; DllMain hangs", file_of(profile),
                   ms);
}

enum cts_status load_error_broken(struct cts_error *err, const struct profile *profile,
                                  const char *what)
{
    return err_set(err, CTS_IUT, "%s: the worker %s while it was loaded", file_of(profile), what);
}
