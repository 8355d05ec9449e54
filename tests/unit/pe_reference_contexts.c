/* The reference clone: contexts and their attributes, version by version and edition by edition,
 * and what a context makes of copies. */
#include "pe_reference_machine.h"

#define ATTR(name) VSS_VOLSNAP_ATTR_##name

static void test_values(void)
{
    static const struct {
        const WCHAR *windows, *edition;
        LONG context;
        HRESULT code;
    } rows[] = {
        /* XP knows no contexts. */
        {L"5.1", L"client", VSS_CTX_BACKUP, E_NOTIMPL},
        {L"5.1", L"client", (LONG)VSS_CTX_ALL, E_NOTIMPL},
        {L"5.1", L"client", 0x100, E_NOTIMPL},
        {L"5.2", L"server", VSS_CTX_BACKUP, S_OK},
        {L"5.2", L"server", VSS_CTX_FILE_SHARE_BACKUP, S_OK},
        {L"5.2", L"server", VSS_CTX_NAS_ROLLBACK, S_OK},
        {L"5.2", L"server", VSS_CTX_APP_ROLLBACK, S_OK},
        {L"5.2", L"server", VSS_CTX_CLIENT_ACCESSIBLE, S_OK},
        {L"5.2", L"server", VSS_CTX_CLIENT_ACCESSIBLE_WRITERS, E_INVALIDARG},
        {L"6.0", L"server", VSS_CTX_CLIENT_ACCESSIBLE_WRITERS, S_OK},
        {L"5.2", L"server", (LONG)VSS_CTX_ALL, S_OK},
        /* Attributes have come one after the other. */
        {L"5.2", L"server", VSS_CTX_BACKUP | ATTR(DIFFERENTIAL), S_OK},
        {L"5.2", L"server", VSS_CTX_BACKUP | ATTR(PLEX), S_OK},
        {L"5.2", L"server", VSS_CTX_BACKUP | ATTR(ROLLBACK_RECOVERY), S_OK},
        {L"5.2", L"server", VSS_CTX_BACKUP | ATTR(TRANSPORTABLE), S_OK},
        {L"5.2", L"server", VSS_CTX_BACKUP | ATTR(NO_AUTORECOVERY), E_INVALIDARG},
        {L"5.2", L"server", VSS_CTX_BACKUP | ATTR(NOT_TRANSACTED), E_INVALIDARG},
        {L"6.0", L"client", VSS_CTX_BACKUP | ATTR(NO_AUTORECOVERY), S_OK},
        {L"6.0", L"client", VSS_CTX_BACKUP | ATTR(NOT_TRANSACTED), S_OK},
        {L"6.0.6000", L"client", VSS_CTX_BACKUP | ATTR(TXF_RECOVERY), E_INVALIDARG},
        {L"6.0.6001", L"client", VSS_CTX_BACKUP | ATTR(TXF_RECOVERY), S_OK},
        {L"6.0", L"client", VSS_CTX_BACKUP | ATTR(TXF_RECOVERY), S_OK},
        /* Client editions transport nothing (FE092). */
        {L"6.1", L"client", VSS_CTX_BACKUP | ATTR(TRANSPORTABLE), VSS_E_UNSUPPORTED_CONTEXT},
        {L"10.0.22631", L"client", VSS_CTX_APP_ROLLBACK | ATTR(TRANSPORTABLE),
         VSS_E_UNSUPPORTED_CONTEXT},
        {L"10.0.20348", L"server", VSS_CTX_APP_ROLLBACK | ATTR(TRANSPORTABLE), S_OK},
        /* One way of copying, and none with client-accessible copies. */
        {L"10.0", L"server", VSS_CTX_BACKUP | ATTR(DIFFERENTIAL) | ATTR(PLEX), E_INVALIDARG},
        {L"10.0", L"server", VSS_CTX_CLIENT_ACCESSIBLE | ATTR(DIFFERENTIAL), E_INVALIDARG},
        {L"10.0", L"server", VSS_CTX_CLIENT_ACCESSIBLE | ATTR(TRANSPORTABLE), E_INVALIDARG},
        {L"10.0", L"server", VSS_CTX_CLIENT_ACCESSIBLE | ATTR(NO_AUTORECOVERY), E_INVALIDARG},
        {L"10.0", L"server", VSS_CTX_CLIENT_ACCESSIBLE_WRITERS | ATTR(DIFFERENTIAL), S_OK},
        /* What the system sets by itself. */
        {L"10.0", L"server", ATTR(PERSISTENT), E_INVALIDARG},
        {L"10.0", L"server", ATTR(CLIENT_ACCESSIBLE), E_INVALIDARG},
        {L"10.0", L"server", ATTR(NO_AUTO_RELEASE), E_INVALIDARG},
        {L"10.0", L"server", ATTR(NOT_SURFACED), E_INVALIDARG},
        {L"10.0", L"server", ATTR(HARDWARE_ASSISTED), E_INVALIDARG},
        {L"10.0", L"server", ATTR(IMPORTED), E_INVALIDARG},
        {L"10.0", L"server", ATTR(EXPOSED_LOCALLY), E_INVALIDARG},
        {L"10.0", L"server", ATTR(EXPOSED_REMOTELY), E_INVALIDARG},
        {L"10.0", L"server", ATTR(AUTORECOVER), E_INVALIDARG},
        {L"10.0", L"server", ATTR(DELAYED_POSTSNAPSHOT), E_INVALIDARG},
        {L"10.0", L"server", ATTR(FILE_SHARE), E_INVALIDARG},
        {L"10.0", L"server", 0x100, E_INVALIDARG},
        {L"10.0", L"server", 0x8000, E_INVALIDARG},
        {L"10.0", L"server", (LONG)0x80000000, E_INVALIDARG},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_variable(L"VSSREF_WINDOWS", rows[i].windows);
        set_variable(L"VSSREF_EDITION", rows[i].edition);
        IVssBackupComponents *bc = ref_new(&ref);
        HR(ref_init(bc, NULL, false), S_OK);
        const HRESULT code = IVssBackupComponents_SetContext(bc, rows[i].context);
        if (code != rows[i].code) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].code);
        end(bc);
    }
    use_built_in();
}

