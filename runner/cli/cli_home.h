/* The home folder, and what --iut names. */
#ifndef VSSCTS_CLI_HOME_H
#define VSSCTS_CLI_HOME_H

#include "../model/profile.h"

/* The home folder: `option` where it is given, else $VSSCTS_HOME, share/vsscts beside the folder of
 * the program, the folder of the program; the last two only where they hold a folder `cases`. The
 * caller frees it with free(). NULL with CTS_USAGE or CTS_NOMEM in err. */
char *home_find(const char *option, struct cts_error *err);

/* The profile that --iut names: a file *.json, a name in profiles/ of home, or else a DLL. home may
 * be NULL. arch is a value of --arch; 0: that of the DLL, or x86_64 for a profile. CTS_USAGE where
 * it is none of these (with the nearest profile), CTS_BAD_FILE, CTS_IUT. Free with profile_free().
 */
struct profile *home_profile(const char *home, const char *iut, unsigned arch,
                             struct cts_error *err);

/* The profile file of a name, where there is one: caller frees; NULL otherwise. */
char *home_profile_path(const char *home, const char *name);

#endif
