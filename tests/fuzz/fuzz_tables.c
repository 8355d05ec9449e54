/* Tables as a whole: files one after the other, each after a line "--- path". What is taken can be
 * planned, listed, explained and counted. */
#include "../../runner/model/coverage.h"
#include "../../runner/plan/plan.h"
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "fuzz.h"

#include <ctype.h>
#include <sys/stat.h>

#define HEAD "--- "
#define FILES_MAX 32
#define PATH_MAX_HERE 64

static char folder[64];

/* A name that stays inside of the folder: two parts at most, of letters, digits, '.', '-', '_'. */
static bool is_name(const char *name)
{
    size_t parts = 1;
    for (const char *at = name; *at != '\0'; at++) {
        parts += *at == '/';
        if (!isalnum((unsigned char)*at) && strchr("-_./", *at) == NULL) {
            return false;
        }
    }
    const char *tail = strchr(name, '/');
    return parts <= 2 && name[0] != '.' && name[0] != '/' && name[0] != '\0' &&
           strlen(name) < PATH_MAX_HERE && (tail == NULL || (tail[1] != '.' && tail[1] != '\0'));
}

static void lay_one(const char *name, const char *text, size_t length)
{
    char path[256];
    const char *tail = strchr(name, '/');
    if (!is_name(name)) {
        return;
    }
    if (tail != NULL) {
        snprintf(path, sizeof path, "%s/%.*s", folder, (int)(tail - name), name);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file != NULL) { /* the name may be that of a folder */
        fwrite(text, 1, length, file);
        fclose(file);
    }
}

static void lay(char *text, size_t size)
{
    char *const end = text + size;
    for (int count = 0; count < FILES_MAX && text < end; count++) {
        char *line = memchr(text, '\n', (size_t)(end - text));
        if (line == NULL || strncmp(text, HEAD, strlen(HEAD)) != 0) {
            return;
        }
        *line = '\0';
        char *next = line + 1;
        while (next < end && strncmp(next, HEAD, strlen(HEAD)) != 0) {
            char *after = memchr(next, '\n', (size_t)(end - next));
            next = after != NULL ? after + 1 : end;
        }
        lay_one(text + strlen(HEAD), line + 1, (size_t)(next - line - 1));
        text = next;
    }
}

static void clear(const char *path)
{
    struct fs_list list;
    if (fs_list(path, &list, NULL) != CTS_OK) {
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        char below[256];
        snprintf(below, sizeof below, "%s/%s", path, list.items[i].name);
        if (list.items[i].is_dir) {
            clear(below);
        }
        remove(below);
    }
    fs_list_free(&list);
}

static void leave(void)
{
    clear(folder);
    remove(folder);
}

/* In memory where the system has such a place. */
static void make_folder(void)
{
    if (folder[0] != '\0') {
        return;
    }
    snprintf(folder, sizeof folder, "/dev/shm/vsscts-fuzz-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        snprintf(folder, sizeof folder, "/tmp/vsscts-fuzz-XXXXXX");
        FUZZ_CHECK(mkdtemp(folder) != NULL);
    }
    atexit(leave);
}

static void use(const struct tables *tables)
{
    const struct profile profile = fuzz_profile();
    const struct plan_options options = {.await_ms = 5000};
    struct cts_error err = {0};
    struct plan *plan = plan_new(tables, &profile, &options, &err);
    FUZZ_CHECK(plan != NULL || err.status != CTS_OK);
    for (size_t i = 0; plan != NULL && i < plan->count; i++) {
        json_t *program = NULL;
        if (plan->cases[i].program != NULL) {
            program = json_loads(plan->cases[i].program, JSON_REJECT_DUPLICATES, NULL);
            FUZZ_CHECK(json_is_object(program));
        }
        json_decref(program);
    }
    if (plan != NULL) {
        json_t *list = plan_list_json(plan);
        FUZZ_CHECK(json_is_array(list));
        json_decref(list);
    }
    plan_free(plan);
    for (size_t i = 0; i < tables->case_count; i++) {
        char *text = plan_explain(tables, &tables->cases[i], 80);
        FUZZ_CHECK(text != NULL);
        free(text);
    }
    cover_free(cover_new(tables, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cts_errors errs;
    char *text = fuzz_text(data, size);
    make_folder();
    clear(folder);
    lay(text, size);
    struct tables *tables = tbl_load(folder, &errs);
    FUZZ_CHECK((tables != NULL) == (errs.count == 0));
    if (tables != NULL) {
        use(tables);
    }
    tbl_free(tables);
    free(text);
    return 0;
}
