/* The reference clone: every method and function has its test point, which fails it with its out
 * pointers cleared and without an effect. Those of components stand in pe_reference_points_parts.h.
 */
#include "pe_reference_points.h"
#include "pe_reference_points_parts.h"

static struct vsswriter_api api;
static WCHAR volume_c[] = L"C:\\";
static WCHAR volume_d[] = L"D:\\";
static const VSS_ID nobody = {0x0DD01D, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};

/* ---- functions ---- */

static void test_functions(void)
{
    void *out[1];
    BOOL present;
    bool block;
    LONG capability;
    struct vsswriter writer;
    OBJECT_FAILS("CreateVssBackupComponents", ref.create(AT(0)));
    BSTR text = SysAllocString(FULL);
    OBJECT_FAILS("CreateVssExamineWriterMetadata", examine(text, AT(0)));
    SysFreeString(text);
    FAILS("IsVolumeSnapshotted", 0, S_OK, ref.is_snapshotted(volume_c, &present, &capability));
    FAILS("ShouldBlockRevert", 0, S_OK, ref.should_block(volume_c, &block));

    HRESULT(STDMETHODCALLTYPE * create)(struct vsswriter * writer, IVssWriterImpl * *made);
    CU_ASSERT_PTR_EQUAL(api.construct(&writer), &writer);
    create = (void *)ref_export(ref.module, "CreateWriter");
    OBJECT_FAILS("CreateWriter", create(&writer, AT(0)));
    create = (void *)ref_export(ref.module, "CreateWriterEx");
    OBJECT_FAILS("CreateWriterEx", create(&writer, AT(0)));
    api.destruct(&writer);
    HR(ref_left(&ref), S_OK);
}

/* ---- writer metadata, read ---- */

static void look_at_file(IVssWMFiledesc *file)
{
    void *out[1];
    boolean recursive;
    DWORD mask;
    TEXT_FAILS("IVssWMFiledesc.GetPath", S_OK, IVssWMFiledesc_GetPath(file, AT(0)));
    TEXT_FAILS("IVssWMFiledesc.GetFilespec", S_OK, IVssWMFiledesc_GetFilespec(file, AT(0)));
    TEXT_FAILS("IVssWMFiledesc.GetAlternateLocation", S_OK,
               IVssWMFiledesc_GetAlternateLocation(file, AT(0)));
    FAILS("IVssWMFiledesc.GetRecursive", 0, S_OK, IVssWMFiledesc_GetRecursive(file, &recursive));
    FAILS("IVssWMFiledesc.GetBackupTypeMask", 0, S_OK,
          IVssWMFiledesc_GetBackupTypeMask(file, &mask));
    CU_ASSERT_EQUAL(IVssWMFiledesc_Release(file), 0);
}

static void look_at_dependency(IVssWMDependency *dependency)
{
    void *out[1];
    VSS_ID writer;
    FAILS("IVssWMDependency.GetWriterId", 0, S_OK,
          IVssWMDependency_GetWriterId(dependency, &writer));
    TEXT_FAILS("IVssWMDependency.GetLogicalPath", S_OK,
               IVssWMDependency_GetLogicalPath(dependency, AT(0)));
    TEXT_FAILS("IVssWMDependency.GetComponentName", S_OK,
               IVssWMDependency_GetComponentName(dependency, AT(0)));
    CU_ASSERT_EQUAL(IVssWMDependency_Release(dependency), 0);
}

/* The file group and the database of FULL. */
static void look_at_components(IVssWMComponent *group, IVssWMComponent *database)
{
    void *out[1];
    FAILS("IVssWMComponent.GetComponentInfo", 1, S_OK,
          IVssWMComponent_GetComponentInfo(group, AT(0)));
    FAILS("IVssWMComponent.FreeComponentInfo", 0, S_OK,
          IVssWMComponent_FreeComponentInfo(group, out[0]));
    FAILS("IVssWMComponent.GetFile", 1, S_OK, IVssWMComponent_GetFile(group, 0, AT(0)));
    look_at_file(out[0]);
    FAILS("IVssWMComponent.GetDependency", 1, S_OK, IVssWMComponent_GetDependency(group, 0, AT(0)));
    look_at_dependency(out[0]);
    OBJECT_FAILS("IVssWMComponent.GetDatabaseFile",
                 IVssWMComponent_GetDatabaseFile(database, 0, AT(0)));
    OBJECT_FAILS("IVssWMComponent.GetDatabaseLogFile",
                 IVssWMComponent_GetDatabaseLogFile(database, 0, AT(0)));
    CU_ASSERT_EQUAL(IVssWMComponent_Release(group), 0);
    CU_ASSERT_EQUAL(IVssWMComponent_Release(database), 0);
}

