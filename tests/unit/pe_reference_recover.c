/* The reference clone: copies brought back onto disks of storage arrays (LUN resynchronization). */
#include "pe_reference_machine.h"

#define EX3(bc) ((IVssBackupComponentsEx3 *)(void *)(bc))

/* Copies that stay in the array until they are imported, and copies of this machine. */
#define AWAY (VSS_CTX_FILE_SHARE_BACKUP | VSS_VOLSNAP_ATTR_TRANSPORTABLE)
#define HERE VSS_CTX_NAS_ROLLBACK
#define MOST 4

static void use_arrays(const WCHAR *edition)
{
    use_machine(L"arrays.json", NULL, edition);
}

/* Backs up the volumes of these letters: a set, and the document that tells of it. */
static BSTR back_up(LONG context, const char *letters, VSS_ID *set, VSS_ID ids[MOST])
{
    IVssBackupComponents *bc = new_with(context);
    BSTR text = NULL;
    HR(IVssBackupComponents_StartSnapshotSet(bc, set), S_OK);
    for (size_t i = 0; letters[i] != '\0'; i++) {
        const WCHAR volume[] = {(WCHAR)letters[i], L':', L'\\', L'\0'};
        HR(add(bc, volume, GUID_NULL, &ids[i]), S_OK);
    }
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SaveAsXML(bc, &text), S_OK);
    end(bc);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    return text;
}

/* A restore object with that document, which it frees. */
static IVssBackupComponents *restore_with(BSTR text)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, text, true), S_OK);
    SysFreeString(text);
    return bc;
}

static HRESULT add_copy(IVssBackupComponents *bc, VSS_ID id, const WCHAR *volume)
{
    WCHAR name[64] = L"";
    if (volume != NULL) {
        lstrcpynW(name, volume, 64);
    }
    return IVssBackupComponentsEx3_AddSnapshotToRecoverySet(EX3(bc), id, 0,
                                                            volume != NULL ? name : NULL);
}

static HRESULT recover(IVssBackupComponents *bc, DWORD flags)
{
    IVssAsync *async = (IVssAsync *)(void *)bc;
    const HRESULT code = IVssBackupComponentsEx3_RecoverSet(EX3(bc), flags, &async);
    if (FAILED(code)) {
        return async == NULL ? code : E_FAIL;
    }
    return ref_end(async);
}

static void test_add(void)
{
    static const struct {
        LONG context;
        const WCHAR *edition;
        const char *copied;
        const WCHAR *volume;
        HRESULT code;
    } rows[] = {
        {AWAY, L"server", "L", NULL, S_OK},
        {AWAY, L"server", "L", L"L:\\", S_OK},
        {AWAY, L"server", "L", L"m:\\", S_OK},
        {AWAY, L"server", "L", L"\\\\?\\Volume{33333333-0000-4000-8000-000000000003}\\", S_OK},
        {AWAY, L"server", "L", L"P:\\", S_OK},                       /* another array's disk */
        {AWAY, L"server", "L", L"C:\\", VSS_E_VOLUME_NOT_SUPPORTED}, /* of no array */
        {AWAY, L"server", "L", L"O:\\", VSS_E_VOLUME_NOT_SUPPORTED}, /* dynamic */
        {AWAY, L"server", "L", L"X:\\", VSS_E_VOLUME_NOT_SUPPORTED}, /* not there */
        {AWAY, L"server", "O", NULL, VSS_E_VOLUME_NOT_SUPPORTED},
        {AWAY, L"server", "O", L"L:\\", S_OK},
        {AWAY, L"server", "P", NULL, S_OK}, /* RecoverSet will tell */
        {AWAY, L"server", "Q", NULL, VSS_E_LEGACY_PROVIDER},
        {AWAY, L"client", "L", NULL, VSS_E_BAD_STATE}, /* no hardware providers there */
        {HERE, L"server", "L", NULL, S_OK},
        {HERE, L"server", "C", NULL, VSS_E_OBJECT_NOT_FOUND}, /* the system provider's */
        {HERE, L"server", "C", L"L:\\", VSS_E_OBJECT_NOT_FOUND},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        VSS_ID set;
        VSS_ID ids[MOST];
        LONG deleted;
        use_arrays(L"server");
        BSTR text = back_up(rows[i].context, rows[i].copied, &set, ids);
        use_arrays(rows[i].edition);
        IVssBackupComponents *bc = restore_with(text);
        const HRESULT code = add_copy(bc, ids[0], rows[i].volume);
        if (code != rows[i].code) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].code);
        /* Refused, nothing is in the set; what passed can be added again. */
        HR(SUCCEEDED(code) ? add_copy(bc, ids[0], rows[i].volume) : recover(bc, 0),
           SUCCEEDED(code) ? S_OK : VSS_E_BAD_STATE);
        if (rows[i].context == HERE) {
            HR(delete_set(bc, set, &deleted), S_OK);
            HR(add_copy(bc, ids[0], rows[i].volume), VSS_E_OBJECT_NOT_FOUND);
        }
        end(bc);
    }
    use_built_in();
}

