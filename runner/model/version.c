#include "version.h"

bool version_parse(const char *text, size_t len, unsigned version[3])
{
    size_t at = 0;
    version[0] = version[1] = version[2] = 0;
    for (int part = 0; part < 3; part++) {
        size_t digits = 0;
        for (; at < len && text[at] >= '0' && text[at] <= '9' && digits < 6; at++, digits++) {
            version[part] = version[part] * 10 + (unsigned)(text[at] - '0');
        }
        if (digits == 0) {
            return false;
        }
        if (at == len) {
            return true;
        }
        if (text[at] != '.') {
            return false;
        }
        at++;
    }
    return false;
}

int version_compare(const unsigned a[3], const unsigned b[3])
{
    for (int part = 0; part < 3; part++) {
        if (a[part] != b[part]) {
            return a[part] < b[part] ? -1 : 1;
        }
    }
    return 0;
}
