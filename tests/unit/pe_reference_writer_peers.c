/* The reference clone: peers that are up to no good at the other end of a writer's pipe, in the
 * place of a writer and in that of a requester. Knows the names and layouts of ref_registry.c,
 * ref_wire.c and ref_message.c. */
#include "pe_reference_writer.h"

#include <stdint.h>

#define SOON_MS 5000     /* what must end */
#define A_WHILE_MS 200   /* what must not */
#define PATIENCE "20000" /* VSSREF_WRITER_TIMEOUT_MS: more than SOON_MS */

static struct reference ref;
static struct vsswriter_api api;

/* ---- messages ---- */

struct bytes {
    DWORD size;
    BYTE *at;
};

static void put(struct bytes *bytes, const void *more, DWORD size)
{
    CopyMemory(bytes->at + bytes->size, more, size);
    bytes->size += size;
}

static void put_number(struct bytes *bytes, uint32_t number)
{
    put(bytes, &number, sizeof(number));
}

static void put_text(struct bytes *bytes, const WCHAR *text)
{
    const DWORD length = (DWORD)lstrlenW(text);
    put_number(bytes, length);
    put(bytes, text, (length + 1) * (DWORD)sizeof(WCHAR));
}

/* An element without children; its attributes come in pairs. */
static void put_element(struct bytes *bytes, const WCHAR *name, const WCHAR *const *attributes,
                        uint32_t count)
{
    put_text(bytes, name);
    put_number(bytes, count / 2);
    for (uint32_t i = 0; i < count; i++) {
        put_text(bytes, attributes[i]);
    }
    put_number(bytes, 0);
}

/* Sets the size in front. */
static void close_message(struct bytes *bytes)
{
    const uint32_t size = bytes->size - (uint32_t)sizeof(size);
    CopyMemory(bytes->at, &size, sizeof(size));
}

/* ---- a false writer ---- */

struct peer {
    VSS_ID instance;
    HANDLE pipe, thread, done;
    void (*act)(struct peer *peer);
};

/* As ref_registry.c lays it out. */
struct entry {
    VSS_ID instance, writer;
};
struct table {
    uint32_t count;
    struct entry entries[1024];
};

static void pipe_name(const VSS_ID *instance, WCHAR name[80])
{
    static const WCHAR prefix[] = L"\\\\.\\pipe\\VssReference-Writer-";
    CopyMemory(name, prefix, sizeof(prefix));
    StringFromGUID2(instance, name + COUNT(prefix) - 1, 40);
}

static struct table *open_table(void)
{
    HANDLE section = OpenFileMappingW(FILE_MAP_WRITE, FALSE, L"Global\\VssReference-Writers");
    struct table *table = section != NULL ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    if (section != NULL) {
        CloseHandle(section);
    }
    return table;
}

static DWORD WINAPI peer_main(void *context)
{
    struct peer *peer = context;
    if (ConnectNamedPipe(peer->pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED) {
        peer->act(peer);
    }
    return 0;
}

/* Puts it into the table, where there is one (some real writer is subscribed). */
static void peer_start(struct peer *peer, void (*act)(struct peer *peer))
{
    WCHAR name[80];
    struct table *table = open_table();
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    peer->act = act;
    CoCreateGuid(&peer->instance);
    pipe_name(&peer->instance, name);
    peer->pipe = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 65536,
                                  65536, 0, NULL);
    CU_ASSERT_PTR_NOT_EQUAL_FATAL(peer->pipe, INVALID_HANDLE_VALUE);
    peer->done = CreateEventA(NULL, TRUE, FALSE, NULL);
    /* first, so that it is called first */
    MoveMemory(&table->entries[1], &table->entries[0], table->count * sizeof(struct entry));
    table->entries[0] = (struct entry){peer->instance, peer->instance};
    table->count++;
    UnmapViewOfFile(table);
    peer->thread = CreateThread(NULL, 0, peer_main, peer, 0, NULL);
}

static void peer_end(struct peer *peer)
{
    SetEvent(peer->done);
    CU_ASSERT_EQUAL(WaitForSingleObject(peer->thread, SOON_MS), WAIT_OBJECT_0);
    CloseHandle(peer->thread);
    CloseHandle(peer->pipe);
    CloseHandle(peer->done);
    /* one who has called it takes it out of the table again, as it is gone */
}

static void utter(struct peer *peer, const struct bytes *bytes)
{
    DWORD count;
    WriteFile(peer->pipe, bytes->at, bytes->size, &count, NULL);
}

