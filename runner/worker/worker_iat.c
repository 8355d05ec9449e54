#include "worker_iat.h"
#include "worker_mem.h"
#include <stdint.h>
#include <string.h>

/* One changed place of a table. */
struct iat_slot {
    void **at;
    void *before;
};

/* A module whose tables are walked. */
struct walk {
    struct iat *iat;
    uint8_t *base;
    uint32_t size; /* of the image */
    struct iat_function *functions;
    size_t count;
    bool (*take)(size_t function);
    size_t hooked;
};

/* What lies so far behind the beginning of the image, if all of it is inside. */
static void *inside(const struct walk *walk, uint32_t rva, size_t size)
{
    return rva != 0 && rva < walk->size && size <= walk->size - rva ? walk->base + rva : NULL;
}

static void write_slot(void **at, void *value)
{
    DWORD before;

    if (!VirtualProtect(at, sizeof *at, PAGE_READWRITE, &before))
        return;
    *at = value;
    VirtualProtect(at, sizeof *at, before, &before);
}

static void change(struct walk *walk, void **at, void *value)
{
    struct iat *iat = walk->iat;

    if (iat->count == iat->size) {
        iat->size = iat->size == 0 ? 32 : iat->size * 2;
        iat->slots = wmem_grow(iat->slots, iat->size * sizeof *iat->slots);
    }
    iat->slots[iat->count++] = (struct iat_slot){at, *at};
    write_slot(at, value);
    walk->hooked++;
}

/* Replaces what the slot leads to, the function at `target` of another module, where it is one of
 * those. */
static void try_slot(struct walk *walk, HMODULE from, void **at, const void *target)
{
    for (size_t k = 0; k < walk->count; k++) {
        struct iat_function *function = &walk->functions[k];
        void *found;

        if (!walk->take(k))
            continue;
        found = (void *)(uintptr_t)GetProcAddress(from, function->name);
        if (found == NULL || found != target || (function->real != NULL && function->real != found))
            continue;
        function->real = found;
        change(walk, at, function->hook);
        return;
    }
}

static void walk_imports(struct walk *walk, uint32_t rva)
{
    const IMAGE_IMPORT_DESCRIPTOR *entry = inside(walk, rva, sizeof *entry);

    for (; entry != NULL && entry->Name != 0 && entry->FirstThunk != 0;
         rva += sizeof *entry, entry = inside(walk, rva, sizeof *entry)) {
        const char *name = inside(walk, entry->Name, 1);
        HMODULE from = name == NULL ? NULL : GetModuleHandleA(name);
        uint32_t at = entry->FirstThunk;
        void **slot;

        for (; from != NULL && (slot = inside(walk, at, sizeof *slot)) != NULL && *slot != NULL;
             at += sizeof *slot)
            try_slot(walk, from, slot, *slot);
    }
}

/* The address of a function that a table of names has, by name or number. */
static const void *named(const struct walk *walk, HMODULE from, const IMAGE_THUNK_DATA *thunk)
{
    const IMAGE_IMPORT_BY_NAME *name;

    if (IMAGE_SNAP_BY_ORDINAL(thunk->u1.Ordinal))
        return (const void *)(uintptr_t)GetProcAddress(
            from, (const char *)(uintptr_t)IMAGE_ORDINAL(thunk->u1.Ordinal));
    name = inside(walk, (uint32_t)thunk->u1.AddressOfData, sizeof *name);
    return name == NULL ? NULL
                        : (const void *)(uintptr_t)GetProcAddress(from, (const char *)name->Name);
}

/* A slot of a delayed import leads to a helper until it is first called, so the names say what it
 * stands for. A module that was not loaded yet is, from the system's folder: a call would load it,
 * too. */
static void walk_delayed(struct walk *walk, uint32_t rva)
{
    const IMAGE_DELAYLOAD_DESCRIPTOR *entry = inside(walk, rva, sizeof *entry);

    for (; entry != NULL && entry->DllNameRVA != 0 && entry->Attributes.RvaBased;
         rva += sizeof *entry, entry = inside(walk, rva, sizeof *entry)) {
        const char *name = inside(walk, entry->DllNameRVA, 1);
        HMODULE from = name == NULL ? NULL : GetModuleHandleA(name);
        uint32_t at = entry->ImportAddressTableRVA, by = entry->ImportNameTableRVA;
        const IMAGE_THUNK_DATA *thunk;
        void **slot;

        if (from == NULL && name != NULL)
            from = LoadLibraryExA(name, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
        for (; from != NULL && (slot = inside(walk, at, sizeof *slot)) != NULL &&
               (thunk = inside(walk, by, sizeof *thunk)) != NULL && thunk->u1.Function != 0;
             at += sizeof *slot, by += sizeof *thunk)
            try_slot(walk, from, slot, named(walk, from, thunk));
    }
}

size_t iat_hook(struct iat *iat, HMODULE module, struct iat_function *functions, size_t count,
                bool (*take)(size_t function))
{
    uint8_t *base = (uint8_t *)module;
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;
    const IMAGE_NT_HEADERS *nt = (const IMAGE_NT_HEADERS *)(base + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY *tables = nt->OptionalHeader.DataDirectory;
    struct walk walk = {iat, base, nt->OptionalHeader.SizeOfImage, functions, count, take, 0};

    if (nt->OptionalHeader.NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_IMPORT)
        walk_imports(&walk, tables[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress);
    if (nt->OptionalHeader.NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT)
        walk_delayed(&walk, tables[IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT].VirtualAddress);
    return walk.hooked;
}

void iat_unhook(struct iat *iat)
{
    while (iat->count > 0) {
        const struct iat_slot *slot = &iat->slots[--iat->count];

        write_slot(slot->at, slot->before);
    }
    wmem_free(iat->slots);
    *iat = (struct iat){0};
}
