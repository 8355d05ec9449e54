/* The words of generated cases and requirements. */
#include "../util/str_buf.h"
#include "hresult.h"
#include "tbl_calls.h"

#include <ctype.h>
#include <string.h>

#define WORDS_MAX 2000

static const struct {
    const char *name, *rule;
} families[] = {
#define X(id, suite, name, rule, code, point, injected) {name, rule},
#include "gen_families.def"
#undef X
};

/* By family; {who} is the method, {param} the parameter, {code} the result, {state} the preamble's
 * title. The null families have one for each rule. */
static const char *const titles[] = {
    [GEN_IN_ORDER] = "{who}, called as its page wants it, gives its normal result",
    [GEN_OUT_OF_ORDER] = "{who} is refused with VSS_E_BAD_STATE: {state}",
    [GEN_NO_MEMORY] =
        "{who} gives E_OUTOFMEMORY where memory is used up, and works once there is some again",
    [GEN_UNEXPECTED] = "An unforeseen error in {who} comes out as VSS_E_UNEXPECTED, before Windows "
                       "7 as E_UNEXPECTED; "
                       "the next call works",
    [GEN_ACCESS_DENIED] = "{who} gives E_ACCESSDENIED where access is denied; the next call works",
    [GEN_BAD_DOCUMENT] =
        "{who} gives VSS_E_INVALID_XML_DOCUMENT where a document is not valid; the next call works",
    [GEN_EACH_ALLOCATION] =
        "{who} with one allocation of it after the other failing: it says so or "
        "does without, and the next call works",
};
static const char *const null_titles[][2] = {
    [NULL_CODE] =
        {"{who} refuses NULL for {param} with {code}",
         "{who} refuses NULL for {param} in a state in which it is refused anyway: {state}"},
    [NULL_ALLOWED] = {"{who} takes NULL for {param}, which is optional",
                      "{who} is refused with VSS_E_BAD_STATE, also with NULL for {param}: {state}"},
    [NULL_NOT_ALLOWED] =
        {"{who} refuses NULL for {param}, which must not be NULL",
         "{who} refuses NULL for {param} in a state in which it is refused anyway: {state}"},
    [NULL_UNSTATED] =
        {"{who} with NULL for {param}, of which its page does not speak",
         "{who} with NULL for {param} in a state in which it is refused anyway: {state}"},
    [NULL_OUT] =
        {"{who} refuses NULL for {param}, where it has something to hand out",
         "{who} refuses NULL for {param} in a state in which it is refused anyway: {state}"},
};
static const char *const texts[] = {
    [GEN_IN_ORDER] = "Called as the page wants it, {who} gives its normal result.",
    [GEN_OUT_OF_ORDER] =
        "In a state in which {who} must not be called the result is VSS_E_BAD_STATE.",
    [GEN_NO_MEMORY] = "Where memory is used up {who} gives E_OUTOFMEMORY.",
    [GEN_UNEXPECTED] = "An error in {who} that nobody foresaw gives the result that the page has "
                       "for it, which is another "
                       "on Windows before 7 and Server 2008 R2 where the page says so.",
    [GEN_ACCESS_DENIED] = "{who} gives E_ACCESSDENIED to a caller who lacks the rights for it.",
    [GEN_BAD_DOCUMENT] = "{who} gives VSS_E_INVALID_XML_DOCUMENT where a document is not valid.",
    [GEN_EACH_ALLOCATION] = "Whichever allocation of {who} fails, it gives E_OUTOFMEMORY or does "
                            "without, and the next call works.",
};
static const char *const null_texts[] = {
    [NULL_CODE] = "NULL for {param} is answered with {code}.",
    [NULL_ALLOWED] = "{param} is optional: NULL may be passed.",
    [NULL_NOT_ALLOWED] = "{param} must not be NULL.",
    [NULL_UNSTATED] = "",
    [NULL_OUT] = "{param} is where something is handed out: NULL is no valid value for it.",
};

const char *gen_family_name(enum gen_family family)
{
    return families[family].name;
}

static bool is_null_family(enum gen_family family)
{
    return family == GEN_NULL_IN_ORDER || family == GEN_NULL_OUT_OF_ORDER;
}

static void add_who(struct str_buf *buf, const struct gen_item *item)
{
    const struct api_method *method = item->row->method;
    sb_addf(buf, "%s%s%s", method->iface ? method->iface : "", method->iface ? "::" : "",
            method->name);
}