static void await_end(struct peer *peer)
{
    WaitForSingleObject(peer->done, WRITER_WAIT_MS);
}

static void say_garbage(struct peer *peer)
{
    BYTE garbage[256];
    FillMemory(garbage, sizeof(garbage), 0xFF);
    utter(peer, &(struct bytes){sizeof(garbage), garbage});
    await_end(peer);
}

static void say_zero(struct peer *peer)
{
    BYTE zero[4] = {0};
    utter(peer, &(struct bytes){sizeof(zero), zero});
    await_end(peer);
}

static void go_away(struct peer *peer)
{
    DisconnectNamedPipe(peer->pipe);
}

/* One element within the other, without an end. */
static void say_deep(struct peer *peer)
{
    struct bytes message = {sizeof(uint32_t), malloc(1 << 20)};
    for (int i = 0; i < 50000; i++) {
        put_text(&message, L"A");
        put_number(&message, 0);
        put_number(&message, 1);
    }
    close_message(&message);
    utter(peer, &message);
    free(message.at);
    await_end(peer);
}

/* Half a million attributes, of which each is another. */
static void say_much(struct peer *peer)
{
    enum { MANY = 500000 };
    struct bytes message = {sizeof(uint32_t), malloc(MANY * 32)};
    put_text(&message, L"HELLO");
    put_number(&message, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        WCHAR name[6] = L"aaaaa";
        unsigned left = i;
        for (int j = 0; j < 5; j++, left /= 26) {
            name[j] = (WCHAR)(L'a' + left % 26);
        }
        put_text(&message, name);
        put_text(&message, L"");
    }
    put_number(&message, 0);
    close_message(&message);
    utter(peer, &message);
    free(message.at);
    await_end(peer);
}

/* Who says that it is another. */
static void say_false_name(struct peer *peer)
{
    static const WCHAR *const attributes[] = {
        L"instanceId", L"11111111-2222-3333-4444-555555555555",
        L"writerId",   L"11111111-2222-3333-4444-555555555555",
        L"name",       L"Other",
    };
    BYTE space[1024];
    struct bytes message = {sizeof(uint32_t), space};
    put_element(&message, L"HELLO", attributes, COUNT(attributes));
    close_message(&message);
    utter(peer, &message);
    await_end(peer);
}

/* It takes no part, and the writer behind it does. */
static void test_false_writers(void)
{
    static const struct {
        const char *name;
        void (*act)(struct peer *peer);
    } table[] = {
        {"garbage", say_garbage}, {"no size", say_zero}, {"away", go_away},
        {"deep", say_deep},       {"much", say_much},    {"another", say_false_name},
    };
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct peer peer;
        IVssAsync *async = NULL;
        HRESULT status = E_FAIL;
        UINT count = 99;
        peer_start(&peer, table[i].act);
        IVssBackupComponents *bc = ref_new(&ref);
        HR(ref_init(bc, NULL, false), S_OK);
        HR(IVssBackupComponents_GatherWriterMetadata(bc, &async), S_OK);
        HR(IVssAsync_Wait(async, SOON_MS), S_OK);
        HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
        if (status != VSS_S_ASYNC_FINISHED) {
            fprintf(stderr, "%s: the gathering does not end\n", table[i].name);
        }
        HR(status, VSS_S_ASYNC_FINISHED);
        HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
        CU_ASSERT_EQUAL(count, 1);
        CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        peer_end(&peer);
    }
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

static void test_silent(void)
{
    struct test_writer writer;
    struct peer peer;
    IVssAsync *async = NULL;
    HRESULT status = E_FAIL;
    writer_start(&writer, &api, 1);
    peer_start(&peer, await_end);
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_GatherWriterMetadata(bc, &async), S_OK);
    HR(IVssAsync_Wait(async, A_WHILE_MS), S_OK);
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    HR(status, VSS_S_ASYNC_PENDING);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(IVssAsync_Wait(async, SOON_MS), S_OK);
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    HR(status, VSS_S_ASYNC_CANCELLED);
    peer_end(&peer);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* Who does not let go of the table's lock. */
static void test_locked_table(void)
{
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    HANDLE lock =
        OpenMutexA(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, "Global\\VssReference-WritersLock");
    CU_ASSERT_PTR_NOT_NULL_FATAL(lock);
    CU_ASSERT_EQUAL(WaitForSingleObject(lock, SOON_MS), WAIT_OBJECT_0);
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_E_WRITER_INFRASTRUCTURE);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    ReleaseMutex(lock);
    CloseHandle(lock);
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* ---- a false requester ---- */

