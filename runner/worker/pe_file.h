/* A PE file in memory: what it is, what it exports, and whether a mapped image came from it. Every
 * access is held against the size of the file. */
#ifndef VSSCTS_PE_FILE_H
#define VSSCTS_PE_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>

/* Borrows data. */
struct pe_file {
    const uint8_t *data;
    size_t size;
    const IMAGE_SECTION_HEADER *sections;
    unsigned section_count;
    uint16_t machine;
    uint32_t timestamp, image_size, header_size, entry, checksum;
    IMAGE_DATA_DIRECTORY exports, imports;
    bool wine_builtin; /* carries Wine's signature, or that of its placeholders */
};

/* False: not a PE file. */
bool pe_parse(struct pe_file *pe, const void *data, size_t size);

/* Machine of this worker, name of a machine ("x86_64", "i686", else a hex number; buf holds it). */
uint16_t pe_own_machine(void);
const char *pe_machine_name(uint16_t machine, char buf[19]);

/* Names that the file exports, in the order of the file; at most 4096. New reference. */
json_t *pe_exports(const struct pe_file *pe);

/* Name of the index-th module that the file imports from, NULL at the end. */
const char *pe_import(const struct pe_file *pe, unsigned index);

/* Was the image at this address mapped from the file? Compares headers and export directory, but
 * for the addresses of what is exported: a module may put others there while it is loaded. */
bool pe_is_image(const struct pe_file *pe, HMODULE module);

#endif
