/* Windows: a job object for each worker. libuv's own job lets grandchildren escape. */
#ifdef _WIN32
#include "guard.h"
#include <string.h>
#include <windows.h>

const int guard_stops[GUARD_STOPS] = {SIGINT, SIGBREAK, SIGHUP};

void guard_begin(struct guard_run *run, const char *token)
{
    memset(run, 0, sizeof *run);
    run->token = token;
    uv_disable_stdio_inheritance();
}

bool guard_stop_is_ignored(const struct guard_run *run, size_t n)
{
    (void)run;
    (void)n;
    return false;
}

void guard_hold_stops(struct guard_run *run)
{
    (void)run;
}

size_t guard_end(struct guard_run *run)
{
    (void)run; /* the jobs are closed, and with them their processes */
    return 0;
}

void guard_adopt(struct guard_proc *proc, const uv_process_t *process)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    memset(&limits, 0, sizeof limits);
    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    proc->pid = process->pid;
    proc->job = CreateJobObjectW(NULL, NULL);
    /* Before Windows 8 jobs do not nest: there only the worker itself can be killed. */
    if (proc->job && (!SetInformationJobObject(proc->job, JobObjectExtendedLimitInformation,
                                               &limits, sizeof limits) ||
                      !AssignProcessToJobObject(proc->job, process->process_handle))) {
        CloseHandle(proc->job);
        proc->job = NULL;
    }
}

void guard_kill(struct guard_proc *proc)
{
    if (proc->job) {
        TerminateJobObject(proc->job, 1);
    } else if (proc->pid) {
        uv_kill(proc->pid, SIGKILL);
    }
}

void guard_release(struct guard_proc *proc)
{
    if (proc->job) {
        CloseHandle(proc->job);
    }
    memset(proc, 0, sizeof *proc);
}
#endif
