/* The reference clone under monkeys: threads that make random calls on an object each, with writers
 * in the same process that come and go, while the test points fail and hold at random.
 *
 * Nothing may crash or hang, a failed call hands out nothing, the last Release gives 0, and in the
 * end nothing is left. VSSCTS_MONKEY_SECONDS: how long (4); VSSCTS_MONKEY_SEED: the seed, which is
 * printed where something went wrong. VSSCTS_ENDURANCE: one minute. */
#include "pe_reference_footprint.h"
#include "pe_reference_monkey_calls.h"
#include "pe_reference_monkey_writer.h"

#define MONKEYS 6
#define WRITERS 2
#define HANG_MS 30000
#define SECONDS 4
#define LONG_SECONDS 60

/* ---- what a monkey does ---- */

struct call {
    const char *name;
    void (*call)(struct monkey *monkey);
};
#define CALL(name)                                                                                 \
    {                                                                                              \
#name, monkey_##name                                                                       \
    }

static const struct call calls[] = {
    CALL(GatherWriterMetadata),
    CALL(GatherWriterStatus),
    CALL(PrepareForBackup),
    CALL(DoSnapshotSet),
    CALL(BackupComplete),
    CALL(PreRestore),
    CALL(PostRestore),
    CALL(ImportSnapshots),
    CALL(BreakSnapshotSetEx),
    CALL(QueryRevertStatus),
    CALL(RecoverSet),
    CALL(FastRecovery),
    CALL(await),
    CALL(look_at_async),
    CALL(look_at_async),
    CALL(look_at_async),
    CALL(InitializeForBackup),
    CALL(InitializeForRestore),
    CALL(SetContext),
    CALL(SetBackupState),
    CALL(SetRestoreState),
    CALL(AbortBackup),
    CALL(SaveAsXML),
    CALL(QueryInterface),
    CALL(GetSessionId),
    CALL(StartSnapshotSet),
    CALL(AddToSnapshotSet),
    CALL(GetSnapshotProperties),
    CALL(Query),
    CALL(DeleteSnapshots),
    CALL(copies),
    CALL(copies),
    CALL(paths),
    CALL(count),
    CALL(free),
    CALL(GetWriterMetadata),
    CALL(GetWriterStatus),
    CALL(GetWriterComponents),
    CALL(choose),
    CALL(AddComponent),
    CALL(set_component),
    CALL(set_component),
};

/* A way through a session; a monkey that only threw dice would not get far. */
static const struct call backup[] = {
    CALL(InitializeForBackup),
    CALL(SetBackupState),
    CALL(GatherWriterMetadata),
    CALL(await),
    CALL(AddComponent),
    CALL(AddComponent),
    CALL(StartSnapshotSet),
    CALL(AddToSnapshotSet),
    CALL(PrepareForBackup),
    CALL(await),
    CALL(DoSnapshotSet),
    CALL(await),
    CALL(GatherWriterStatus),
    CALL(await),
    CALL(GetWriterStatus),
    CALL(BackupComplete),
    CALL(await),
    CALL(SaveAsXML),
};
static const struct call restore[] = {
    CALL(InitializeForRestore),
    CALL(GatherWriterMetadata),
    CALL(await),
    CALL(GetWriterComponents),
    CALL(set_component),
    CALL(PreRestore),
    CALL(await),
    CALL(PostRestore),
    CALL(await),
    CALL(GatherWriterStatus),
};
#undef CALL

static void make(struct monkey *monkey, const struct call *call)
{
    monkey->now = call->name;
    call->call(monkey);
    InterlockedIncrement(&monkey->calls);
}

