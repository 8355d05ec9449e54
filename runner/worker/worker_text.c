#include "worker_text.h"
#include "worker_mem.h"
#include <stdlib.h>
#include <string.h>

size_t wtext_hex(char out[WTEXT_HEX_SIZE], uint64_t value, unsigned digits)
{
    static const char digit[] = "0123456789ABCDEF";
    unsigned count = digits > 0 ? digits : 1;

    while (count < 16 && (value >> (4 * count)) != 0)
        count++;
    out[0] = '0';
    out[1] = 'x';
    for (unsigned k = 0; k < count; k++)
        out[2 + k] = digit[(value >> (4 * (count - 1 - k))) & 15];
    out[2 + count] = '\0';
    return 2 + count;
}

size_t wtext_dec(char out[24], int64_t value)
{
    char reversed[24];
    size_t count = 0, length = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        reversed[count++] = (char)('0' + (char)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        out[length++] = '-';
    while (count > 0)
        out[length++] = reversed[--count];
    out[length] = '\0';
    return length;
}

json_t *wtext_hex_json(uint64_t value, unsigned digits)
{
    char text[WTEXT_HEX_SIZE];
    size_t length = wtext_hex(text, value, digits);

    return json_stringn_nocheck(text, length);
}

json_t *wtext_utf16_json(const wchar_t *text, size_t length)
{
    wchar_t *clean = wmem_alloc((length + 1) * sizeof(wchar_t));
    json_t *result;
    char *utf8;
    int size;

    for (size_t k = 0; k < length; k++) {
        bool high = text[k] >= 0xD800 && text[k] < 0xDC00;
        bool low = text[k] >= 0xDC00 && text[k] < 0xE000;

        if (high && k + 1 < length && text[k + 1] >= 0xDC00 && text[k + 1] < 0xE000) {
            clean[k] = text[k];
            clean[k + 1] = text[k + 1];
            k++;
        } else {
            clean[k] = high || low || text[k] == 0 ? 0xFFFD : text[k];
        }
    }
    utf8 = wmem_alloc(3 * length + 1);
    size = WideCharToMultiByte(CP_UTF8, 0, clean, (int)length, utf8, (int)(3 * length), NULL, NULL);
    result = json_stringn(utf8, size > 0 ? (size_t)size : 0);
    wmem_free(utf8);
    wmem_free(clean);
    return result;
}

wchar_t *wtext_utf16(const char *text, size_t bytes, size_t *length)
{
    wchar_t *result = wmem_alloc((bytes + 1) * sizeof(wchar_t));
    int units =
        bytes == 0 ? 0 : MultiByteToWideChar(CP_UTF8, 0, text, (int)bytes, result, (int)bytes);

    if (length != NULL)
        *length = (size_t)units;
    return result;
}

bool wtext_number(const json_t *value, uint64_t *out)
{
    const char *text;
    char *end;

    if (json_is_integer(value)) {
        *out = (uint64_t)json_integer_value(value);
        return true;
    }
    if (json_is_boolean(value)) {
        *out = json_is_true(value) ? 1 : 0;
        return true;
    }
    text = json_string_value(value);
    if (text == NULL || *text == '\0')
        return false;
    *out = strtoull(text, &end, 0);
    return *end == '\0';
}

/* Reads `digits` hex digits; false where one is none. */
static bool hex_digits(const char *text, unsigned digits, uint32_t *out)
{
    uint32_t value = 0;

    for (unsigned k = 0; k < digits; k++) {
        char c = text[k];
        uint32_t digit;

        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A') + 10;
        else
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

bool wtext_guid(const char *text, GUID *out)
{
    static const unsigned bytes_at[8] = {19, 21, 24, 26, 28, 30, 32, 34};
    uint32_t part;

    if (strcmp(text, "GUID_NULL") == 0) {
        memset(out, 0, sizeof *out);
        return true;
    }
    if (strlen(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-')
        return false;
    if (!hex_digits(text, 8, &part))
        return false;
    out->Data1 = part;
    if (!hex_digits(text + 9, 4, &part))
        return false;
    out->Data2 = (unsigned short)part;
    if (!hex_digits(text + 14, 4, &part))
        return false;
    out->Data3 = (unsigned short)part;
    for (unsigned k = 0; k < 8; k++) {
        if (!hex_digits(text + bytes_at[k], 2, &part))
            return false;
        out->Data4[k] = (unsigned char)part;
    }
    return true;
}

json_t *wtext_guid_json(const GUID *guid)
{
    static const GUID null_guid;
    const unsigned char *tail = guid->Data4;

    if (memcmp(guid, &null_guid, sizeof null_guid) == 0)
        return json_string("GUID_NULL");
    return json_sprintf("%08lx-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", guid->Data1,
                        guid->Data2, guid->Data3, tail[0], tail[1], tail[2], tail[3], tail[4],
                        tail[5], tail[6], tail[7]);
}

json_t *wtext_error_json(DWORD error)
{
    wchar_t text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                  error, 0, text, 512, NULL);

    while (length > 0 && (text[length - 1] == L'\r' || text[length - 1] == L'\n' ||
                          text[length - 1] == L' ' || text[length - 1] == L'.'))
        length--;
    if (length == 0)
        return json_sprintf("Win32 error %lu", error);
    return wtext_utf16_json(text, length);
}
