/* For pe_reference_monkey.c: a walk through a writer's metadata, and through its components. */
#ifndef PE_REFERENCE_MONKEY_PARTS_H
#define PE_REFERENCE_MONKEY_PARTS_H

#include "pe_reference_monkey.h"

static void examine_component(struct monkey *monkey, IVssExamineWriterMetadata *metadata)
{
    IVssWMComponent *component = POISON;
    PVSSCOMPONENTINFO info = POISON;
    IVssWMFiledesc *file = POISON;
    if (!handed(
            monkey,
            IVssExamineWriterMetadata_GetComponent(metadata, roll(&monkey->dice, 3), &component),
            component)) {
        return;
    }
    if (handed(monkey, IVssWMComponent_GetComponentInfo(component, &info), info)) {
        check(monkey, IVssWMComponent_FreeComponentInfo(component, info));
    }
    if (handed(monkey, IVssWMComponent_GetFile(component, roll(&monkey->dice, 2), &file), file)) {
        BSTR path = POISON;
        free_text(monkey, IVssWMFiledesc_GetPath(file, &path), path);
        RELEASE(monkey, IVssWMFiledesc, file);
    }
    RELEASE(monkey, IVssWMComponent, component);
}

static void examine(struct monkey *monkey, IVssExamineWriterMetadata *metadata)
{
    VSS_ID instance;
    VSS_ID writer;
    BSTR text = POISON;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    UINT counts[3];
    DWORD schema;
    free_text(
        monkey,
        IVssExamineWriterMetadata_GetIdentity(metadata, &instance, &writer, &text, &usage, &source),
        text);
    check(monkey,
          IVssExamineWriterMetadata_GetFileCounts(metadata, &counts[0], &counts[1], &counts[2]));
    check(monkey, IVssExamineWriterMetadata_GetBackupSchema(metadata, &schema));
    examine_component(monkey, metadata);
    text = POISON;
    const HRESULT code = IVssExamineWriterMetadata_SaveAsXML(metadata, &text);
    if (handed(monkey, code, text)) {
        check(monkey, IVssExamineWriterMetadata_LoadFromXML(metadata, text));
        examine_component(monkey, metadata);
        SysFreeString(text);
    }
}

static void walk_component(struct monkey *monkey, IVssComponent *component)
{
    BSTR text = POISON;
    VSS_COMPONENT_TYPE type;
    boolean flag;
    UINT count;
    VSS_RESTORE_TARGET target;
    const FILETIME time = {1, 2};
    free_text(monkey, IVssComponent_GetComponentName(component, &text), text);
    text = POISON;
    free_text(monkey, IVssComponent_GetLogicalPath(component, &text), text);
    text = POISON;
    free_text(monkey, IVssComponent_GetBackupMetadata(component, &text), text);
    check(monkey, IVssComponent_GetComponentType(component, &type));
    check(monkey, IVssComponent_GetBackupSucceeded(component, &flag));
    check(monkey, IVssComponent_GetPartialFileCount(component, &count));
    check(monkey, IVssComponent_GetRestoreTarget(component, &target));
    check(monkey, IVssComponent_SetBackupMetadata(component, L"metadata"));
    check(monkey, IVssComponent_SetBackupStamp(component, L"stamp"));
    check(monkey, IVssComponent_SetRestoreTarget(component, VSS_RT_ORIGINAL));
    check(monkey, IVssComponent_AddPartialFile(component, L"C:\\x", L"y", L"0:1", NULL));
    check(monkey, IVssComponent_AddDifferencedFilesByLastModifyTime(component, L"C:\\x", L"*",
                                                                    FALSE, time));
}

static void walk_components(struct monkey *monkey, IVssWriterComponents *components)
{
    UINT count;
    VSS_ID instance;
    VSS_ID writer;
    IVssComponent *component = POISON;
    check(monkey, components->lpVtbl->GetComponentCount(components, &count));
    check(monkey, components->lpVtbl->GetWriterInfo(components, &instance, &writer));
    if (handed(monkey,
               components->lpVtbl->GetComponent(components, roll(&monkey->dice, 2), &component),
               component)) {
        walk_component(monkey, component);
        RELEASE(monkey, IVssComponent, component);
    }
}

#endif