#define EXAMINE(version) "IVssExamineWriterMetadata" version "."

static void test_metadata_values(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    void *out[2];
    VSS_ID ids[2];
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM restore;
    boolean reboot;
    UINT counts[3];
    DWORD numbers[2];
    FAILS(EXAMINE("") "GetIdentity", 1, S_OK,
          m->lpVtbl->GetIdentity(m, &ids[0], &ids[1], AT(0), &usage, &source));
    free_texts(out, 1);
    FAILS(EXAMINE("Ex") "GetIdentityEx", 2, S_OK,
          m->lpVtbl->GetIdentityEx(m, &ids[0], &ids[1], AT(0), AT(1), &usage, &source));
    free_texts(out, 2);
    FAILS(EXAMINE("") "GetRestoreMethod", 2, S_OK,
          m->lpVtbl->GetRestoreMethod(m, &method, AT(0), AT(1), &restore, &reboot, counts));
    free_texts(out, 2);
    FAILS(EXAMINE("") "GetFileCounts", 0, S_OK,
          m->lpVtbl->GetFileCounts(m, &counts[0], &counts[1], &counts[2]));
    FAILS(EXAMINE("") "GetBackupSchema", 0, S_OK, m->lpVtbl->GetBackupSchema(m, numbers));
    FAILS(EXAMINE("Ex2") "GetVersion", 0, S_OK, m->lpVtbl->GetVersion(m, &numbers[0], &numbers[1]));
    FAILS(EXAMINE("Ex2") "GetExcludeFromSnapshotCount", 0, S_OK,
          m->lpVtbl->GetExcludeFromSnapshotCount(m, counts));
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);
    HR(ref_left(&ref), S_OK);
}

static void test_metadata_objects(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    IVssWMComponent *group;
    void *out[1];
    OBJECT_FAILS(EXAMINE("") "GetIncludeFile", m->lpVtbl->GetIncludeFile(m, 0, AT(0)));
    OBJECT_FAILS(EXAMINE("") "GetExcludeFile", m->lpVtbl->GetExcludeFile(m, 0, AT(0)));
    OBJECT_FAILS(EXAMINE("") "GetAlternateLocationMapping",
                 m->lpVtbl->GetAlternateLocationMapping(m, 0, AT(0)));
    OBJECT_FAILS(EXAMINE("Ex2") "GetExcludeFromSnapshotFile",
                 m->lpVtbl->GetExcludeFromSnapshotFile(m, 0, AT(0)));
    FAILS(EXAMINE("") "GetComponent", 1, S_OK, m->lpVtbl->GetComponent(m, 0, AT(0)));
    group = out[0];
    HR(m->lpVtbl->GetComponent(m, 1, AT(0)), S_OK);
    look_at_components(group, out[0]);
    HR(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    OBJECT_FAILS(EXAMINE("") "GetDocument", m->lpVtbl->GetDocument(m, AT(0)));
    CoUninitialize();
    /* What a failed load would have put in its place is another writer. */
    BSTR other = SysAllocString(MINIMAL);
    TEXT_FAILS(EXAMINE("") "SaveAsXML", S_OK, m->lpVtbl->SaveAsXML(m, AT(0)));
    FAILS_TWICE(EXAMINE("") "LoadFromXML", 0, m->lpVtbl->LoadFromXML(m, other), VSS_E_UNEXPECTED);
    OBJECT_FAILS(EXAMINE("") "GetComponent", m->lpVtbl->GetComponent(m, 1, AT(0)));
    HR(m->lpVtbl->LoadFromXML(m, other), S_OK);
    HR(m->lpVtbl->GetComponent(m, 0, AT(0)), VSS_E_OBJECT_NOT_FOUND);
    SysFreeString(other);
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);
    HR(ref_left(&ref), S_OK);
}

/* ---- the requester ---- */

#define KEY point_writer.id, VSS_CT_FILEGROUP, NULL, L"files"

