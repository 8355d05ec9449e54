/* Attributes of the compilers that build the runner. */
#ifndef VSSCTS_CTS_ATTR_H
#define VSSCTS_CTS_ATTR_H

/* A printf-like function: argument `fmt` is the format, the arguments from `args` on are checked
 * against it. MinGW's plain `printf` archetype means Microsoft's, which knows no %zu. */
#if defined(__MINGW32__) && !defined(__clang__)
#define CTS_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#else
#define CTS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#endif

#endif
