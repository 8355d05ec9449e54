/* What a string among the arguments of a step means (cases/FORMAT.md, "Arguments"). */
#ifndef VSSCTS_ARG_REF_H
#define VSSCTS_ARG_REF_H

enum arg_ref_what {
    ARG_LITERAL,  /* text is the string itself, `$$` and `@@` undone */
    ARG_VARIABLE, /* "$name": text is the name */
    ARG_PROFILE   /* "@volume.2": text is what stands behind the '@' */
};

/* text points into the string that was read. */
struct arg_ref {
    enum arg_ref_what what;
    const char *text;
};

static inline struct arg_ref arg_ref_of(const char *string)
{
    if (string[0] != '$' && string[0] != '@') {
        return (struct arg_ref){ARG_LITERAL, string};
    }
    if (string[1] == string[0]) {
        return (struct arg_ref){ARG_LITERAL, string + 1};
    }
    return (struct arg_ref){string[0] == '$' ? ARG_VARIABLE : ARG_PROFILE, string + 1};
}

#endif