static void begin(IVssBackupComponentsEx4 *bc)
{
    void *out[1];
    VSS_ID session;
    FAILS("InitializeForBackup", 0, S_OK, bc->lpVtbl->InitializeForBackup(bc, NULL));
    FAILS("SetContext", 0, S_OK, bc->lpVtbl->SetContext(bc, VSS_CTX_BACKUP));
    FAILS("SetBackupState", 0, S_OK,
          bc->lpVtbl->SetBackupState(bc, TRUE, FALSE, VSS_BT_FULL, TRUE));
    FAILS("EnableWriterClasses", 0, S_OK, bc->lpVtbl->EnableWriterClasses(bc, &point_writer.id, 1));
    FAILS("DisableWriterClasses", 0, S_OK, bc->lpVtbl->DisableWriterClasses(bc, &nobody, 1));
    FAILS("DisableWriterInstances", 0, S_OK, bc->lpVtbl->DisableWriterInstances(bc, &nobody, 1));
    FAILS("GetSessionId", 0, S_OK, bc->lpVtbl->GetSessionId(bc, &session));
    OPERATION_FAILS("GatherWriterMetadata", bc->lpVtbl->GatherWriterMetadata(bc, AT(0)));
}

static void add(IVssBackupComponentsEx4 *bc)
{
    void *out[1];
    UINT count;
    VSS_ID instance;
    FAILS("GetWriterMetadataCount", 0, S_OK, bc->lpVtbl->GetWriterMetadataCount(bc, &count));
    CU_ASSERT_EQUAL(count, 1);
    OBJECT_FAILS("GetWriterMetadata", bc->lpVtbl->GetWriterMetadata(bc, 0, &instance, AT(0)));
    OBJECT_FAILS("GetWriterMetadataEx", bc->lpVtbl->GetWriterMetadataEx(bc, 0, &instance, AT(0)));
    point_writer_instance = instance;
    FAILS("AddComponent", 0, S_OK, bc->lpVtbl->AddComponent(bc, instance, KEY));
    FAILS("FreeWriterMetadata", 0, S_OK, bc->lpVtbl->FreeWriterMetadata(bc));
    FAILS("SetBackupOptions", 0, S_OK, bc->lpVtbl->SetBackupOptions(bc, KEY, L"options"));
    FAILS("SetPreviousBackupStamp", 0, S_OK, bc->lpVtbl->SetPreviousBackupStamp(bc, KEY, L"stamp"));
    FAILS("GetWriterComponentsCount", 0, S_OK, bc->lpVtbl->GetWriterComponentsCount(bc, &count));
    CU_ASSERT_EQUAL(count, 1);
    FAILS("GetWriterComponents", 1, S_OK, bc->lpVtbl->GetWriterComponents(bc, 0, AT(0)));
    CU_ASSERT_EQUAL(parts_release(out[0]), 0);
}

static void make_copy(IVssBackupComponentsEx4 *bc, VSS_ID *copy)
{
    void *out[1];
    VSS_ID set;
    BOOL supported;
    FAILS("IsVolumeSupported", 0, S_OK,
          bc->lpVtbl->IsVolumeSupported(bc, GUID_NULL, volume_c, &supported));
    FAILS("StartSnapshotSet", 0, S_OK, bc->lpVtbl->StartSnapshotSet(bc, &set));
    FAILS("AddToSnapshotSet", 0, S_OK, bc->lpVtbl->AddToSnapshotSet(bc, volume_c, GUID_NULL, copy));
    OPERATION_FAILS("PrepareForBackup", bc->lpVtbl->PrepareForBackup(bc, AT(0)));
    OPERATION_FAILS("DoSnapshotSet", bc->lpVtbl->DoSnapshotSet(bc, AT(0)));
    FAILS("SetBackupSucceeded", 0, S_OK,
          bc->lpVtbl->SetBackupSucceeded(bc, point_writer_instance, KEY, TRUE));
    OPERATION_FAILS("BackupComplete", bc->lpVtbl->BackupComplete(bc, AT(0)));
}