static unsigned count_found(IVssBackupComponents *bc)
{
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP object;
    unsigned count = 0;
    const HRESULT code =
        IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    while (IVssEnumObject_Next(found, 1, &object, NULL) == S_OK) {
        CU_ASSERT_EQUAL(object.Obj.Snap.m_eStatus, VSS_SS_CREATED);
        ref.free_properties(&object.Obj.Snap);
        count++;
    }
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    HR(code, count > 0 ? S_OK : S_FALSE);
    return count;
}

/* A query finds the copies of its own context, and VSS_CTX_ALL all of them. */
static void test_query(void)
{
    static const LONG contexts[] = {
        VSS_CTX_BACKUP,       VSS_CTX_FILE_SHARE_BACKUP, VSS_CTX_NAS_ROLLBACK,
        VSS_CTX_APP_ROLLBACK, VSS_CTX_CLIENT_ACCESSIBLE, VSS_CTX_CLIENT_ACCESSIBLE_WRITERS};
    static const LONG made_in[] = {VSS_CTX_FILE_SHARE_BACKUP, VSS_CTX_NAS_ROLLBACK,
                                   VSS_CTX_CLIENT_ACCESSIBLE};
    IVssBackupComponents *makers[COUNT(made_in)];
    VSS_ID sets[COUNT(made_in)];
    VSS_ID id;
    for (size_t i = 0; i < COUNT(made_in); i++) {
        makers[i] = new_with(made_in[i]);
        HR(make(makers[i], L"C:\\", &sets[i], &id), VSS_S_ASYNC_FINISHED);
    }
    for (size_t i = 0; i < COUNT(contexts); i++) {
        IVssBackupComponents *bc = new_with(contexts[i]);
        unsigned wanted = 0;
        for (size_t j = 0; j < COUNT(made_in); j++) {
            wanted += made_in[j] == contexts[i];
        }
        CU_ASSERT_EQUAL(count_found(bc), wanted);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    }
    IVssBackupComponents *bc = new_with((LONG)VSS_CTX_ALL);
    CU_ASSERT_EQUAL(count_found(bc), COUNT(made_in));
    for (size_t i = 0; i < COUNT(made_in); i++) {
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(makers[i]), 0);
    }
    CU_ASSERT_EQUAL(count_found(bc), 2); /* the persistent ones */
    LONG deleted;
    HR(delete_set(bc, sets[0], &deleted), VSS_E_OBJECT_NOT_FOUND);
    for (size_t i = 1; i < COUNT(made_in); i++) {
        HR(delete_set(bc, sets[i], &deleted), S_OK);
        CU_ASSERT_EQUAL(deleted, 1);
    }
    CU_ASSERT_EQUAL(count_found(bc), 0);
    end(bc);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"values by version and edition", test_values},
        {"Query by context", test_query},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: contexts", tests);
}
