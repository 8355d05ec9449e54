/* A requester as one is written in C++, with MinGW-w64's headers and import library as they are: a
 * backup of two writers of another process, and a restore from the document that it saved. The
 * program starts itself as that process: "writers READY GO" with two names of events. */
#include <windows.h>

#include <objbase.h>
#include <oleauto.h>

#include <vss.h>
#include <vswriter.h>

#include <vsbackup.h>

#include "requester_test.h"
#include "requester_writers.h"
#include <string>

/* IVssWriterComponentsExt as it is: the header lacks its second base (FE109, FE110). */
struct WriterComponentsExt : IVssWriterComponents, IUnknown {
};

template <class Interface> class Pointer
{
    Interface *object = nullptr;

  public:
    Pointer() = default;
    Pointer(const Pointer &) = delete;
    Pointer &operator=(const Pointer &) = delete;
    ~Pointer()
    {
        if (object != nullptr) {
            object->Release();
        }
    }
    Interface **operator&()
    {
        return &object;
    }
    Interface *operator->()
    {
        return object;
    }
    bool operator!() const
    {
        return object == nullptr;
    }
};

class String
{
    BSTR text = nullptr;

  public:
    String() = default;
    String(const String &) = delete;
    String &operator=(const String &) = delete;
    ~String()
    {
        SysFreeString(text);
    }
    BSTR *operator&()
    {
        return &text;
    }
    bool is(const WCHAR *other) const
    {
        return std::wstring(text != nullptr ? text : L"") == (other != nullptr ? other : L"");
    }
    BSTR get() const
    {
        return text;
    }
};

#define OK(call) EQUAL(call, S_OK)

static const requester_writer *writer_with(const VSS_ID &id)
{
    for (const requester_writer &writer : requester_writers) {
        if (IsEqualGUID(writer.id, id)) {
            return &writer;
        }
    }
    return nullptr;
}

template <class Starter> static void finish(IVssBackupComponents *backup, Starter starter)
{
    Pointer<IVssAsync> async;
    HRESULT status = E_FAIL;
    OK((backup->*starter)(&async));
    if (!async) {
        return;
    }
    OK(async->Wait());
    OK(async->QueryStatus(&status, nullptr));
    EQUAL(status, VSS_S_ASYNC_FINISHED);
}
#define FINISH(backup, method) finish(backup, &IVssBackupComponents::method)

/* Reads all that a writer says of its component. */
static void read_component(IVssWMComponent *component, const requester_writer &writer)
{
    PVSSCOMPONENTINFO info = nullptr;
    Pointer<IVssWMFiledesc> file;
    String path, filespec, alternate;
    boolean recursive = TRUE;
    DWORD mask = 0;
    OK(component->GetComponentInfo(&info));
    const bool database = writer.component_type == VSS_CT_DATABASE;
    EQUAL(info->type, writer.component_type);
    EQUAL(std::wstring(info->bstrComponentName) == writer.component, true);
    EQUAL(info->bstrLogicalPath != nullptr && *info->bstrLogicalPath != L'\0',
          writer.logical_path != nullptr);
    EQUAL(std::wstring(info->bstrCaption) == L"Caption", true);
    EQUAL(info->bNotifyOnBackupComplete, TRUE);
    EQUAL(info->bSelectable, TRUE);
    EQUAL(info->bSelectableForRestore, TRUE);
    EQUAL(info->cFileCount, database ? 0 : 1);
    EQUAL(info->cDatabases, database ? 1 : 0);
    EQUAL(info->cLogFiles, 0);
    EQUAL(info->cDependencies, 0);
    OK(component->FreeComponentInfo(info));
    OK(database ? component->GetDatabaseFile(0, &file) : component->GetFile(0, &file));
    OK(file->GetPath(&path));
    OK(file->GetFilespec(&filespec));
    const HRESULT said = file->GetRecursive(&recursive); /* S_FALSE: it was not set (FE042) */
    EQUAL(said == S_OK || (database && said == S_FALSE), true);
    EQUAL(file->GetAlternateLocation(&alternate), S_FALSE);
    OK(file->GetBackupTypeMask(&mask));
    EQUAL(path.is(writer.path), true);
    EQUAL(filespec.is(writer.filespec), true);
    EQUAL(mask, VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED);
}

