/* The tables of cases/ as plain structs. Loaded once, read-only afterwards; cases/FORMAT.md is the
 * contract.
 *
 * All strings and arrays are owned by struct tables (an arena) and live until tbl_free(). json_t
 * pointers are borrowed from documents that struct tables keeps. `where` of an object is its place
 * in its file, for messages. */
#ifndef VSSCTS_TABLES_H
#define VSSCTS_TABLES_H

#include "../util/cts_error.h"
#include <jansson.h>
#include <stdint.h>

enum level { LEVEL_MUST, LEVEL_SHOULD, LEVEL_MAY };
enum basis { BASIS_NONE, BASIS_DOCUMENTED, BASIS_OBSERVED, BASIS_INFERRED };
enum arch { ARCH_X86_64, ARCH_I686 };
enum param_dir { DIR_IN, DIR_OUT, DIR_INOUT };
enum param_kind {
#define X(id, name, pointer) KIND_##id,
#include "kinds.def"
#undef X
};
enum ret_kind { RET_HRESULT, RET_ULONG, RET_BOOL, RET_VOID };
enum null_rule {
    NULL_NONE, /* no pointer */
    NULL_CODE, /* null_code comes back */
    NULL_ALLOWED,
    NULL_NOT_ALLOWED,
    NULL_UNSTATED,
    NULL_OUT /* unstated, but the call hands something out there, and lists E_INVALIDARG: only in
                cases that are generated */
};
enum step_op {
#define X(id, key) STEP_##id,
#include "steps.def"
#undef X
};
enum export_is { EXPORT_PRESENT, EXPORT_ABSENT, EXPORT_SAME };
#define CAP(id, name, text) CAP_##id,
enum capability {
#include "capabilities.def"
    CAP_COUNT
};
#undef CAP
#define VALUE(id, name, text) PROFILE_##id,
enum profile_value {
#include "profile_values.def"
    PROFILE_VALUE_COUNT
};
#undef VALUE

/* Place in a file. line and column are found on demand (tbl_where), since jansson keeps none. */
struct where {
    const char *path;    /* file, relative to the folder of the tables */
    const char *pointer; /* JSON pointer inside it */
};

/* A parsed condition ("windows<6.1 and server"); text NULL = always holds. */
struct condition {
    const char *text;
};

/* What a condition is held against. */
struct claims {
    unsigned windows[3]; /* major, minor, build */
    bool server;
    enum arch arch;
};

struct string_list {
    size_t count;
    const char **items;
};

struct api_param {
    const char *name;
    enum param_dir dir;
    enum param_kind kind;
    const char *type;     /* enum or struct name, or NULL */
    const char *iface;    /* of KIND_IFACE, or NULL */
    const char *iid_from; /* parameter that holds the IID, or NULL */
    const char *count_from;
    bool zero; /* the page wants NULL in it before the call */
    enum null_rule null_rule;
    uint32_t null_code;
    const char *unchecked; /* why no case can pass NULL, or NULL */
    struct where where;    /* only where unchecked is set */
};

struct api_result {
    uint32_t code;
    struct condition when;
    const char *unchecked; /* why no case can bring it about, or NULL */
    struct where where;    /* only where unchecked is set */
};

struct api_method {
    const char *iface; /* NULL for an exported function */
    const char *name;
    int slot; /* -1 for a function, and for a member of a class that is exported */
    const char *page;
    enum ret_kind returns;
    bool starts_async;
    bool open_results;
    bool hook;
    bool reads;             /* it only tells what is: what it gives changes by other calls alone */
    struct condition since; /* of the method or its interface: where it exists at all */
    struct string_list exports[2]; /* by enum arch */
    size_t param_count;
    struct api_param *params;
    size_t result_count;
    struct api_result *results;
    size_t async_result_count;
    struct api_result *async_results;
    struct where where;
};

struct api_interface {
    const char *name;
    const char *base; /* NULL for IUnknown and for an interface without IUnknown */
    bool no_base;     /* the table says so: it is not that its base is unknown */
    unsigned unknown; /* pointers before that of its IUnknown; 0: a base says where it lies */
    const char *iid;  /* NULL where none is published */
    const char *header;
    const char *page;
    struct condition since;
    size_t method_count; /* own methods, without those of the base */
    struct api_method *methods;
    struct where where;
};

struct api_enum_value {
    const char *name;
    int64_t value;
};
struct api_enum {
    const char *name;
    size_t count;
    struct api_enum_value *values;
};
struct api_field {
    const char *name;
    enum param_kind kind; /* KIND_U16 occurs here only */
    const char *type;
    size_t offset[2]; /* by enum arch, from natural alignment */
};
struct api_struct {
    const char *name;
    size_t size[2];
    size_t field_count;
    struct api_field *fields;
};