/* Who wants something of the writer, and reads nothing. */
static void test_false_requesters(void)
{
    static const BYTE garbage[] = {0xFF, 0xFF, 0xFF, 0xFF};
    static const BYTE half[] = {0x40, 0};
    static const BYTE nonsense[] = {8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    static const struct {
        const BYTE *bytes;
        DWORD size;
    } table[] = {
        {garbage, sizeof(garbage)}, {half, sizeof(half)}, {nonsense, sizeof(nonsense)}, {half, 0}};
    struct test_writer writer;
    HANDLE pipes[COUNT(table)];
    WCHAR name[80];
    writer_start(&writer, &api, 1);
    struct table *writers = open_table();
    CU_ASSERT_PTR_NOT_NULL_FATAL(writers);
    CU_ASSERT_EQUAL_FATAL(writers->count, 1);
    pipe_name(&writers->entries[0].instance, name);
    UnmapViewOfFile(writers);
    for (size_t i = 0; i < COUNT(table); i++) {
        DWORD count;
        CU_ASSERT_TRUE(WaitNamedPipeW(name, SOON_MS));
        pipes[i] = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        CU_ASSERT_PTR_NOT_EQUAL(pipes[i], INVALID_HANDLE_VALUE);
        WriteFile(pipes[i], table[i].bytes, table[i].size, &count, NULL);
    }
    /* the writer is there for others */
    IVssBackupComponents *bc = ref_new(&ref);
    UINT count = 99;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    /* and can end while they hang on */
    const ULONGLONG start = GetTickCount64();
    writer_end(&writer);
    CU_ASSERT_TRUE(GetTickCount64() - start < SOON_MS);
    for (size_t i = 0; i < COUNT(table); i++) {
        CloseHandle(pipes[i]);
    }
    HR(ref_left(&ref), S_OK);
}

/* ---- memory that runs out ---- */

/* The Identify of the helper wants its component to be added. */
static bool STDMETHODCALLTYPE add_if_possible(struct vsswriter *self,
                                              IVssCreateWriterMetadata *metadata)
{
    return SUCCEEDED(IVssCreateWriterMetadata_AddComponent(metadata, VSS_CT_FILEGROUP, NULL,
                                                           L"data", NULL, NULL, 0, FALSE, TRUE,
                                                           TRUE, TRUE, 0)) &&
           writer_event(self, ON_IDENTIFY, NULL);
}

/* Whichever allocation fails, on either side: a writer is not left out without a word by the
 * requester's own want of memory. */
static void test_no_memory(void)
{
    enum { LIMIT = 2000, ENOUGH = 20 };
    struct test_writer writer;
    struct vsswriter_vtable vtable = writer_vtable;
    unsigned failed = 0;
    int whole = 0; /* how often one after another; then it is past the last allocation */
    writer_start(&writer, &api, 1);
    vtable.OnIdentify = add_if_possible;
    writer.object.vtable = &vtable;
    for (ULONG skip = 0; skip < LIMIT && whole < ENOUGH; skip++) {
        IVssBackupComponents *bc = ref_new(&ref);
        UINT count = 99;
        HR(ref_init(bc, NULL, false), S_OK);
        writer_clear(&writer);
        HR(ref.fail(L"alloc", E_OUTOFMEMORY, skip, 1), S_OK);
        const HRESULT code = RUN(bc, GatherWriterMetadata);
        if (FAILED(code)) {
            HR(code, E_OUTOFMEMORY);
            failed++;
        } else {
            HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
            CU_ASSERT_TRUE(count <= 1); /* 0: it was the writer's memory */
        }
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        HR(ref.reset(), S_OK);
        whole = count == 1 ? whole + 1 : 0;
    }
    CU_ASSERT_TRUE(whole == ENOUGH && failed > ENOUGH);
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"false writers", test_false_writers},
        {"a silent one, and a cancel", test_silent},
        {"a table that stays locked", test_locked_table},
        {"false requesters", test_false_requesters},
        {"memory that runs out", test_no_memory},
        CU_TEST_INFO_NULL,
    };
    SetEnvironmentVariableA("VSSREF_WRITER_TIMEOUT_MS", PATIENCE);
    SetEnvironmentVariableA("VSSREF_SYSTEM", NULL); /* its objects have the names that stand here */
    ref = ref_load();
    api = writer_api(ref.module);
    return cu_run("reference: peers of writers", tests);
}
