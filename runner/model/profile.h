/* A profile: how an implementation is loaded, what it claims, what it can, what may be touched. */
#ifndef VSSCTS_PROFILE_H
#define VSSCTS_PROFILE_H

#include "tables.h"

struct profile_env {
    const char *name, *value;
    bool file; /* the value is the native path of a file */
};

/* Owned by whoever called profile_*; all strings live until profile_free(). */
struct profile {
    const char *name;
    const char *dll; /* native path of the file, or "@system" */
    enum arch arch;
    struct claims claims;
    const char *windows_text; /* "10.0.19045" */
    uint32_t can;             /* bit set of enum capability */
    struct string_list volumes;
    const char *values[PROFILE_VALUE_COUNT]; /* NULL: it has none */
    size_t env_count;
    struct profile_env *env;
    const char
        *apart; /* variable whose value tells systems apart, or NULL: all workers share one */
    const char *expectations;   /* native path of an expectation file, or NULL */
    struct string_list factory; /* exports of which one must be there */
    void *owner;                /* private */
};

/* Reads a profile file:
 * {"format":1,"kind":"profile","name":"reference","dll":"../x86_64/vssref.dll" or
 * {"x86_64":…,"i686":…}, "claims":{"windows":"10.0.19045","edition":"client"},"can":["snapshots"],
 * "volumes":["…"],"values":{},"environment":{},"apart":"…","expectations":"…"}. Relative paths are
 * taken from the file's folder. arch chooses among DLLs. NULL and err on failure. */
struct profile *profile_load(const char *path, enum arch arch, struct cts_error *err);

/* The profile of a bare DLL: claims Windows 10.0 client, can nothing, touches nothing. */
struct profile *profile_for_dll(const char *path, enum arch arch, struct cts_error *err);

void profile_free(struct profile *profile);

#endif