struct state {
    const char *id, *region, *text;
    const char *unchecked; /* why no call can be made in it, or NULL */
    bool waiting;
    struct where where;
};
struct evidence {
    const char *id, *windows, *source, *strength, *text;
    struct where where;
};
struct requirement {
    const char *id;
    enum level level;
    const char *page;             /* or NULL */
    struct string_list evidence;  /* ids */
    const char *text, *unchecked; /* unchecked: the reason, or NULL */
    struct where where;
};
struct question {
    const char *id, *text;
    struct string_list pages, sides;
    struct where where;
};

/* One alternative of an expected result. */
struct expect_alt {
    struct condition when;
    size_t code_count;
    struct expect_code *codes;
};
struct expect_code {
    enum { EXPECT_CODE, EXPECT_SUCCESS, EXPECT_FAILURE, EXPECT_ANY } what;
    uint32_t code;
};
struct expect_out {
    const char *param;
    const char *field; /* of its structure, or NULL */
    size_t element;    /* of its array of structures */
    enum {
        OUT_CODE,
        OUT_NUMBER,
        OUT_BOOL,
        OUT_STRING,
        OUT_WRITTEN,
        OUT_UNTOUCHED,
        OUT_NULL,
        OUT_OBJECT,
        OUT_VARIABLE,
        OUT_BITS
    } what;
    int64_t number;     /* OUT_CODE, OUT_NUMBER, OUT_BOOL; OUT_BITS: those that are set */
    uint32_t lacks;     /* OUT_BITS: those that are not */
    const json_t *bits; /* OUT_BITS as the table has it */
    const char *string; /* OUT_STRING; OUT_VARIABLE: its name */
    bool or_next;       /* the next one is another value that the same place may have */
};
struct expect {
    size_t alt_count; /* 0: no result is expected (compare, or count/out only) */
    struct expect_alt *alts;
    size_t out_count;
    struct expect_out *outs;
    bool has_count;
    uint32_t count;
    const json_t *events;   /* of an events step: all that there must be, in order; or NULL */
    const json_t *contains; /* those that must be among them, in order; or NULL */
    enum basis basis;
    const char *page;            /* or NULL */
    struct string_list evidence; /* ids */
    const char *because;         /* or NULL */
    const char *requirement;     /* id, or NULL: all of the case */
    bool has_level;
    enum level level;
    const char *question; /* or NULL */
};

/* Whose allocations fail, one after the other: those of the thread that makes the call, while it is
 * made; or those of all others, until the operation that it begins has ended. */
enum exhaust { EXHAUST_NOT, EXHAUST_CALLER, EXHAUST_OPERATION };

struct step {
    enum step_op op;
    const char *label, *title; /* or NULL */
    const char *object; /* variable: of call, query, addref, release, await, cancel, identity;
                           thread id of thread, join; name of the writer: of writer, script,
                           reached, go, events, stop */
    const char *as;     /* new variable: of create, query; of writer, or NULL */
    const struct api_method *method; /* of create, function, call, addref, release, query, cancel */
    const char *iface;               /* of query; of identity: what the variable holds */
    json_t *args;                    /* object, or NULL; config of writer, `do` of script */
    bool by_wait;                    /* await */
    bool keep;                       /* release */
    bool different;                  /* compare */
    bool leaks;                      /* repeat: what it leaves behind is measured */
    const char *a, *b;               /* compare: variables */
    const char *name[2], *other[2];  /* export: by enum arch; other: of EXPORT_SAME, or NULL */
    enum export_is is;               /* export: what is asked of the name */
    const char *apartment;           /* thread */
    unsigned times;                  /* repeat; reached: how often */
    unsigned deadline_ms;            /* await, join, and those of a writer; 0 = default */
    bool process;                    /* writer: in a process of its own */
    const char *until;               /* writer: construct, initialize, subscribe */
    bool left;                       /* reached: and come back from it */
    const char *event;               /* of script, reached, go; or NULL */
    struct string_list of;           /* of events: those that count; none: all */
    size_t need_count;               /* in preambles, and of hooks: S_OK where none is written */
    uint32_t *need;
    struct expect *expect; /* or NULL */
    enum exhaust exhaust;
    bool after_failure; /* made only in rounds in which the exhausted step failed */
    size_t step_count;  /* thread, repeat, script */
    struct step *steps;
    struct where where;
};

struct preamble {
    const char *id, *title;
    const struct preamble *after; /* or NULL */
    const char *state;
    uint32_t needs; /* bit set of enum capability, with those inherited */
    bool exclusive; /* with that inherited */
    const char *apartment;
    size_t step_count;
    struct step *steps;
    size_t finally_count;
    struct step *finally;
    struct where where;
};

