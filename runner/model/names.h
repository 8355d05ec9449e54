/* The other way round: values by their names in the tables. -1 where the name is none. */
#ifndef VSSCTS_NAMES_H
#define VSSCTS_NAMES_H

#include "tables.h"

int level_by_name(const char *name);
int basis_by_name(const char *name);
int kind_by_name(const char *name);
int arch_by_name(const char *name);
int dir_by_name(const char *name);
int returns_by_name(const char *name);
int export_is_by_name(const char *name);
int capability_by_name(const char *name);
int profile_value_by_name(const char *name);

/* The key that names a step in the tables. Static. */
const char *step_key(enum step_op op);

/* Is the C type of an `in` parameter of this kind a pointer? */
bool kind_is_pointer(enum param_kind kind);

#endif