/* Reads all of a writer's metadata, and adds its component. */
static void read_writer(IVssBackupComponents *backup, UINT number, bool add)
{
    Pointer<IVssExamineWriterMetadata> metadata;
    Pointer<IVssWMFiledesc> excluded;
    Pointer<IVssWMComponent> component;
    VSS_ID instance, same, id;
    String name, service, procedure, xml;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM restore;
    boolean reboot = TRUE;
    UINT includes = 9, excludes = 9, components = 9, mappings = 9;
    OK(backup->GetWriterMetadata(number, &instance, &metadata));
    OK(metadata->GetIdentity(&same, &id, &name, &usage, &source));
    const requester_writer *writer = writer_with(id);
    CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
    EQUAL(IsEqualGUID(instance, same), true);
    EQUAL(name.is(writer->name), true);
    EQUAL(usage, VSS_UT_USERDATA);
    EQUAL(source, VSS_ST_TRANSACTEDDB);
    OK(metadata->GetFileCounts(&includes, &excludes, &components));
    EQUAL(includes, 0);
    EQUAL(excludes, 1);
    EQUAL(components, 1);
    OK(metadata->GetExcludeFile(0, &excluded));
    OK(metadata->GetRestoreMethod(&method, &service, &procedure, &restore, &reboot, &mappings));
    EQUAL(method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    EQUAL(restore, VSS_WRE_ALWAYS);
    EQUAL(reboot, FALSE);
    EQUAL(mappings, 0);
    OK(metadata->SaveAsXML(&xml));
    OK(metadata->GetComponent(0, &component));
    read_component(component.operator->(), *writer);
    if (add) {
        OK(backup->AddComponent(instance, id, VSS_COMPONENT_TYPE(writer->component_type),
                                writer->logical_path, writer->component));
    }
}

static void read_writers(IVssBackupComponents *backup, bool add)
{
    UINT count = 0;
    FINISH(backup, GatherWriterMetadata);
    OK(backup->GetWriterMetadataCount(&count));
    EQUAL(count, REQUESTER_WRITERS);
    for (UINT i = 0; i < count; i++) {
        read_writer(backup, i, add);
    }
    OK(backup->FreeWriterMetadata());
}

static void check_states(IVssBackupComponents *backup, VSS_WRITER_STATE wanted)
{
    UINT count = 0;
    FINISH(backup, GatherWriterStatus);
    OK(backup->GetWriterStatusCount(&count));
    EQUAL(count, REQUESTER_WRITERS);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance, id;
        String name;
        VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
        HRESULT failure = E_FAIL;
        OK(backup->GetWriterStatus(i, &instance, &id, &name, &state, &failure));
        EQUAL(writer_with(id) != nullptr && name.is(writer_with(id)->name), true);
        EQUAL(state, wanted);
        OK(failure);
    }
    OK(backup->FreeWriterStatus());
}

/* Calls use(instance, writer, component) for each component of the document. */
template <class Use> static void each_component(IVssBackupComponents *backup, Use use)
{
    UINT count = 0;
    OK(backup->GetWriterComponentsCount(&count));
    EQUAL(count, REQUESTER_WRITERS);
    for (UINT i = 0; i < count; i++) {
        IVssWriterComponentsExt *given = nullptr;
        VSS_ID instance, id;
        UINT components = 0;
        OK(backup->GetWriterComponents(i, &given));
        auto *parts = reinterpret_cast<WriterComponentsExt *>(given);
        {
            Pointer<IVssComponent> component;
            String name, path;
            VSS_COMPONENT_TYPE type;
            OK(parts->GetWriterInfo(&instance, &id));
            OK(parts->GetComponentCount(&components));
            EQUAL(components, 1);
            OK(parts->GetComponent(0, &component));
            OK(component->GetComponentName(&name));
            const HRESULT code = component->GetLogicalPath(&path);
            OK(component->GetComponentType(&type));
            const requester_writer *writer = writer_with(id);
            CU_ASSERT_PTR_NOT_NULL_FATAL(writer);
            EQUAL(code, writer->logical_path != nullptr ? S_OK : S_FALSE);
            EQUAL(name.is(writer->component) && path.is(writer->logical_path), true);
            EQUAL(type, writer->component_type);
            use(instance, *writer, component.operator->());
        }
        IUnknown *unknown = nullptr;
        OK(parts->QueryInterface(IID_IUnknown, reinterpret_cast<void **>(&unknown)));
        unknown->Release();
        EQUAL(parts->Release(), 0);
    }
}

static void check_copy(IVssBackupComponents *backup, const VSS_ID &set, const VSS_ID &copy,
                       const WCHAR *volume)
{
    VSS_SNAPSHOT_PROP prop;
    OK(backup->GetSnapshotProperties(copy, &prop));
    EQUAL(IsEqualGUID(prop.m_SnapshotId, copy), true);
    EQUAL(IsEqualGUID(prop.m_SnapshotSetId, set), true);
    EQUAL(prop.m_lSnapshotsCount, 2);
    EQUAL(prop.m_eStatus, VSS_SS_CREATED);
    EQUAL(std::wstring(prop.m_pwszOriginalVolumeName) == volume, true);
    EQUAL(prop.m_pwszSnapshotDeviceObject != nullptr, true);
    VssFreeSnapshotProperties(&prop);
}

static BSTR document;