/* Arguments come before the state, and a machine without arrays refuses whatever it is asked. */
static void test_add_arguments(void)
{
    static const struct {
        const WCHAR *machine, *document;
        bool restore;
        HRESULT code;
    } rows[] = {
        {L"arrays.json", DOCUMENT, true, VSS_E_SNAPSHOT_NOT_IN_SET},
        {L"arrays.json", NULL, false, VSS_E_BAD_STATE},
        {L"arrays.json", DOCUMENT, false, VSS_E_BAD_STATE},
        {L"backup-server.json", DOCUMENT, true, VSS_E_SNAPSHOT_NOT_IN_SET},
        {L"guest.json", DOCUMENT, true, VSS_E_BAD_STATE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        use_machine(rows[i].machine, NULL, L"server");
        IVssBackupComponents *bc = ref_new(&ref);
        HR(add_copy(bc, GUID_NULL, NULL), E_INVALIDARG);
        HR(add_copy(bc, provider_array, NULL), VSS_E_BAD_STATE);
        HR(ref_init(bc, rows[i].document, rows[i].restore), S_OK);
        HR(add_copy(bc, GUID_NULL, NULL), E_INVALIDARG);
        HR(IVssBackupComponentsEx3_AddSnapshotToRecoverySet(EX3(bc), provider_array, 1, NULL),
           E_INVALIDARG);
        HR(add_copy(bc, provider_array, NULL), rows[i].code);
        HR(IVssBackupComponentsEx3_RecoverSet(EX3(bc), 0, NULL), E_INVALIDARG);
        HR(recover(bc, 1), E_INVALIDARG);
        HR(recover(bc, 0), VSS_E_BAD_STATE);
        end(bc);
    }
    use_built_in();
}

static void test_versions(void)
{
    static const struct {
        const WCHAR *windows;
        HRESULT code;
    } rows[] = {{L"6.0.6002", E_NOINTERFACE}, {L"6.1.7600", S_OK}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        use_machine(L"arrays.json", rows[i].windows, L"server");
        IVssBackupComponents *bc = ref_new(&ref);
        void *found = NULL;
        HR(IVssBackupComponents_QueryInterface(bc, &IID_IVssBackupComponentsEx3, &found),
           rows[i].code);
        if (found != NULL) {
            IVssBackupComponentsEx3_Release(EX3(found));
        }
        end(bc);
    }
    use_built_in();
}

static void test_recover(void)
{
    static const struct {
        const char *from, *onto; /* letters: the copy of that volume, onto this */
        DWORD flags;
        HRESULT code;
    } rows[] = {
        {"L", "", 0, VSS_E_BAD_STATE},
        {"L", "L", 0, VSS_S_ASYNC_FINISHED},
        {"L", "L", VSS_RECOVERY_REVERT_IDENTITY_ALL, VSS_S_ASYNC_FINISHED},
        {"L", "L", 0x400, E_INVALIDARG},
        {"L", "M", 0, VSS_E_UNSELECTED_VOLUME},
        {"L", "M", VSS_RECOVERY_REVERT_IDENTITY_ALL, VSS_E_UNSELECTED_VOLUME},
        {"L", "M", VSS_RECOVERY_NO_VOLUME_CHECK, VSS_S_ASYNC_FINISHED},
        {"L", "M", VSS_RECOVERY_REVERT_IDENTITY_ALL | VSS_RECOVERY_NO_VOLUME_CHECK,
         VSS_S_ASYNC_FINISHED},
        {"LN", "LN", 0, VSS_E_UNSELECTED_VOLUME},
        {"MN", "MN", 0, VSS_S_ASYNC_FINISHED},
        {"MNL", "NML", 0, VSS_S_ASYNC_FINISHED},
        {"P", "P", 0, E_NOTIMPL},
        {"P", "L", 0, E_NOTIMPL},
        {"L", "P", 0, E_NOTIMPL},
        {"LP", "LP", 0, E_NOTIMPL},
        {"L", "Q", 0, VSS_E_LEGACY_PROVIDER},
        {"PL", "LL", 0, VSS_S_ASYNC_FINISHED}, /* the second takes the first one's place */
        {"LP", "LL", 0, E_NOTIMPL},
        {"MPNL", "MNNN", 0, VSS_S_ASYNC_FINISHED},
    };
    use_arrays(L"server");
    for (size_t i = 0; i < COUNT(rows); i++) {
        VSS_ID set;
        VSS_ID ids[MOST];
        IVssBackupComponents *bc = restore_with(back_up(AWAY, rows[i].from, &set, ids));
        for (size_t j = 0; rows[i].onto[j] != '\0'; j++) {
            const WCHAR volume[] = {(WCHAR)rows[i].onto[j], L':', L'\\', L'\0'};
            HR(add_copy(bc, ids[j], volume), S_OK);
        }
        /* The second time is like the first. */
        for (int time = 0; time < 2; time++) {
            const HRESULT code = recover(bc, rows[i].flags);
            if (code != rows[i].code) {
                fprintf(stderr, "row %u\n", (unsigned)i);
            }
            HR(code, rows[i].code);
        }
        end(bc);
    }
    use_built_in();
}

/* Copies of this machine are as before, and a deleted one cannot be brought back. */
static void test_copies_stay(void)
{
    VSS_ID set;
    VSS_ID ids[MOST];
    VSS_SNAPSHOT_PROP before;
    VSS_SNAPSHOT_PROP after;
    LONG deleted;
    use_arrays(L"server");
    IVssBackupComponents *bc = restore_with(back_up(HERE, "L", &set, ids));
    IVssBackupComponents *looks = new_with((LONG)VSS_CTX_ALL);
    HR(IVssBackupComponents_GetSnapshotProperties(looks, ids[0], &before), S_OK);
    HR(add_copy(bc, ids[0], NULL), S_OK);
    HR(recover(bc, 0), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetSnapshotProperties(looks, ids[0], &after), S_OK);
    CU_ASSERT_EQUAL(before.m_lSnapshotAttributes, after.m_lSnapshotAttributes);
    CU_ASSERT_EQUAL(before.m_tsCreationTimestamp, after.m_tsCreationTimestamp);
    CU_ASSERT_EQUAL(lstrcmpW(before.m_pwszOriginalVolumeName, after.m_pwszOriginalVolumeName), 0);
    ref.free_properties(&before);
    ref.free_properties(&after);
    HR(delete_set(bc, set, &deleted), S_OK);
    HR(recover(bc, 0), VSS_E_PROVIDER_VETO);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(looks), 0);
    end(bc);
    use_built_in();
}

