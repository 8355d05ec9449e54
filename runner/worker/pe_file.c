#include "pe_file.h"
#include "worker_mem.h"
#include "worker_probe.h"
#include "worker_text.h"
#include <string.h>

#define EXPORTS_MAX 4096

/* `size` bytes at an offset of the file, or NULL. */
static const void *at_offset(const struct pe_file *pe, size_t offset, size_t size)
{
    return offset <= pe->size && size <= pe->size - offset ? pe->data + offset : NULL;
}

/* `size` bytes at an address of the image, or NULL where the file has none for it. */
static const void *at_rva(const struct pe_file *pe, uint32_t rva, size_t size)
{
    for (unsigned k = 0; k < pe->section_count; k++) {
        const IMAGE_SECTION_HEADER *section = &pe->sections[k];
        uint32_t inside = rva - section->VirtualAddress;

        if (rva >= section->VirtualAddress && inside < section->SizeOfRawData &&
            size <= section->SizeOfRawData - inside)
            return at_offset(pe, (size_t)section->PointerToRawData + inside, size);
    }
    return NULL;
}

/* A string at an address of the image; NULL where it has no end inside the file. */
static const char *text_at_rva(const struct pe_file *pe, uint32_t rva)
{
    const char *text = at_rva(pe, rva, 1);

    if (text == NULL)
        return NULL;
    return memchr(text, '\0', pe->size - (size_t)((const uint8_t *)text - pe->data)) != NULL ? text
                                                                                             : NULL;
}

static void take_directories(struct pe_file *pe, const IMAGE_DATA_DIRECTORY *list, uint32_t count)
{
    if (count > IMAGE_DIRECTORY_ENTRY_EXPORT)
        pe->exports = list[IMAGE_DIRECTORY_ENTRY_EXPORT];
    if (count > IMAGE_DIRECTORY_ENTRY_IMPORT)
        pe->imports = list[IMAGE_DIRECTORY_ENTRY_IMPORT];
}

static void take_optional_64(struct pe_file *pe, const IMAGE_OPTIONAL_HEADER64 *header)
{
    pe->image_size = header->SizeOfImage;
    pe->header_size = header->SizeOfHeaders;
    pe->entry = header->AddressOfEntryPoint;
    pe->checksum = header->CheckSum;
    take_directories(pe, header->DataDirectory, header->NumberOfRvaAndSizes);
}

static void take_optional_32(struct pe_file *pe, const IMAGE_OPTIONAL_HEADER32 *header)
{
    pe->image_size = header->SizeOfImage;
    pe->header_size = header->SizeOfHeaders;
    pe->entry = header->AddressOfEntryPoint;
    pe->checksum = header->CheckSum;
    take_directories(pe, header->DataDirectory, header->NumberOfRvaAndSizes);
}

static bool is_wine_builtin(const struct pe_file *pe)
{
    static const char builtin[] = "Wine builtin DLL", placeholder[] = "Wine placeholder DLL";
    const char *text = at_offset(pe, 0x40, sizeof placeholder);

    return text != NULL && (memcmp(text, builtin, sizeof builtin) == 0 ||
                            memcmp(text, placeholder, sizeof placeholder) == 0);
}

bool pe_parse(struct pe_file *pe, const void *data, size_t size)
{
    const IMAGE_DOS_HEADER *dos;
    const IMAGE_FILE_HEADER *file;
    const void *optional;
    const DWORD *signature;
    size_t at;

    memset(pe, 0, sizeof *pe);
    pe->data = data;
    pe->size = size;
    dos = at_offset(pe, 0, sizeof *dos);
    if (dos == NULL || dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 ||
        dos->e_lfanew % 4 != 0)
        return false;
    at = (size_t)dos->e_lfanew;
    signature = at_offset(pe, at, sizeof *signature + sizeof *file);
    if (signature == NULL || *signature != IMAGE_NT_SIGNATURE)
        return false;
    file = (const IMAGE_FILE_HEADER *)(signature + 1);
    pe->machine = file->Machine;
    pe->timestamp = file->TimeDateStamp;
    at += sizeof *signature + sizeof *file;
    optional = at_offset(pe, at, sizeof(IMAGE_OPTIONAL_HEADER32));
    if (optional == NULL)
        return false;
    if (*(const WORD *)optional == IMAGE_NT_OPTIONAL_HDR64_MAGIC) {
        if (at_offset(pe, at, sizeof(IMAGE_OPTIONAL_HEADER64)) == NULL)
            return false;
        take_optional_64(pe, optional);
    } else if (*(const WORD *)optional == IMAGE_NT_OPTIONAL_HDR32_MAGIC) {
        take_optional_32(pe, optional);
    } else {
        return false;
    }
    at += file->SizeOfOptionalHeader;
    pe->sections = at_offset(pe, at, file->NumberOfSections * sizeof(IMAGE_SECTION_HEADER));
    pe->section_count = pe->sections == NULL ? 0 : file->NumberOfSections;
    pe->wine_builtin = is_wine_builtin(pe);
    return pe->sections != NULL;
}

