/* For pe_reference_points.c: a writer that declares metadata and changes its component, and what a
 * requester sees of that. Handlers run on threads of the writer while the test waits for an
 * operation. */
#ifndef PE_REFERENCE_POINTS_PARTS_H
#define PE_REFERENCE_POINTS_PARTS_H

#include "pe_reference_points.h"

static struct test_writer point_writer;
static VSS_ID point_writer_instance;

#define BUILD "IVssCreateWriterMetadata."

static inline bool STDMETHODCALLTYPE point_writer_Identify(struct vsswriter *self,
                                                           IVssCreateWriterMetadata *metadata)
{
    IVssCreateWriterMetadataEx *m = (IVssCreateWriterMetadataEx *)metadata;
    const DWORD schema = VSS_BS_DIFFERENTIAL | VSS_BS_WRITER_SUPPORTS_NEW_TARGET |
                         VSS_BS_ROLLFORWARD_RESTORE | VSS_BS_RESTORE_RENAME |
                         VSS_BS_AUTHORITATIVE_RESTORE;
    const VSS_ID other = {1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}};
    void *out[1];
    FAILS(BUILD "AddIncludeFiles", 0, S_OK,
          m->lpVtbl->AddIncludeFiles(m, L"C:\\i", L"*", FALSE, NULL));
    FAILS(BUILD "AddExcludeFiles", 0, S_OK, m->lpVtbl->AddExcludeFiles(m, L"C:\\e", L"*", FALSE));
    FAILS("IVssCreateWriterMetadataEx.AddExcludeFilesFromSnapshot", 0, S_OK,
          m->lpVtbl->AddExcludeFilesFromSnapshot(m, L"C:\\s", L"*", FALSE));
    FAILS(BUILD "AddComponent", 0, S_OK,
          m->lpVtbl->AddComponent(m, VSS_CT_FILEGROUP, NULL, L"files", NULL, NULL, 0, FALSE, TRUE,
                                  TRUE, TRUE, 0));
    HR(m->lpVtbl->AddComponent(m, VSS_CT_DATABASE, NULL, L"db", NULL, NULL, 0, FALSE, TRUE, TRUE,
                               TRUE, 0),
       S_OK);
    FAILS(BUILD "AddDatabaseFiles", 0, S_OK,
          m->lpVtbl->AddDatabaseFiles(m, NULL, L"db", L"C:\\d", L"*", 0xF0F));
    FAILS(BUILD "AddDatabaseLogFiles", 0, S_OK,
          m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"db", L"C:\\d", L"*", 0xF0F));
    FAILS(BUILD "AddFilesToFileGroup", 0, S_OK,
          m->lpVtbl->AddFilesToFileGroup(m, NULL, L"files", L"C:\\d", L"*", FALSE, NULL, 0xF0F));
    FAILS_TWICE(BUILD "SetRestoreMethod", 0,
                m->lpVtbl->SetRestoreMethod(m, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                            VSS_WRE_ALWAYS, FALSE),
                VSS_E_UNEXPECTED);
    /* It was not set, so nothing has a mapping. */
    HR(m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", FALSE, L"D:\\d"),
       VSS_E_OBJECT_NOT_FOUND);
    HR(m->lpVtbl->SetRestoreMethod(m, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL, VSS_WRE_ALWAYS,
                                   FALSE),
       S_OK);
    FAILS(BUILD "AddAlternateLocationMapping", 0, S_OK,
          m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", FALSE, L"D:\\d"));
    FAILS(BUILD "AddComponentDependency", 0, S_OK,
          m->lpVtbl->AddComponentDependency(m, NULL, L"files", other, NULL, L"x"));
    FAILS(BUILD "SetBackupSchema", 0, S_OK, m->lpVtbl->SetBackupSchema(m, schema));
    OBJECT_FAILS(BUILD "GetDocument", m->lpVtbl->GetDocument(m, AT(0)));
    FAILS(BUILD "SaveAsXML", 1, S_OK, m->lpVtbl->SaveAsXML(m, AT(0)));
    /* Each of the calls that failed has added nothing. */
    IVssExamineWriterMetadataEx2 *seen = opened(out[0]);
    UINT counts[4];
    HR(seen->lpVtbl->GetFileCounts(seen, &counts[0], &counts[1], &counts[2]), S_OK);
    HR(seen->lpVtbl->GetExcludeFromSnapshotCount(seen, &counts[3]), S_OK);
    CU_ASSERT_TRUE(counts[0] == 1 && counts[1] == 1 && counts[2] == 2 && counts[3] == 1);
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(seen), 0);
    free_texts(out, 1);
    return writer_event(self, ON_IDENTIFY, NULL);
}

