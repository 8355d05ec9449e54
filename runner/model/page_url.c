/* Addresses of documentation pages. */
#include "tables.h"

#include <stdio.h>
#include <string.h>

const char *page_url(const char *page, char *buf, size_t size)
{
    static const char root[] = "https://learn.microsoft.com/en-us/windows/win32";
    bool reference =
        page[0] == 'n' && page[1] != '\0' && strchr("fnles", page[1]) != NULL && page[2] == '-';
    if (strchr(page, '/')) {
        snprintf(buf, size, "%s/%s", root, page);
    } else if (reference) {
        /* "nf-vsbackup-ivssbackupcomponents-backupcomplete" lies in the folder of its header. */
        const char *header = page + 3;
        snprintf(buf, size, "%s/api/%.*s/%s", root, (int)strcspn(header, "-"), header, page);
    } else {
        snprintf(buf, size, "%s/vss/%s", root, page);
    }
    return buf;
}
