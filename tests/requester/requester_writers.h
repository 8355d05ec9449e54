/* The two writers that pe_requester_backup.cpp backs up and restores, in a process of their own. */
#ifndef REQUESTER_WRITERS_H
#define REQUESTER_WRITERS_H

#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What both sides know of a writer. */
struct requester_writer {
    GUID id;
    const WCHAR *name;
    int component_type; /* VSS_COMPONENT_TYPE */
    const WCHAR *logical_path;
    const WCHAR *component;
    const WCHAR *path, *filespec;
    const WCHAR *metadata; /* that it sets in PrepareBackup, and finds again in PreRestore */
};

#define REQUESTER_WRITERS 2
extern const struct requester_writer requester_writers[REQUESTER_WRITERS];

/* The program of the writers: subscribes both, sets the event `ready`, waits until `go` is set, and
 * gives EXIT_SUCCESS where they saw a whole backup and a whole restore, and nothing else. */
int requester_serve(const char *ready, const char *go);

#ifdef __cplusplus
}
#endif

#endif
