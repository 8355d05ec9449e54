#include "tbl_export.h"

#include "names.h"

#include <string.h>

/* A name for both architectures, or one for each. */
static void read_names(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                       const char *names[2])
{
    struct tbl_at value = tbl_member(at, key);
    if (!json_is_object(value.json)) {
        names[ARCH_X86_64] = names[ARCH_I686] = tbl_string(ctx, at, key, true);
    } else if (tbl_object(ctx, &value, "x86_64 i686")) {
        for (int arch = ARCH_X86_64; arch <= ARCH_I686; arch++) {
            names[arch] = tbl_string(ctx, &value, arch_name((enum arch)arch), true);
        }
    }
}

void tbl_read_export_step(struct tbl_ctx *ctx, const struct tbl_at *at, struct step *step)
{
    struct tbl_at is_at = tbl_member(at, "is"), as = tbl_member(at, "as");
    const char *is = tbl_string(ctx, at, "is", true);
    int word = is ? export_is_by_name(is) : EXPORT_PRESENT;
    read_names(ctx, at, "export", step->name);
    if (word < 0) {
        tbl_err(ctx, &is_at, "\"is\" must be present, absent or same");
        return;
    }
    step->is = (enum export_is)word;
    if (step->is == EXPORT_SAME) {
        read_names(ctx, at, "as", step->other);
    } else if (as.json) {
        tbl_err_key(ctx, &as, "only where \"is\" is same there is another name");
    }
}