/* A case, written or expanded from a cell of a matrix. */
struct test_case {
    const char *id; /* whole: suite/… */
    const char *suite;
    const char *title;
    struct string_list requirements;
    enum level level; /* the strictest of its requirements; LEVEL_MAY for a question */
    const struct question *question; /* or NULL */
    const struct preamble *preamble; /* or NULL */
    uint32_t needs; /* with those of the preamble, fault-hooks where a hook is called,
                       writers and fixture-writer where one is started */
    struct condition when;
    struct string_list tags;
    const char *apartment; /* "mta", "sta", "none" */
    bool fresh;
    bool exclusive;
    unsigned deadline_ms;
    size_t step_count;
    struct step *steps;
    size_t finally_count;
    struct step *finally;
    const struct step *exhaust; /* the step whose allocations fail, one in each round; or NULL */
    const struct step *exhaust_until; /* with whose end that is over */
    const char *matrix;               /* id, or NULL */
    struct where where;
};

/* What a row of calls/ leaves out, with the reason. */
struct omission {
    const struct api_method *method;
    bool all;      /* the whole method */
    uint32_t code; /* else this result of it */
    const char *reason;
};

/* A cell that a matrix leaves out, with the reason. */
struct gap {
    const char *method; /* name of the last method that its call names, or NULL */
    const struct preamble *preamble;
    const char *reason;
    struct where where;
};

struct suite {
    const char *id;
    const char *title; /* of its first file */
};

/* The tables. Arrays are sorted by id (interfaces, functions, enums, structs by name). */
struct tables {
    size_t interface_count;
    struct api_interface *interfaces;
    size_t function_count;
    struct api_method *functions;
    size_t enum_count;
    struct api_enum *enums;
    size_t struct_count;
    struct api_struct *structs;
    size_t state_count;
    struct state *states;
    size_t evidence_count;
    struct evidence *evidence;
    size_t requirement_count;
    struct requirement *requirements;
    size_t question_count;
    struct question *questions;
    size_t preamble_count;
    struct preamble *preambles;
    size_t suite_count;
    struct suite *suites;
    size_t case_count;
    struct test_case *cases;
    size_t gap_count;
    struct gap *gaps; /* in the order of the files */
    size_t omission_count;
    struct omission *omissions; /* likewise */
    struct tbl_arena *arena;    /* private */
};

/* Loads and checks all tables below dir. Returns NULL where any is wrong; errs (owned by the
 * caller, set to empty first) then has every error found, with file, line and column. Free with
 * tbl_free(). */
struct tables *tbl_load(const char *dir, struct cts_errors *errs);
void tbl_free(struct tables *tables);

/* Line and column of an object, from 1; 1 and 1 where its file is not among those of tables. */
void tbl_where(const struct tables *tables, const struct where *where, int *line, int *column);

/* Look-ups; NULL where there is none. The result is owned by tables. */
const struct api_interface *tbl_interface(const struct tables *tables, const char *name);
const struct api_method *tbl_method(const struct tables *tables, const char *iface,
                                    const char *name); /* bases too */
const struct api_method *tbl_function(const struct tables *tables, const char *name);

/* Where an object of the interface has its IUnknown: how many pointers behind the address that is
 * handed out. 0 where IUnknown is the first base, -1 where there is none. */
int tbl_iunknown(const struct tables *tables, const struct api_interface *iface);
const struct api_enum *tbl_enum(const struct tables *tables, const char *name);
const struct api_struct *tbl_struct(const struct tables *tables, const char *name);
const struct state *tbl_state(const struct tables *tables, const char *id);
const struct evidence *tbl_evidence(const struct tables *tables, const char *id);
const struct requirement *tbl_requirement(const struct tables *tables, const char *id);
const struct question *tbl_question(const struct tables *tables, const char *id);
const struct preamble *tbl_preamble(const struct tables *tables, const char *id);
const struct test_case *tbl_case(const struct tables *tables, const char *id);

/* Does the condition hold for these claims? A condition that was loaded is well formed. */
bool cond_holds(const struct condition *condition, const struct claims *claims);

/* Is the text a condition by cases/FORMAT.md? */
bool cond_valid(const char *text);

/* The alternative of an expectation that counts for the claims, or NULL; and does a result fit it?
 */
const struct expect_alt *expect_alternative(const struct expect *expect,
                                            const struct claims *claims);
bool expect_alternative_fits(const struct expect_alt *alt, uint32_t hr);

/* The address of a page (learn.microsoft.com), into buf; returns buf. */
const char *page_url(const char *page, char *buf, size_t size);

/* "must" and the like; static strings. */
const char *level_name(enum level level);
const char *basis_name(enum basis basis);
const char *kind_name(enum param_kind kind);
const char *arch_name(enum arch arch);
const char *capability_name(enum capability capability);
const char *profile_value_name(enum profile_value value);

#endif