#define PART(version, method) "IVssComponent" version "." method

static inline void change_in_backup(IVssComponentEx2 *c, char event)
{
    void *out[1];
    const FILETIME time = {1, 2};
    if (event == ON_POST_SNAPSHOT) {
        FAILS(PART("Ex", "SetPostSnapshotFailureMsg"), 0, S_OK,
              c->lpVtbl->SetPostSnapshotFailureMsg(c, L"m"));
        return;
    }
    FAILS(PART("", "SetBackupMetadata"), 0, S_OK, c->lpVtbl->SetBackupMetadata(c, L"m"));
    FAILS(PART("", "SetBackupStamp"), 0, S_OK, c->lpVtbl->SetBackupStamp(c, L"m"));
    FAILS(PART("", "AddPartialFile"), 0, S_OK,
          c->lpVtbl->AddPartialFile(c, L"C:\\d", L"f", L"0:8", NULL));
    FAILS(PART("", "AddDifferencedFilesByLastModifyTime"), 0, S_OK,
          c->lpVtbl->AddDifferencedFilesByLastModifyTime(c, L"C:\\d", L"*", FALSE, time));
    FAILS(PART("Ex", "SetPrepareForBackupFailureMsg"), 0, S_OK,
          c->lpVtbl->SetPrepareForBackupFailureMsg(c, L"m"));
    FAILS(PART("Ex2", "SetFailure"), 0, S_OK, c->lpVtbl->SetFailure(c, S_OK, S_OK, L"m", 0));
    HRESULT codes[2];
    DWORD reserved;
    TEXT_FAILS(PART("Ex2", "GetFailure"), S_OK,
               c->lpVtbl->GetFailure(c, &codes[0], &codes[1], AT(0), &reserved));
}

static inline void change_in_restore(IVssComponentEx2 *c, char event)
{
    void *out[1];
    if (event == ON_POST_RESTORE) {
        FAILS(PART("", "SetPostRestoreFailureMsg"), 0, S_OK,
              c->lpVtbl->SetPostRestoreFailureMsg(c, L"m"));
        return;
    }
    FAILS(PART("", "SetRestoreMetadata"), 0, S_OK, c->lpVtbl->SetRestoreMetadata(c, L"m"));
    FAILS(PART("", "SetRestoreTarget"), 0, S_OK, c->lpVtbl->SetRestoreTarget(c, VSS_RT_ALTERNATE));
    FAILS(PART("", "SetPreRestoreFailureMsg"), 0, S_OK,
          c->lpVtbl->SetPreRestoreFailureMsg(c, L"m"));
    FAILS(PART("", "AddDirectedTarget"), 0, S_OK,
          c->lpVtbl->AddDirectedTarget(c, L"C:\\d", L"f", L"0:8", L"D:\\d", L"f", L"0:8"));
}

/* What the writer does with its component in each event. */
static inline void change(struct test_writer *writer __attribute__((unused)), char event,
                          IVssWriterComponents *components)
{
    void *out[1];
    if (components == NULL || event == ON_BACKUP_COMPLETE) {
        return;
    }
    FAILS("IVssWriterComponents.GetComponent", 1, S_OK,
          components->lpVtbl->GetComponent(components, 0, AT(0)));
    IVssComponentEx2 *component = out[0];
    if (event == ON_PRE_RESTORE || event == ON_POST_RESTORE) {
        change_in_restore(component, event);
    } else {
        change_in_backup(component, event);
    }
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
}

static inline void point_writer_start(const struct vsswriter_api *api)
{
    static struct vsswriter_vtable vtable;
    writer_make(&point_writer, api, 7);
    vtable = writer_vtable;
    vtable.OnIdentify = point_writer_Identify;
    point_writer.object.vtable = &vtable;
    point_writer.look = change;
    HR(writer_initialize(&point_writer, VSS_APP_FRONT_END, 60000), S_OK);
    HR(writer_subscribe(&point_writer), S_OK);
}