static void ask_status(IVssBackupComponentsEx4 *bc)
{
    void *out[2];
    UINT count;
    VSS_ID ids[2];
    VSS_WRITER_STATE state;
    HRESULT codes[2];
    OPERATION_FAILS("GatherWriterStatus", bc->lpVtbl->GatherWriterStatus(bc, AT(0)));
    FAILS("GetWriterStatusCount", 0, S_OK, bc->lpVtbl->GetWriterStatusCount(bc, &count));
    TEXT_FAILS("GetWriterStatus", S_OK,
               bc->lpVtbl->GetWriterStatus(bc, 0, &ids[0], &ids[1], AT(0), &state, codes));
    FAILS("GetWriterStatusEx", 2, S_OK,
          bc->lpVtbl->GetWriterStatusEx(bc, 0, &ids[0], &ids[1], AT(0), &state, &codes[0],
                                        &codes[1], AT(1)));
    free_texts(out, 2);
    FAILS("FreeWriterStatus", 0, S_OK, bc->lpVtbl->FreeWriterStatus(bc));
}

static void look_at_enumerator(IVssEnumObject *all)
{
    void *out[1];
    VSS_OBJECT_PROP object;
    ULONG got = 9;
    FAILS_PLAINLY("IVssEnumObject.Skip", 0, S_OK, IVssEnumObject_Skip(all, 1));
    /* Still at the one behind the first, which is none. */
    FAILS_TWICE("IVssEnumObject.Reset", 0, IVssEnumObject_Reset(all), E_FAIL);
    HR(IVssEnumObject_Skip(all, 1), S_FALSE);
    HR(IVssEnumObject_Reset(all), S_OK);
    FAILS_PLAINLY("IVssEnumObject.Clone", 1, S_OK, IVssEnumObject_Clone(all, AT(0)));
    CU_ASSERT_EQUAL(IVssEnumObject_Release((IVssEnumObject *)out[0]), 0);
    FAILS_PLAINLY("IVssEnumObject.Next", 0, S_OK, IVssEnumObject_Next(all, 1, &object, &got));
    CU_ASSERT_EQUAL(got, 1);
    ref.free_properties(&object.Obj.Snap);
    CU_ASSERT_EQUAL(IVssEnumObject_Release(all), 0);
}

static void look_at_copies(IVssBackupComponentsEx4 *bc, const VSS_ID *copy)
{
    void *out[2];
    VSS_SNAPSHOT_PROP prop;
    LONG deleted;
    VSS_ID kept;
    const LONG locally = VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY;
    FAILS("GetSnapshotProperties", 0, S_OK, bc->lpVtbl->GetSnapshotProperties(bc, *copy, &prop));
    ref.free_properties(&prop);
    FAILS("Query", 1, S_OK,
          bc->lpVtbl->Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, AT(0)));
    look_at_enumerator(out[0]);
    FAILS("ExposeSnapshot", 1, VSS_E_OBJECT_NOT_FOUND,
          bc->lpVtbl->ExposeSnapshot(bc, nobody, NULL, locally, NULL, AT(0)));
    FAILS("UnexposeSnapshot", 0, VSS_E_OBJECT_NOT_FOUND, bc->lpVtbl->UnexposeSnapshot(bc, nobody));
    FAILS("BreakSnapshotSet", 0, VSS_E_OBJECT_NOT_FOUND, bc->lpVtbl->BreakSnapshotSet(bc, nobody));
    FAILS("BreakSnapshotSetEx", 1, VSS_E_OBJECT_NOT_FOUND,
          bc->lpVtbl->BreakSnapshotSetEx(bc, nobody, 0, AT(0)));
    FAILS_PLAINLY("RevertToSnapshot", 0, E_NOTIMPL,
                  bc->lpVtbl->RevertToSnapshot(bc, nobody, FALSE));
    FAILS_PLAINLY("QueryRevertStatus", 1, VSS_E_OBJECT_NOT_FOUND,
                  bc->lpVtbl->QueryRevertStatus(bc, volume_d, AT(0)));
    FAILS("GetRootAndLogicalPrefixPaths", 2, S_OK,
          bc->lpVtbl->GetRootAndLogicalPrefixPaths(bc, volume_c, AT(0), AT(1), FALSE));
    CoTaskMemFree(out[0]);
    CoTaskMemFree(out[1]);
    FAILS("DeleteSnapshots", 0, S_OK,
          bc->lpVtbl->DeleteSnapshots(bc, *copy, VSS_OBJECT_SNAPSHOT, TRUE, &deleted, &kept));
    FAILS("AbortBackup", 0, S_OK, bc->lpVtbl->AbortBackup(bc));
}