static void one_object(struct monkey *monkey)
{
    const bool restores = roll(&monkey->dice, 3) == 0;
    const struct call *way = restores ? restore : backup;
    const size_t length = restores ? COUNT(restore) : COUNT(backup);
    monkey->now = "CreateVssBackupComponents";
    monkey->bc = POISON;
    if (!handed(monkey, ref.create(&monkey->bc), monkey->bc)) {
        return;
    }
    monkey->objects++;
    for (size_t next = 0; next < length && roll(&monkey->dice, 40) != 0;) {
        make(monkey, roll(&monkey->dice, 3) != 0 ? &way[next++]
                                                 : &calls[roll(&monkey->dice, COUNT(calls))]);
    }
    monkey->now = "Release";
    if (roll(&monkey->dice, 2) == 0) {
        drop_async(monkey);
    }
    RELEASE(monkey, IVssBackupComponents, monkey->bc); /* an operation may run still */
    drop_async(monkey);
}

static DWORD WINAPI monkey_main(void *context)
{
    struct monkey *monkey = context;
    while (*monkey->stop == 0) {
        one_object(monkey);
        InterlockedIncrement(&monkey->calls);
    }
    SysFreeString(monkey->document);
    monkey->document = NULL;
    return 0;
}

/* ---- what is done to them ---- */

static const WCHAR *const points[] = {
    L"alloc",
    L"writers",
#define ASYNC(id) L"" #id L".call", L"" #id L".async",
#include "../../fixtures/reference/requester/ref_events.def"
#define STAGE(id)                                                                                  \
    L"provider."                                                                                   \
    L"" #id,
#define ASKED(id)                                                                                  \
    L"provider."                                                                                   \
    L"" #id,
#include "../../fixtures/reference/machine/ref_provider_stages.def"
};

static void meddle(struct monkey *main, const WCHAR **held)
{
    static const HRESULT codes[] = {E_OUTOFMEMORY, E_ACCESSDENIED, VSS_E_PROVIDER_VETO, E_FAIL,
                                    VSS_E_FLUSH_WRITES_TIMEOUT};
    const WCHAR *point = points[roll(&main->dice, COUNT(points))];
    if (*held != NULL) {
        ref.release(*held);
        *held = NULL;
    }
    switch (roll(&main->dice, 4)) {
    case 0:
        ref.fail(L"alloc", E_OUTOFMEMORY, roll(&main->dice, 300), 1 + roll(&main->dice, 3));
        break;
    case 1:
        ref.fail(point, codes[roll(&main->dice, COUNT(codes))], roll(&main->dice, 3),
                 1 + roll(&main->dice, 2));
        break;
    case 2:
        if (ref.hold(point) == S_OK) { /* many cannot be held */
            *held = point;
        }
        break;
    default:
        break;
    }
}

/* Ends the program where a monkey has made no call for long. */
static void watch(struct monkey *monkeys, LONG last[MONKEYS], ULONGLONG since[MONKEYS],
                  uint32_t seed)
{
    const ULONGLONG now = GetTickCount64();
    for (int i = 0; i < MONKEYS; i++) {
        if (monkeys[i].calls != last[i] || since[i] == 0) {
            last[i] = monkeys[i].calls;
            since[i] = now;
        } else if (now - since[i] > HANG_MS) {
            fprintf(stderr, "seed %lu: monkey %d hangs in %s\n", (unsigned long)seed, i,
                    monkeys[i].now);
            fflush(stderr);
            TerminateProcess(GetCurrentProcess(), EXIT_FAILURE);
        }
    }
}

struct result {
    unsigned objects, passed, wrong;
    LONG events; /* that came to the writers */
};

