/* A copy of the implementation's file under a name of its own.
 *
 * Wine maps its builtin for any file that carries the name of one, whatever its folder. Under
 * another name it maps the file itself. */
#ifndef VSSCTS_IUT_COPY_H
#define VSSCTS_IUT_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/* Writes data as vsscts-iut-<first 8 digits of sha256>-<process>.dll into the folder for temporary
 * files; path gets its name. Copies that ended workers have left there are deleted. False: Win32's
 * last error says why. */
bool iut_copy_make(const void *data, size_t size, const char *sha256, wchar_t path[MAX_PATH]);

/* Is this the name (without folder) of such a copy? */
bool iut_copy_is(const wchar_t *name);

/* Deletes the copy; once it is no longer mapped. */
void iut_copy_delete(const wchar_t *path);

#endif