static void test_backup(void)
{
    IVssBackupComponents *backup = nullptr;
    VSS_ID set, copy_c, copy_d;
    WCHAR volume_c[] = L"C:\\", volume_d[] = VOLUME_D;
    BOOL supported = FALSE;
    OK(CreateVssBackupComponents(&backup));
    OK(backup->InitializeForBackup());
    OK(backup->SetContext(VSS_CTX_BACKUP));
    OK(backup->SetBackupState(true, false, VSS_BT_FULL, false));
    read_writers(backup, true);
    OK(backup->IsVolumeSupported(GUID_NULL, volume_c, &supported));
    EQUAL(supported, TRUE);
    OK(backup->StartSnapshotSet(&set));
    OK(backup->AddToSnapshotSet(volume_c, GUID_NULL, &copy_c));
    OK(backup->AddToSnapshotSet(volume_d, GUID_NULL, &copy_d));
    FINISH(backup, PrepareForBackup);
    check_states(backup, VSS_WS_STABLE);
    FINISH(backup, DoSnapshotSet);
    check_states(backup, VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    check_copy(backup, set, copy_c, VOLUME_C);
    check_copy(backup, set, copy_d, VOLUME_D);
    each_component(backup, [backup](const VSS_ID &instance, const requester_writer &writer,
                                    IVssComponent *component) {
        String metadata;
        OK(component->GetBackupMetadata(&metadata));
        EQUAL(metadata.is(writer.metadata), true);
        OK(backup->SetBackupSucceeded(instance, writer.id,
                                      VSS_COMPONENT_TYPE(writer.component_type),
                                      writer.logical_path, writer.component, true));
    });
    FINISH(backup, BackupComplete);
    check_states(backup, VSS_WS_STABLE);
    OK(backup->SaveAsXML(&document));
    EQUAL(backup->Release(), 0);
}

static void test_restore(void)
{
    IVssBackupComponents *restore = nullptr;
    OK(CreateVssBackupComponents(&restore));
    OK(restore->InitializeForRestore(document));
    OK(restore->SetRestoreState(VSS_RTYPE_BY_COPY));
    read_writers(restore, false);
    each_component(restore, [restore](const VSS_ID &, const requester_writer &writer,
                                      IVssComponent *component) {
        boolean succeeded = FALSE;
        String metadata;
        OK(component->GetBackupSucceeded(&succeeded));
        EQUAL(succeeded, TRUE);
        OK(component->GetBackupMetadata(&metadata));
        EQUAL(metadata.is(writer.metadata), true);
        OK(restore->SetSelectedForRestore(writer.id, VSS_COMPONENT_TYPE(writer.component_type),
                                          writer.logical_path, writer.component, true));
    });
    FINISH(restore, PreRestore);
    check_states(restore, VSS_WS_STABLE);
    for (const requester_writer &writer : requester_writers) {
        OK(restore->SetFileRestoreStatus(writer.id, VSS_COMPONENT_TYPE(writer.component_type),
                                         writer.logical_path, writer.component, VSS_RS_ALL));
    }
    FINISH(restore, PostRestore);
    check_states(restore, VSS_WS_STABLE);
    EQUAL(restore->Release(), 0);
    SysFreeString(document);
    document = nullptr;
}

static PROCESS_INFORMATION writers;
static HANDLE ready, go;

static int start_writers(const char *program)
{
    const std::string number = std::to_string(GetCurrentProcessId());
    const std::string names[] = {"requester-ready-" + number, "requester-go-" + number};
    std::string line = std::string("\"") + program + "\" writers " + names[0] + " " + names[1];
    STARTUPINFOA startup = {};
    startup.cb = sizeof(startup);
    ready = CreateEventA(nullptr, TRUE, FALSE, names[0].c_str());
    go = CreateEventA(nullptr, TRUE, FALSE, names[1].c_str());
    if (!CreateProcessA(program, &line[0], nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup,
                        &writers)) {
        return EXIT_FAILURE;
    }
    const HANDLE either[] = {ready, writers.hProcess};
    return WaitForMultipleObjects(2, either, FALSE, DEADLINE_MS) == WAIT_OBJECT_0 ? EXIT_SUCCESS
                                                                                  : EXIT_FAILURE;
}

/* What the writers saw, they have judged themselves. */
static void test_writers(void)
{
    DWORD status = EXIT_FAILURE;
    SetEvent(go);
    EQUAL(WaitForSingleObject(writers.hProcess, DEADLINE_MS), WAIT_OBJECT_0);
    GetExitCodeProcess(writers.hProcess, &status);
    EQUAL(status, EXIT_SUCCESS);
}

int main(int count, char **arguments)
{
    char names[][40] = {"a backup of two writers", "a restore from its document",
                        "the writers saw all of it"};
    CU_TestInfo tests[] = {
        {names[0], test_backup},
        {names[1], test_restore},
        {names[2], test_writers},
        CU_TEST_INFO_NULL,
    };
    char program[MAX_PATH];
    SetUnhandledExceptionFilter(requester_crashed);
    requester_export("VssTestReset");
    if (count == 4) {
        return requester_serve(arguments[2], arguments[3]);
    }
    GetModuleFileNameA(nullptr, program, sizeof(program));
    if (FAILED(CoInitializeEx(nullptr, COINIT_MULTITHREADED)) ||
        start_writers(program) != EXIT_SUCCESS) {
        fprintf(stderr, "the writers do not start\n");
        return EXIT_FAILURE;
    }
    char name[] = "requester in C++";
    const int status = cu_run(name, tests);
    if (WaitForSingleObject(writers.hProcess, 0) != WAIT_OBJECT_0) {
        TerminateProcess(writers.hProcess, EXIT_FAILURE);
    }
    return status;
}