static void add_word(struct str_buf *buf, const struct gen_item *item, const char *word, size_t len)
{
    const struct tables *tables = item->row->ctx->tables;
    char code[HR_TEXT_SIZE];
    if (strncmp(word, "who", len) == 0) {
        add_who(buf, item);
    } else if (strncmp(word, "param", len) == 0) {
        sb_add(buf, item->param->name);
    } else if (strncmp(word, "code", len) == 0) {
        const char *name = hr_name(item->param->null_code);
        sb_add(buf, name ? name : hr_text(item->param->null_code, code, sizeof code));
    } else if (item->row->wrong) {
        const struct preamble *preamble = tbl_preamble(tables, item->row->wrong);
        sb_add(buf, preamble && preamble->title ? preamble->title : item->row->wrong);
    }
}

/* The text goes to the arena, the buffer is freed. */
static const char *take(const struct gen_item *item, struct str_buf *buf)
{
    struct tbl_ctx *ctx = item->row->ctx;
    const char *text = tbl_strndup(ctx->arena, sb_text(buf), strlen(sb_text(buf)));
    if (buf->failed) {
        tbl_err(ctx, item->row->at, "the names of the row are too long");
    }
    sb_free(buf);
    return text;
}

/* The text of the arena that a template becomes. */
static const char *fill(const struct gen_item *item, const char *from)
{
    struct str_buf buf;
    sb_init(&buf, WORDS_MAX);
    for (const char *p = from; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (end) {
            add_word(&buf, item, p + 1, (size_t)(end - p - 1));
            p = end + 1;
        } else {
            sb_addc(&buf, *p++);
        }
    }
    return take(item, &buf);
}

const char *gen_title(const struct gen_item *item)
{
    if (!is_null_family(item->family)) {
        return fill(item, titles[item->family]);
    }
    return fill(item, null_titles[item->param->null_rule][item->family == GEN_NULL_OUT_OF_ORDER]);
}

const char *gen_requirement_text(const struct gen_item *item)
{
    return fill(item, is_null_family(item->family) ? null_texts[item->param->null_rule]
                                                   : texts[item->family]);
}

const char *gen_requirement_id(const struct gen_item *item)
{
    const struct api_method *method = item->row->method;
    struct str_buf buf;
    sb_init(&buf, WORDS_MAX);
    sb_addf(&buf, "%s%s%s#%s%s%s", method->iface ? method->iface : "", method->iface ? "." : "",
            method->name, families[item->family].rule, item->param ? "-" : "",
            item->param ? item->param->name : "");
    return take(item, &buf);
}

/* A name of C as words of an id: "wszLogicalPath" becomes "wsz-logical-path". */
static void add_slug(struct str_buf *buf, const char *name)
{
    for (const char *p = name; *p; p++) {
        bool upper = isupper((unsigned char)*p) != 0;
        bool after_lower = p > name && !isupper((unsigned char)p[-1]) && p[-1] != '_';
        bool before_lower = p > name && p[1] && islower((unsigned char)p[1]) && p[-1] != '_';
        if ((upper && (after_lower || before_lower)) || *p == '_') {
            sb_addc(buf, '-');
        }
        if (*p != '_') {
            sb_addc(buf, (char)tolower((unsigned char)*p));
        }
    }
}

const char *gen_case_id(const struct gen_item *item)
{
    const struct api_method *method = item->row->method;
    const char *iface = method->iface;
    struct str_buf buf;
    sb_init(&buf, WORDS_MAX);
    if (iface) {
        /* Every interface of the API begins so. */
        add_slug(&buf, strncmp(iface, "IVss", 4) == 0 ? iface + 4 : iface);
        sb_addc(&buf, '-');
    }
    add_slug(&buf, method->name);
    if (item->param) {
        sb_addc(&buf, '/');
        add_slug(&buf, item->param->name);
    }
    sb_addf(&buf, "/%s", families[item->family].name);
    return take(item, &buf);
}

const char *gen_point(const struct gen_item *item, const char *point)
{
    const struct api_method *method = item->row->method;
    static const char own[] = "IVssBackupComponents";
    struct str_buf buf;
    if (strcmp(point, "alloc") == 0) {
        return point;
    }
    sb_init(&buf, WORDS_MAX);
    /* The requester object's methods go by their own names alone, whichever interface has them. */
    if (method->iface && strncmp(method->iface, own, sizeof own - 1) != 0) {
        sb_addf(&buf, "%s.", method->iface);
    }
    sb_addf(&buf, "%s.%s", method->name, point);
    return take(item, &buf);
}
