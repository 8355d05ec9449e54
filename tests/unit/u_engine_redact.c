/* Names that do not leave the machine. */
#include "../../runner/engine/redact.h"
#include "cu_run.h"

#include <string.h>

static const struct redact jane = {"C:\\Users\\Jane", "Jane", "WS-7"};

static char *text_of(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    json_decref(value);
    return text;
}

static void test_texts(void)
{
    static const struct {
        const char *text, *redacted;
    } rows[] = {
        {"C:\\Users\\Jane\\clone\\vssapi.dll", "{home}\\clone\\vssapi.dll"},
        {"c:/users/jane/x and C:\\USERS\\JANE", "{home}/x and {home}"},
        {"\\\\?\\C:\\Users\\Jane\\x", "\\\\?\\{home}\\x"},
        {"C:\\Users\\Janet\\x", "C:\\Users\\Janet\\x"},
        {"xC:\\Users\\Jane\\x", "xC:\\Users\\{user}\\x"},
        {"D:\\profiles\\jane\\x", "D:\\profiles\\{user}\\x"},
        {"LAB\\jane", "LAB\\{user}"},
        {"Jane", "{user}"},
        {"jane, a word", "jane, a word"},
        {"GLOBALJANE\\Device", "GLOBALJANE\\Device"},
        {"\\jane_2\\", "\\jane_2\\"},
        {"WS-7", "{machine}"},
        {"\\\\ws-7\\share on ws-7.example.org", "\\\\{machine}\\share on {machine}.example.org"},
        {"WS-77 XWS-7 WS-7-2 aws-7", "WS-77 XWS-7 WS-7-2 aws-7"},
        {"ws-7\\jane at C:\\Users\\Jane\\ws-7", "{machine}\\{user} at {home}\\{machine}"},
        {"{home}", "{home}"},
        {"", ""},
        {"\xC3\xA9WS-7 WS-7\xC3\xA9", "\xC3\xA9WS-7 WS-7\xC3\xA9"}, /* letters of other scripts */
        {"\x1B[2J C:\\Users\\Jane", "\x1B[2J {home}"},
        {"\\\\\\\\\\\\", "\\\\\\\\\\\\"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *value = json_string(rows[i].text);
        json_t *made = redact_value(&jane, value);
        CU_ASSERT_STRING_EQUAL(json_string_value(made), rows[i].redacted);
        CU_ASSERT_EQUAL(made == value, strcmp(rows[i].text, rows[i].redacted) == 0);
        json_decref(made);
        json_decref(value);
    }
}

/* Every text of a value, and no key; the value itself where there is nothing to replace. */
static void test_values(void)
{
    json_t *value = json_pack("{s:s, s:[s, i, {s:s}], s:n}", "WS-7", "WS-7", "list", "Jane", 7,
                              "deep", "/jane", "none");
    char *before = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    char *after = text_of(redact_value(&jane, value));
    CU_ASSERT_STRING_EQUAL(
        after,
        "{\"WS-7\":\"{machine}\",\"list\":[\"{user}\",7,{\"deep\":\"/{user}\"}],\"none\":null}");
    free(after);
    after = text_of(json_incref(value));
    CU_ASSERT_STRING_EQUAL(after, before); /* what was given stays as it was */
    free(after);
    free(before);
    json_decref(value);
    value = json_pack("[s, {s:s}]", "x", "y", "z");
    json_t *made = redact_value(&jane, value);
    CU_ASSERT_PTR_EQUAL(made, value);
    json_decref(made);
    json_decref(value);
}

/* A user may be called as the tables call things. */
static void test_words_of_the_tables(void)
{
    static const struct redact root = {"/root", "root", "done"};
    json_t *value = json_pack("{s:s, s:s, s:s, s:[s], s:{s:s}}", "e", "root", "case",
                              "backup/volumes/root/fqdn", "how", "done", "patterns", "x/root",
                              "profile", "name", "root");
    json_t *made = redact_value(&root, value);
    CU_ASSERT_PTR_EQUAL(made, value);
    json_decref(made);
    json_decref(value);
    value = json_string("volumes/root/fqdn at Z:\\root\\x");
    made = redact_value(&root, value);
    CU_ASSERT_STRING_EQUAL(json_string_value(made), "volumes/{user}/fqdn at Z:{home}\\x");
    json_decref(made);
    json_decref(value);
}

/* Names that are not there, too short, or everywhere. */
static void test_hostile_names(void)
{
    static const struct redact names[] = {
        {NULL, NULL, NULL}, {"", "", ""}, {"/", "x", "vm"}, {"\\\\", "\\\\", "/"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *value = json_string("/x/vm and \\x\\ vm x");
        json_t *made = redact_value(&names[i], value);
        CU_ASSERT_PTR_EQUAL(made, value);
        json_decref(made);
        json_decref(value);
    }
}

static void test_undo(void)
{
    json_t *value = json_pack("[s, s, s]", "{home}\\x {user}", "{machine}{", "plain");
    char *text = text_of(redact_undo(&jane, value));
    CU_ASSERT_STRING_EQUAL(text, "[\"C:\\\\Users\\\\Jane\\\\x Jane\",\"WS-7{\",\"plain\"]");
    free(text);
    const struct redact nobody = {NULL, NULL, NULL};
    text = text_of(redact_undo(&nobody, value));
    CU_ASSERT_STRING_EQUAL(text, "[\"{home}\\\\x {user}\",\"{machine}{\",\"plain\"]");
    free(text);
    json_decref(value);
}

static void test_here(void)
{
    struct redact_here here;
    redact_here(&here);
    CU_ASSERT_PTR_NOT_NULL(here.redact.home);
    CU_ASSERT_PTR_NOT_NULL(here.redact.user);
    CU_ASSERT(here.redact.machine == NULL || strchr(here.redact.machine, '.') == NULL);
    redact_here_free(&here);
    CU_ASSERT_PTR_NULL(here.redact.home);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"texts", test_texts},
        {"values", test_values},
        {"words of the tables", test_words_of_the_tables},
        {"hostile names", test_hostile_names},
        {"the way back", test_undo},
        {"this machine", test_here},
        CU_TEST_INFO_NULL,
    };
    return cu_run("engine: names that do not leave the machine", tests);
}
