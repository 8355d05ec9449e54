/* The reference clone: copies of hardware providers, broken off and transported. */
#include "pe_reference_machine.h"

static HRESULT break_ex(IVssBackupComponents *bc, VSS_ID set, DWORD flags)
{
    IVssAsync *async = (IVssAsync *)(void *)bc;
    const HRESULT code = IVssBackupComponentsEx2_BreakSnapshotSetEx(
        (IVssBackupComponentsEx2 *)(void *)bc, set, flags, &async);
    if (FAILED(code)) {
        return async == NULL ? code : E_FAIL;
    }
    return ref_end(async);
}

static void test_break(void)
{
    static const struct {
        const WCHAR *windows, *volume;
        bool extended;
        DWORD flags;
        HRESULT code;
    } rows[] = {
        {NULL, L"C:\\", false, 0, VSS_E_PROVIDER_VETO},
        {NULL, L"E:\\", false, 0, VSS_E_PROVIDER_VETO},
        {NULL, L"L:\\", false, 0, S_OK},
        {NULL, L"C:\\", true, 0, VSS_E_PROVIDER_VETO},
        {NULL, L"L:\\", true, 0, VSS_S_ASYNC_FINISHED},
        {NULL, L"L:\\", true, VSS_BREAKEX_FLAG_MASK_LUNS, VSS_S_ASYNC_FINISHED},
        {NULL, L"L:\\", true,
         VSS_BREAKEX_FLAG_MAKE_READ_WRITE | VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE,
         VSS_S_ASYNC_FINISHED},
        {NULL, L"L:\\", true, VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL, VSS_E_BREAK_REVERT_ID_FAILED},
        {NULL, L"L:\\", true, VSS_BREAKEX_FLAG_MASK_LUNS | VSS_BREAKEX_FLAG_MAKE_READ_WRITE,
         E_INVALIDARG},
        {NULL, L"L:\\", true,
         VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL | VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE,
         E_INVALIDARG},
        {NULL, L"L:\\", true, 0x10, E_INVALIDARG},
        {NULL, L"L:\\", true, 0x100, E_INVALIDARG},
        {L"6.0.6000", L"L:\\", true, 0, E_NOTIMPL},
        {L"6.0.6001", L"L:\\", true, 0, VSS_S_ASYNC_FINISHED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        use_example(rows[i].windows, L"server");
        IVssBackupComponents *bc = new_with(VSS_CTX_NAS_ROLLBACK);
        VSS_SNAPSHOT_PROP prop;
        VSS_ID set;
        VSS_ID id;
        LONG deleted;
        HR(make(bc, rows[i].volume, &set, &id), VSS_S_ASYNC_FINISHED);
        HR(IVssBackupComponents_BreakSnapshotSet(bc, id), VSS_E_OBJECT_NOT_FOUND);
        const HRESULT code = rows[i].extended ? break_ex(bc, set, rows[i].flags)
                                              : IVssBackupComponents_BreakSnapshotSet(bc, set);
        if (code != rows[i].code) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].code);
        /* Broken, it is a copy no more. */
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop),
           SUCCEEDED(rows[i].code) ? VSS_E_OBJECT_NOT_FOUND : S_OK);
        ref.free_properties(&prop);
        delete_set(bc, set, &deleted);
        end(bc);
    }
    use_built_in();
}

