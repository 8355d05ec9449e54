/* For burp's VSS part, which is compiled as it is: what it wants of its own project's headers. The
 * driver (pe_requester_burp.cpp) defines the functions. */
#ifndef REQUESTER_BURP_H
#define REQUESTER_BURP_H

#include <windows.h>

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define b_errno_win32 (1 << 29)

struct asfd;
struct cntr;
struct berrno {
    int number;
};

extern DWORD g_MajorVersion, g_MinorVersion;
extern BOOL(WINAPI *p_GetVolumePathNameW)(LPCWSTR, LPWSTR, DWORD);
extern BOOL(WINAPI *p_GetVolumeNameForVolumeMountPointW)(LPCWSTR, LPWSTR, DWORD);

void berrno_init(struct berrno *error);
const char *berrno_bstrerror(struct berrno *error, int number);
int logw(struct asfd *asfd, struct cntr *cntr, const char *format, ...);
int wchar_2_UTF8(char *to, const wchar_t *from, int size);
typedef BOOL (*path_convert)(const char *, char *, int);
typedef BOOL (*path_convert_wide)(const wchar_t *, wchar_t *, int);
void SetVSSPathConvert(path_convert convert, path_convert_wide convert_wide);

/* It asks for the state of an operation once a second; here a hundred times. */
#define Sleep(milliseconds) Sleep((milliseconds) / 100)

#endif
