/* The fold over a log that is as an engine writes it: executions are judged side by side. Private
 * to the judge. */
#ifndef VSSCTS_FOLD_QUICK_H
#define VSSCTS_FOLD_QUICK_H

#include "judge_fold.h"

/* Reads a log whose lookup the fold has. False: something is wrong with the log, or there was no
 * memory; what it was is for the slow way to say, after fold_forget(). */
bool fold_log_quick(struct fold *fold, const char *path);

#endif
