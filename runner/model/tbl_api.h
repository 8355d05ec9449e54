/* Reading the API tables. Private to the model room. */
#ifndef VSSCTS_TBL_API_H
#define VSSCTS_TBL_API_H

#include "tbl_read.h"

/* The pass over a types file: enumerations and structures, appended to the tables. */
void tbl_read_types(struct tbl_ctx *ctx, const struct tbl_at *root);

/* First pass over an interface file: the interface without its methods is appended to the tables.
 */
void tbl_declare_interface(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Second pass, once the interfaces are sorted: base and methods. */
void tbl_define_interface(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Third pass over interface and functions files: where the objects have their IUnknown. */
void tbl_check_iunknown(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Once all interfaces are defined: circles of bases, gaps between slots. */
void tbl_check_slots(struct tbl_ctx *ctx);

/* The pass over a functions file: appended to the tables. */
void tbl_read_functions(struct tbl_ctx *ctx, const struct tbl_at *root);

/* One method or function, from an object whose keys were checked. */
void tbl_read_method(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method);

/* What the page says of NULL, under a key of `at`. */
void tbl_read_null(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                   struct api_param *param);

/* The key "since" of an interface or method, as a condition; its text is NULL where every Windows
 * has it. */
struct condition tbl_since(struct tbl_ctx *ctx, const struct tbl_at *at);

/* Does the interface stand for the other: is it the same, or built on it? False for NULL. */
bool tbl_is_a(const struct tables *tables, const struct api_interface *iface, const char *other);

/* The interface with this id, or NULL. */
const struct api_interface *tbl_by_iid(const struct tables *tables, const char *iid);

#define TBL_UNKNOWN_MAX 15 /* pointers of an object before that of its IUnknown */

#define TBL_METHOD_KEYS                                                                            \
    "name page params results async_results open starts_async reads returns since"

#endif