static void choose(IVssBackupComponentsEx4 *bc)
{
    void *out[1];
    FAILS("SetRestoreState", 0, S_OK, bc->lpVtbl->SetRestoreState(bc, VSS_RTYPE_OTHER));
    FAILS("SetSelectedForRestore", 0, S_OK, bc->lpVtbl->SetSelectedForRestore(bc, KEY, TRUE));
    FAILS("SetSelectedForRestoreEx", 0, S_OK,
          bc->lpVtbl->SetSelectedForRestoreEx(bc, KEY, TRUE, GUID_NULL));
    FAILS("SetRestoreOptions", 0, S_OK, bc->lpVtbl->SetRestoreOptions(bc, KEY, L"options"));
    FAILS("SetAdditionalRestores", 0, S_OK, bc->lpVtbl->SetAdditionalRestores(bc, KEY, TRUE));
    FAILS("AddAlternativeLocationMapping", 0, S_OK,
          bc->lpVtbl->AddAlternativeLocationMapping(bc, KEY, L"C:\\d", L"*", TRUE, L"D:\\d"));
    FAILS("AddNewTarget", 0, S_OK,
          bc->lpVtbl->AddNewTarget(bc, KEY, L"C:\\d", L"*", FALSE, L"D:\\d"));
    FAILS("AddRestoreSubcomponent", 0, S_OK,
          bc->lpVtbl->AddRestoreSubcomponent(bc, KEY, L"files", L"sub", FALSE));
    FAILS("SetFileRestoreStatus", 0, S_OK, bc->lpVtbl->SetFileRestoreStatus(bc, KEY, VSS_RS_ALL));
    FAILS("SetRangesFilePath", 0, S_OK, bc->lpVtbl->SetRangesFilePath(bc, KEY, 0, L"C:\\ranges"));
    FAILS("SetAuthoritativeRestore", 0, S_OK, bc->lpVtbl->SetAuthoritativeRestore(bc, KEY, TRUE));
    FAILS("SetRollForward", 0, S_OK, bc->lpVtbl->SetRollForward(bc, KEY, VSS_RF_ALL, NULL));
    FAILS("SetRestoreName", 0, S_OK, bc->lpVtbl->SetRestoreName(bc, KEY, L"other"));
}