static struct result run(uint32_t seed, DWORD milliseconds)
{
    struct monkey monkeys[MONKEYS] = {0};
    struct monkey_writer writers[WRITERS] = {0};
    struct monkey main = {.dice = dice_of(seed, MONKEYS), .now = ""};
    LONG last[MONKEYS] = {0};
    ULONGLONG since[MONKEYS] = {0};
    const WCHAR *held = NULL;
    volatile LONG stop = 0;
    HANDLE threads[MONKEYS];
    for (unsigned i = 0; i < WRITERS; i++) {
        writers[i].number = i;
        writers[i].handlers = (struct monkey){.dice = dice_of(seed, MONKEYS + 1 + i), .now = ""};
        start_writer(&writers[i], &main);
    }
    for (unsigned i = 0; i < MONKEYS; i++) {
        monkeys[i] = (struct monkey){.dice = dice_of(seed, i), .stop = &stop, .now = ""};
        threads[i] = CreateThread(NULL, 0, monkey_main, &monkeys[i], 0, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(threads[i]);
    }
    const ULONGLONG end = GetTickCount64() + milliseconds;
    while (GetTickCount64() < end) {
        meddle(&main, &held);
        if (roll(&main.dice, 4) == 0) {
            live(&writers[roll(&main.dice, WRITERS)], &main);
        }
        watch(monkeys, last, since, seed);
        WaitForSingleObject(threads[0], roll(&main.dice, 20)); /* it ends no earlier than told */
    }
    ref.reset();
    InterlockedExchange(&stop, 1);
    while (WaitForMultipleObjects(MONKEYS, threads, TRUE, 1000) == WAIT_TIMEOUT) {
        watch(monkeys, last, since, seed);
    }
    struct monkey sum = main;
    LONG events = 0;
    for (unsigned i = 0; i < WRITERS; i++) {
        end_writer(&writers[i]);
        events += writers[i].handlers.calls;
        sum.wrong += writers[i].handlers.wrong;
        sum.passed += writers[i].handlers.passed;
    }
    for (unsigned i = 0; i < MONKEYS; i++) {
        CloseHandle(threads[i]);
        sum.calls += monkeys[i].calls;
        sum.objects += monkeys[i].objects;
        sum.passed += monkeys[i].passed;
        sum.wrong += monkeys[i].wrong;
    }
    fprintf(stderr, "seed %lu, %lu ms: %u objects, %ld steps, %u calls passed, %ld events; ",
            (unsigned long)seed, milliseconds, sum.objects, sum.calls, sum.passed, events);
    return (struct result){sum.objects, sum.passed, sum.wrong, events};
}

/* ---- the test ---- */

static uint32_t number(const char *name, uint32_t missing)
{
    char text[16];
    const DWORD length = GetEnvironmentVariableA(name, text, sizeof(text));
    return length > 0 && length < sizeof(text) ? (uint32_t)strtoul(text, NULL, 10) : missing;
}

/* The thread of a handler that has unsubscribed lets go of its writer last. */
static HRESULT left_soon(void)
{
    const ULONGLONG end = GetTickCount64() + 5000;
    HRESULT code = ref_left(&ref);
    while (code != S_OK && GetTickCount64() < end) {
        SwitchToThread();
        code = ref_left(&ref);
    }
    return code;
}

/* Freed strings stay in a cache of the system, which would hide a leak. */
static void turn_string_cache_off(void)
{
    void(WINAPI * off)(void) =
        (void *)GetProcAddress(GetModuleHandleA("oleaut32.dll"), "SetOaNoCache");
    CU_ASSERT_PTR_NOT_NULL_FATAL(off);
    off();
}

static void test_monkeys(void)
{
    const uint32_t seed = number("VSSCTS_MONKEY_SEED", GetTickCount());
    const uint32_t seconds = number("VSSCTS_MONKEY_SECONDS", endurance() ? LONG_SECONDS : SECONDS);
    turn_string_cache_off();
    unsigned wrong = run(seed, 500).wrong; /* what is made once and stays */
    HR(left_soon(), S_OK);
    const struct footprint before = measure();
    const struct result result = run(seed + 1, seconds * 1000);
    CU_ASSERT_TRUE(result.objects > 0 && result.passed > 0 && result.events > 0);
    wrong += result.wrong;
    HR(left_soon(), S_OK);
    const struct footprint after = measure();
    footprint_kept(before, after);
    if (wrong != 0) {
        fprintf(stderr, "seed %lu: %u wrong\n", (unsigned long)seed, wrong);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"monkeys", test_monkeys},
        CU_TEST_INFO_NULL,
    };
    /* so that a writer that was unsubscribed in the midst of an event does not hold up the test */
    SetEnvironmentVariableA("VSSREF_WRITER_TIMEOUT_MS", "5000");
    ref = ref_load();
    api = writer_api(ref.module);
    return cu_run("reference: monkeys", tests);
}