/* A break that is pending does not stand in the way of anything but another break. */
static void test_break_pending(void)
{
    use_example(NULL, L"server");
    IVssBackupComponents *bc = new_with(VSS_CTX_NAS_ROLLBACK);
    IVssAsync *async = NULL;
    VSS_SNAPSHOT_PROP prop;
    VSS_ID set;
    VSS_ID id;
    LONG deleted;
    HR(make(bc, L"L:\\", &set, &id), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponentsEx2_BreakSnapshotSetEx((IVssBackupComponentsEx2 *)(void *)bc, set, 0,
                                                  NULL),
       E_INVALIDARG);
    HR(ref.hold(L"BreakSnapshotSetEx.async"), S_OK);
    HR(IVssBackupComponentsEx2_BreakSnapshotSetEx((IVssBackupComponentsEx2 *)(void *)bc, set, 0,
                                                  &async),
       S_OK);
    HR(break_ex(bc, set, 0), VSS_E_BAD_STATE);
    HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
    ref.free_properties(&prop);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
    HR(ref.reset(), S_OK);
    HR(ref.fail(L"BreakSnapshotSetEx.call", E_ACCESSDENIED, 0, 1), S_OK);
    HR(break_ex(bc, set, 0), E_ACCESSDENIED);
    HR(ref.fail(L"provider.BreakSnapshotSet", VSS_E_PROVIDER_VETO, 0, 1), S_OK);
    HR(break_ex(bc, set, 0), VSS_E_PROVIDER_VETO);
    HR(delete_set(bc, set, &deleted), S_OK);
    HR(break_ex(bc, set, 0), VSS_E_OBJECT_NOT_FOUND);
    end(bc);
    use_built_in();
}

/* A transportable set of L:, as a document. */
static BSTR send_off(LONG context, VSS_ID *id)
{
    IVssBackupComponents *bc = new_with(context | VSS_VOLSNAP_ATTR_TRANSPORTABLE);
    VSS_SNAPSHOT_PROP prop;
    VSS_ID set;
    BSTR text = NULL;
    HR(make(bc, L"L:\\", &set, id), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetSnapshotProperties(bc, *id, &prop), VSS_E_OBJECT_NOT_FOUND);
    HR(IVssBackupComponents_SaveAsXML(bc, &text), S_OK);
    end(bc);
    return text;
}

static void test_import(void)
{
    static const struct {
        LONG context;
        const WCHAR *edition;
        HRESULT code;
    } rows[] = {
        {VSS_CTX_FILE_SHARE_BACKUP, L"server", VSS_S_ASYNC_FINISHED},
        {VSS_CTX_NAS_ROLLBACK, L"server", VSS_S_ASYNC_FINISHED},
        {VSS_CTX_NAS_ROLLBACK, L"client", VSS_E_NO_SNAPSHOTS_IMPORTED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        VSS_ID id;
        use_example(NULL, L"server");
        BSTR text = send_off(rows[i].context, &id);
        CU_ASSERT_PTR_NOT_NULL_FATAL(text);
        use_example(NULL, rows[i].edition);
        IVssBackupComponents *bc = ref_new(&ref);
        HR(ref_init(bc, text, false), S_OK);
        HR(RUN(bc, ImportSnapshots), rows[i].code);
        VSS_SNAPSHOT_PROP prop;
        if (SUCCEEDED(rows[i].code)) {
            HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
            CU_ASSERT_TRUE((prop.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_IMPORTED) != 0);
            CU_ASSERT_TRUE(IsEqualGUID(&prop.m_ProviderId, &provider_array));
            CU_ASSERT_EQUAL(prop.m_lSnapshotsCount, 1);
            CU_ASSERT_TRUE(prop.m_tsCreationTimestamp > 0);
            ref.free_properties(&prop);
            /* Once only. */
            IVssBackupComponents *again = ref_new(&ref);
            HR(ref_init(again, text, false), S_OK);
            HR(RUN(again, ImportSnapshots), VSS_E_NO_SNAPSHOTS_IMPORTED);
            CU_ASSERT_EQUAL(IVssBackupComponents_Release(again), 0);
        }
        SysFreeString(text);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        /* Auto-release copies go with the object that has imported them. */
        bc = ref_new(&ref);
        HR(ref_init(bc, NULL, false), S_OK);
        const bool stays = SUCCEEDED(rows[i].code) && rows[i].context == VSS_CTX_NAS_ROLLBACK;
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop),
           stays ? S_OK : VSS_E_OBJECT_NOT_FOUND);
        if (stays) {
            LONG deleted;
            HR(delete_set(bc, prop.m_SnapshotSetId, &deleted), S_OK);
            ref.free_properties(&prop);
        }
        end(bc);
    }
    use_built_in();
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"results of a break", test_break},
        {"a break under way", test_break_pending},
        {"an import", test_import},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: transport", tests);
}