uint16_t pe_own_machine(void)
{
#ifdef __x86_64__
    return IMAGE_FILE_MACHINE_AMD64;
#else
    return IMAGE_FILE_MACHINE_I386;
#endif
}

const char *pe_machine_name(uint16_t machine, char buf[19])
{
    if (machine == IMAGE_FILE_MACHINE_AMD64)
        return "x86_64";
    if (machine == IMAGE_FILE_MACHINE_I386)
        return "i686";
    wtext_hex(buf, machine, 4);
    return buf;
}

json_t *pe_exports(const struct pe_file *pe)
{
    const IMAGE_EXPORT_DIRECTORY *directory =
        at_rva(pe, pe->exports.VirtualAddress, sizeof *directory);
    json_t *list = json_array();
    const DWORD *names;

    if (pe->exports.VirtualAddress == 0 || directory == NULL)
        return list;
    for (DWORD k = 0; k < directory->NumberOfNames && k < EXPORTS_MAX; k++) {
        const char *name = NULL;

        names = at_rva(pe, directory->AddressOfNames + 4 * k, sizeof *names);
        if (names != NULL)
            name = text_at_rva(pe, *names);
        if (name == NULL)
            break;
        if (strlen(name) < 512)
            json_array_append_new(list, json_string(name));
    }
    return list;
}

const char *pe_import(const struct pe_file *pe, unsigned index)
{
    const IMAGE_IMPORT_DESCRIPTOR *import;

    if (pe->imports.VirtualAddress == 0 || index >= 1024)
        return NULL;
    import =
        at_rva(pe, pe->imports.VirtualAddress + (uint32_t)(index * sizeof *import), sizeof *import);
    return import != NULL && import->Name != 0 ? text_at_rva(pe, import->Name) : NULL;
}

/* Is the export directory the same up to the addresses of what it exports, and behind them? */
static bool same_exports(const struct pe_file *pe, const uint8_t *file, const uint8_t *mapped)
{
    const size_t size = pe->exports.Size;
    IMAGE_EXPORT_DIRECTORY head;
    size_t from, behind;

    if (size < sizeof head)
        return memcmp(mapped, file, size) == 0;
    memcpy(&head, file, sizeof head);
    from = (size_t)head.AddressOfFunctions - pe->exports.VirtualAddress;
    if (head.AddressOfFunctions < pe->exports.VirtualAddress || from > size ||
        head.NumberOfFunctions > (size - from) / sizeof(DWORD))
        return memcmp(mapped, file, size) == 0;
    behind = from + head.NumberOfFunctions * sizeof(DWORD);
    return memcmp(mapped, file, from) == 0 &&
           memcmp(mapped + behind, file + behind, size - behind) == 0;
}

bool pe_is_image(const struct pe_file *pe, HMODULE module)
{
    uint8_t *headers = wmem_alloc(pe->header_size + pe->exports.Size + 1);
    const void *exports = at_rva(pe, pe->exports.VirtualAddress, pe->exports.Size);
    struct pe_file image;
    bool same = probe_copy(headers, module, pe->header_size) == pe->header_size &&
                pe_parse(&image, headers, pe->header_size) && image.machine == pe->machine &&
                image.timestamp == pe->timestamp && image.image_size == pe->image_size &&
                image.entry == pe->entry && image.checksum == pe->checksum &&
                image.section_count == pe->section_count &&
                memcmp(&image.exports, &pe->exports, sizeof image.exports) == 0;

    if (same && exports != NULL) {
        uint8_t *mapped = headers + pe->header_size;

        same = probe_copy(mapped, (const uint8_t *)module + pe->exports.VirtualAddress,
                          pe->exports.Size) == pe->exports.Size &&
               same_exports(pe, exports, mapped);
    }
    wmem_free(headers);
    return same;
}
