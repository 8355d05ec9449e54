/* The heat map's data: which cases of a run are about a method in a state. */
#ifndef VSSCTS_HTML_CELLS_H
#define VSSCTS_HTML_CELLS_H

#include "html_page.h"
#include "report.h"

/* {"states": [[id, text], …], "methods": [name, …], "cells": [[method, state, what], …]}: what is
 * an array of numbers of cases, in the order of the run, or a text, why no case can be about the
 * cell. A cell of which the run selected no case is not there. null where there is no cell with a
 * case: the run has none of those suites. A new reference; NULL: no memory. */
json_t *html_cells(const struct report *report);

#endif
