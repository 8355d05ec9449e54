/* The architecture of a DLL, from its PE header. */
#ifndef VSSCTS_PE_ARCH_H
#define VSSCTS_PE_ARCH_H

#include "../model/tables.h"

/* Reads the machine field. CTS_IUT with path and reason in err where the file cannot be read, is no
 * PE file, or is for another machine than x86_64 and i686. */
enum cts_status pe_arch(const char *path, enum arch *arch, struct cts_error *err);

/* The same of the first bytes of a file. */
enum cts_status pe_arch_of(const unsigned char *data, size_t length, enum arch *arch,
                           struct cts_error *err);

#endif
