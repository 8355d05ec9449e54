/* Calls that this project does without, as errors of the compiler. The build includes this file
 * before every source file, so it must be the system's headers that it declares things after.
 * tools/check-banned.sh finds the ones that are macros too. */
#ifndef VSSCTS_BANNED_H
#define VSSCTS_BANNED_H

#ifndef RC_INVOKED
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CTS_BANNED(instead) __attribute__((deprecated("banned here: " instead)))

char *strcpy(char *, const char *) CTS_BANNED("use str_buf or snprintf");
char *strcat(char *, const char *) CTS_BANNED("use str_buf or snprintf");
char *strncpy(char *, const char *, size_t) CTS_BANNED("use snprintf");
char *strncat(char *, const char *, size_t) CTS_BANNED("use str_buf or snprintf");
char *strtok(char *, const char *) CTS_BANNED("use strcspn");
int sprintf(char *, const char *, ...) CTS_BANNED("use snprintf");
int vsprintf(char *, const char *, va_list) CTS_BANNED("use vsnprintf");
int atoi(const char *) CTS_BANNED("use strtol and look at its end");
long atol(const char *) CTS_BANNED("use strtol and look at its end");
double atof(const char *) CTS_BANNED("use strtod and look at its end");

#undef CTS_BANNED
#endif

#endif