/* A getter of one text, and of one value. */
#define TELLS_TEXT(version, method)                                                                \
    do {                                                                                           \
        TELLS(PART(version, #method), 1, c->lpVtbl->method(c, AT(0)));                             \
        free_texts(out, 1);                                                                        \
    } while (0)
#define TELLS_VALUE(version, method, value)                                                        \
    TELLS(PART(version, #method), 0, c->lpVtbl->method(c, &(value)))

static inline void look_at_texts(IVssComponentEx2 *c)
{
    void *out[1];
    TELLS_TEXT("", GetLogicalPath);
    TELLS_TEXT("", GetComponentName);
    TELLS_TEXT("", GetBackupMetadata);
    TELLS_TEXT("", GetRestoreMetadata);
    TELLS_TEXT("", GetPreRestoreFailureMsg);
    TELLS_TEXT("", GetPostRestoreFailureMsg);
    TELLS_TEXT("", GetBackupStamp);
    TELLS_TEXT("", GetPreviousBackupStamp);
    TELLS_TEXT("", GetBackupOptions);
    TELLS_TEXT("", GetRestoreOptions);
    TELLS_TEXT("Ex", GetPrepareForBackupFailureMsg);
    TELLS_TEXT("Ex", GetPostSnapshotFailureMsg);
    TELLS_TEXT("Ex", GetRestoreName);
}

static inline void look_at_values(IVssComponentEx2 *c)
{
    void *out[1];
    VSS_COMPONENT_TYPE type;
    VSS_RESTORE_TARGET target;
    VSS_FILE_RESTORE_STATUS status;
    VSS_ROLLFORWARD_TYPE roll;
    boolean flag;
    UINT count;
    TELLS_VALUE("", GetComponentType, type);
    TELLS_VALUE("", GetBackupSucceeded, flag);
    TELLS_VALUE("", IsSelectedForRestore, flag);
    TELLS_VALUE("", GetAdditionalRestores, flag);
    TELLS_VALUE("", GetRestoreTarget, target);
    TELLS_VALUE("", GetFileRestoreStatus, status);
    TELLS_VALUE("Ex", GetAuthoritativeRestore, flag);
    TELLS(PART("Ex", "GetRollForward"), 1, c->lpVtbl->GetRollForward(c, &roll, AT(0)));
    free_texts(out, 1);
    /* One each: the calls that failed have added nothing. */
#define TELLS_ONE(method)                                                                          \
    TELLS_VALUE("", method, count);                                                                \
    CU_ASSERT_EQUAL(count, 1)
    TELLS_ONE(GetAlternateLocationMappingCount);
    TELLS_ONE(GetPartialFileCount);
    TELLS_ONE(GetNewTargetCount);
    TELLS_ONE(GetDirectedTargetCount);
    TELLS_ONE(GetRestoreSubcomponentCount);
    TELLS_ONE(GetDifferencedFilesCount);
}

static inline void look_at_entries(IVssComponentEx2 *c)
{
    void *out[6];
    boolean repair;
    BOOL recursive;
    FILETIME time;
    OBJECT_FAILS(PART("", "GetAlternateLocationMapping"),
                 c->lpVtbl->GetAlternateLocationMapping(c, 0, AT(0)));
    OBJECT_FAILS(PART("", "GetNewTarget"), c->lpVtbl->GetNewTarget(c, 0, AT(0)));
    FAILS(PART("", "GetPartialFile"), 4, S_OK,
          c->lpVtbl->GetPartialFile(c, 0, AT(0), AT(1), AT(2), AT(3)));
    free_texts(out, 4);
    FAILS(PART("", "GetDirectedTarget"), 6, S_OK,
          c->lpVtbl->GetDirectedTarget(c, 0, AT(0), AT(1), AT(2), AT(3), AT(4), AT(5)));
    free_texts(out, 6);
    FAILS(PART("", "GetRestoreSubcomponent"), 2, S_OK,
          c->lpVtbl->GetRestoreSubcomponent(c, 0, AT(0), AT(1), &repair));
    free_texts(out, 2);
    FAILS(PART("", "GetDifferencedFile"), 3, S_OK,
          c->lpVtbl->GetDifferencedFile(c, 0, AT(0), AT(1), &recursive, AT(2), &time));
    free_texts(out, 3);
}

/* What the requester is told of the component after PreRestore. Lets go of the parts. */
static inline void look_at_parts(IVssWriterComponentsExt *parts)
{
    void *out[1];
    UINT count;
    VSS_ID ids[2];
    FAILS("IVssWriterComponents.GetComponentCount", 0, S_OK,
          parts->lpVtbl->GetComponentCount(parts, &count));
    FAILS("IVssWriterComponents.GetWriterInfo", 0, S_OK,
          parts->lpVtbl->GetWriterInfo(parts, &ids[0], &ids[1]));
    FAILS("IVssWriterComponents.GetComponent", 1, S_OK,
          parts->lpVtbl->GetComponent(parts, 0, AT(0)));
    IVssComponentEx2 *component = out[0];
    look_at_texts(component);
    look_at_values(component);
    look_at_entries(component);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
    CU_ASSERT_EQUAL(parts_release(parts), 0);
}

#endif
