#include "pe_arch.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#define PE_READ 4096 /* more than any linker puts before the header */

enum { MACHINE_I386 = 0x014C, MACHINE_AMD64 = 0x8664 };

static uint32_t word(const unsigned char *data, size_t at)
{
    return (uint32_t)data[at] | (uint32_t)data[at + 1] << 8;
}

enum cts_status pe_arch_of(const unsigned char *data, size_t length, enum arch *arch,
                           struct cts_error *err)
{
    if (length < 0x40 || memcmp(data, "MZ", 2) != 0) {
        return err_set(err, CTS_IUT, "is no PE file");
    }
    const size_t header = word(data, 0x3C) | (size_t)word(data, 0x3E) << 16;
    if (length < 6 || header > length - 6 || memcmp(data + header, "PE\0\0", 4) != 0) {
        return err_set(err, CTS_IUT, "is no PE file");
    }
    const uint32_t machine = word(data, header + 4);
    if (machine != MACHINE_AMD64 && machine != MACHINE_I386) {
        return err_set(err, CTS_IUT, "is for machine 0x%04X, neither x86_64 nor i686",
                       (unsigned)machine);
    }
    *arch = machine == MACHINE_AMD64 ? ARCH_X86_64 : ARCH_I686;
    return CTS_OK;
}

enum cts_status pe_arch(const char *path, enum arch *arch, struct cts_error *err)
{
    static const char *const failed = "cannot be read: %s";
    unsigned char data[PE_READ];
    uv_fs_t request;
    uv_buf_t piece = uv_buf_init((char *)data, sizeof data);

    const uv_file file = (uv_file)uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
    if (file < 0) {
        return err_set_at(err, CTS_IUT, path, 0, 0, failed, uv_strerror((int)file));
    }
    const int length = uv_fs_read(NULL, &request, file, &piece, 1, 0, NULL);
    uv_fs_req_cleanup(&request);
    uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
    if (length < 0) {
        return err_set_at(err, CTS_IUT, path, 0, 0, failed, uv_strerror(length));
    }
    const enum cts_status status = pe_arch_of(data, (size_t)length, arch, err);
    if (status != CTS_OK && err != NULL) {
        snprintf(err->path, sizeof err->path, "%s", path);
    }
    return status;
}
