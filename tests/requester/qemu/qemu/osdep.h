/* For QEMU's requester.cpp, which is compiled as it is: what it wants of its own project's header
 * of this name. */
#ifndef QEMU_OSDEP_H
#define QEMU_OSDEP_H

#include <windows.h>

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define G_GNUC_PRINTF(text, first) __attribute__((__format__(__gnu_printf__, text, first)))

#endif
