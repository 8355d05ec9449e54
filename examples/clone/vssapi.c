/* The beginning of an implementation of vssapi.dll: the functions are there and refuse what they
 * must refuse, and nothing is implemented yet. */
#define CINTERFACE
#include <windows.h>

#include <vss.h>
#include <vswriter.h>

#include <vsbackup.h>

HRESULT WINAPI my_CreateVssBackupComponents(IVssBackupComponents **out)
{
    if (out == NULL) {
        return E_INVALIDARG;
    }
    *out = NULL;
    return E_NOTIMPL;
}

HRESULT WINAPI my_IsVolumeSnapshotted(VSS_PWSZ volume, BOOL *present, LONG *capability)
{
    if (volume == NULL || present == NULL || capability == NULL) {
        return E_INVALIDARG;
    }
    *present = FALSE;
    *capability = 0;
    return E_NOTIMPL;
}

void WINAPI my_VssFreeSnapshotProperties(VSS_SNAPSHOT_PROP *prop)
{
    (void)prop; /* nothing hands one out */
}