/* One recovery at a time, whoever asks. */
static void test_pending(void)
{
    VSS_ID set;
    VSS_ID ids[MOST];
    VSS_ID others[MOST];
    IVssAsync *async = NULL;
    HRESULT status = E_FAIL;
    use_arrays(L"server");
    BSTR text = back_up(AWAY, "L", &set, ids);
    IVssBackupComponents *other = restore_with(back_up(AWAY, "L", &set, others));
    IVssBackupComponents *bc = restore_with(text);
    HR(add_copy(bc, ids[0], NULL), S_OK);
    HR(add_copy(other, others[0], NULL), S_OK);
    HR(ref.hold(L"RecoverSet.async"), S_OK);
    HR(IVssBackupComponentsEx3_RecoverSet(EX3(bc), 0, &async), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(async);
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    HR(status, VSS_S_ASYNC_PENDING);
    HR(recover(bc, 0), VSS_E_RESYNC_IN_PROGRESS);
    HR(recover(other, 0), VSS_E_RESYNC_IN_PROGRESS);
    HR(add_copy(bc, ids[0], NULL), VSS_E_RESYNC_IN_PROGRESS);
    HR(add_copy(other, others[0], L"M:\\"), VSS_E_RESYNC_IN_PROGRESS);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
    HR(ref.reset(), S_OK);
    HR(recover(other, 0), VSS_S_ASYNC_FINISHED);
    HR(recover(bc, 0), VSS_S_ASYNC_FINISHED);
    /* The object goes, the recovery ends by itself. */
    HR(ref.hold(L"RecoverSet.async"), S_OK);
    HR(IVssBackupComponentsEx3_RecoverSet(EX3(bc), 0, &async), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(add_copy(other, others[0], NULL), VSS_E_RESYNC_IN_PROGRESS);
    HR(ref.release(L"RecoverSet.async"), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    HR(add_copy(other, others[0], NULL), S_OK);
    end(other);
    use_built_in();
}

static void test_failures(void)
{
    static const struct {
        const WCHAR *point;
        HRESULT code, told;
    } rows[] = {
        {L"RecoverSet.call", E_ACCESSDENIED, E_ACCESSDENIED},
        {L"RecoverSet.call", E_FAIL, VSS_E_UNEXPECTED},
        {L"RecoverSet.async", VSS_E_PROVIDER_VETO, VSS_E_PROVIDER_VETO},
        {L"RecoverSet.async", E_FAIL, VSS_E_UNEXPECTED},
        {L"provider.RecoverSet", VSS_E_PROVIDER_VETO, VSS_E_PROVIDER_VETO},
        {L"provider.RecoverSet", VSS_E_CANNOT_REVERT_DISKID, VSS_E_CANNOT_REVERT_DISKID},
        {L"provider.RecoverSet", VSS_E_INSUFFICIENT_STORAGE, VSS_E_INSUFFICIENT_STORAGE},
        {L"provider.RecoverSet", E_FAIL, VSS_E_PROVIDER_VETO},
        {L"alloc", E_OUTOFMEMORY, E_OUTOFMEMORY},
    };
    VSS_ID set;
    VSS_ID ids[MOST];
    use_arrays(L"server");
    IVssBackupComponents *bc = restore_with(back_up(AWAY, "L", &set, ids));
    HR(ref.fail(L"alloc", E_OUTOFMEMORY, 0, 1), S_OK);
    HR(add_copy(bc, ids[0], NULL), E_OUTOFMEMORY);
    HR(recover(bc, 0), VSS_E_BAD_STATE);
    HR(add_copy(bc, ids[0], NULL), S_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        HR(ref.fail(rows[i].point, rows[i].code, 0, 1), S_OK);
        const HRESULT code = recover(bc, 0);
        if (code != rows[i].told) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].told);
        HR(recover(bc, 0), VSS_S_ASYNC_FINISHED); /* it can be tried again */
    }
    /* No writer has to do with it. */
    HR(ref.fail(L"writers", E_FAIL, 0, VSSTEST_FOR_GOOD), S_OK);
    HR(recover(bc, 0), VSS_S_ASYNC_FINISHED);
    end(bc);
    use_built_in();
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"what can be added", test_add},
        {"arguments and states", test_add_arguments},
        {"versions", test_versions},
        {"results of a recovery", test_recover},
        {"copies are as before", test_copies_stay},
        {"a recovery under way", test_pending},
        {"failures", test_failures},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: copies brought back", tests);
}