/* Every restore program may recover, too; this machine has nobody who can. */
static void bring_back(IVssBackupComponentsEx4 *bc)
{
    void *out[1];
    HR(RUN((IVssBackupComponents *)bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    OPERATION_FAILS("PreRestore", bc->lpVtbl->PreRestore(bc, AT(0)));
    FAILS("GetWriterComponents", 1, S_OK, bc->lpVtbl->GetWriterComponents(bc, 0, AT(0)));
    look_at_parts(out[0]);
    OPERATION_FAILS("PostRestore", bc->lpVtbl->PostRestore(bc, AT(0)));
    FAILS("AddSnapshotToRecoverySet", 0, VSS_E_BAD_STATE,
          bc->lpVtbl->AddSnapshotToRecoverySet(bc, nobody, 0, volume_c));
    FAILS("RecoverSet", 1, VSS_E_BAD_STATE, bc->lpVtbl->RecoverSet(bc, 0, AT(0)));
}

/* IVssAsync, of an operation that is held until its Cancel has had an effect. */
static void look_at_operation(IVssBackupComponentsEx4 *bc)
{
    void *out[1];
    IVssAsync *async = NULL;
    HRESULT status;
    HR(ref.hold(L"GatherWriterStatus.async"), S_OK);
    HR(bc->lpVtbl->GatherWriterStatus(bc, &async), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(async);
    FAILS("IVssAsync.QueryStatus", 0, S_OK, IVssAsync_QueryStatus(async, &status, NULL));
    HR(status, VSS_S_ASYNC_PENDING);
    FAILS_TWICE("IVssAsync.Cancel", 0, IVssAsync_Cancel(async), VSS_E_UNEXPECTED);
    FAILS("IVssAsync.Wait", 0, S_OK, IVssAsync_Wait(async, 0));
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    HR(status, VSS_S_ASYNC_PENDING);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
    HR(ref.release(L"GatherWriterStatus.async"), S_OK);
}

static void test_requester(void)
{
    void *out[1];
    VSS_ID copy;
    point_writer_start(&api);
    IVssBackupComponentsEx4 *bc = (IVssBackupComponentsEx4 *)ref_new(&ref);
    begin(bc);
    add(bc);
    make_copy(bc, &copy);
    ask_status(bc);
    look_at_copies(bc, &copy);
    look_at_operation(bc);
    FAILS("SaveAsXML", 1, S_OK, bc->lpVtbl->SaveAsXML(bc, AT(0)));
    BSTR document = out[0];
    CU_ASSERT_EQUAL(IVssBackupComponentsEx4_Release(bc), 0);

    bc = (IVssBackupComponentsEx4 *)ref_new(&ref);
    FAILS("InitializeForRestore", 0, S_OK, bc->lpVtbl->InitializeForRestore(bc, document));
    choose(bc);
    bring_back(bc);
    CU_ASSERT_EQUAL(IVssBackupComponentsEx4_Release(bc), 0);

    bc = (IVssBackupComponentsEx4 *)ref_new(&ref);
    FAILS("InitializeForBackup", 0, S_OK, bc->lpVtbl->InitializeForBackup(bc, document));
    OPERATION_FAILS("ImportSnapshots", bc->lpVtbl->ImportSnapshots(bc, AT(0)));
    CU_ASSERT_EQUAL(IVssBackupComponentsEx4_Release(bc), 0);
    SysFreeString(document);
    writer_end(&point_writer);
    HR(ref_left(&ref), S_OK);
}

/* How many points there are whose names begin so, followed by a part without a dot and ".call". */
static size_t points_of(const WCHAR *begin)
{
    const size_t length = wcslen(begin);
    size_t count = 0;
    for (size_t i = 0; i < COUNT(all_points); i++) {
        const WCHAR *name = all_points[i].name;
        count +=
            wcsncmp(name, begin, length) == 0 && wcscmp(wcschr(name + length, L'.'), L".call") == 0;
    }
    return count;
}

/* Each method of the vtables has a point, less those of IUnknown and those that are left out. The
 * methods of the requester share the form of their names with the six functions. */
static void test_each_method_has_one(void)
{
#define METHODS(iface) (sizeof(iface##Vtbl) / sizeof(void *))
    CU_ASSERT_EQUAL(points_of(L""), METHODS(IVssBackupComponentsEx4) - 3 - 2 + 6);
    CU_ASSERT_EQUAL(points_of(L"IVssAsync."), METHODS(IVssAsync) - 3);
    CU_ASSERT_EQUAL(points_of(L"IVssEnumObject."), METHODS(IVssEnumObject) - 3);
    CU_ASSERT_EQUAL(points_of(L"IVssExamineWriterMetadata.") +
                        points_of(L"IVssExamineWriterMetadataEx.") +
                        points_of(L"IVssExamineWriterMetadataEx2."),
                    METHODS(IVssExamineWriterMetadataEx2) - 3);
    CU_ASSERT_EQUAL(points_of(L"IVssWMComponent."), METHODS(IVssWMComponent) - 3);
    CU_ASSERT_EQUAL(points_of(L"IVssWMFiledesc."), METHODS(IVssWMFiledesc) - 3);
    CU_ASSERT_EQUAL(points_of(L"IVssWMDependency."), METHODS(IVssWMDependency) - 3);
    CU_ASSERT_EQUAL(points_of(L"IVssWriterComponents."), METHODS(IVssWriterComponents));
    CU_ASSERT_EQUAL(points_of(L"IVssComponent.") + points_of(L"IVssComponentEx.") +
                        points_of(L"IVssComponentEx2."),
                    METHODS(IVssComponentEx2) - 3 - 1);
    CU_ASSERT_EQUAL(points_of(L"IVssCreateWriterMetadata.") +
                        points_of(L"IVssCreateWriterMetadataEx."),
                    METHODS(IVssCreateWriterMetadataEx));
}

/* The tests before have met every point that there is. */
static void test_all_were_met(void)
{
    for (size_t i = 0; i < COUNT(all_points); i++) {
        if (!all_points[i].met) {
            fprintf(stderr, "%ls was not met\n", all_points[i].name);
        }
        CU_ASSERT_TRUE(all_points[i].met);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"each method has a point", test_each_method_has_one},
        {"functions", test_functions},
        {"values of writer metadata", test_metadata_values},
        {"objects of writer metadata", test_metadata_objects},
        {"requester, writer, components", test_requester},
        {"every point was met", test_all_were_met},
        CU_TEST_INFO_NULL,
    };
    metadata_load();
    api = writer_api(ref.module);
    return cu_run("reference: a test point for every call", tests);
}
