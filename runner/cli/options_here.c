#include "options_here.h"

#include "../engine/redact.h"

json_t *options_here(const json_t *header)
{
    struct redact_here here;
    json_t *options = json_object_get(header, "options");
    if (!json_is_object(options)) {
        return json_object();
    }
    redact_here(&here);
    json_t *made = redact_undo(&here.redact, options);
    redact_here_free(&here);
    return made;
}
