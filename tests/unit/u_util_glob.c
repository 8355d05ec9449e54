#include "../../runner/util/glob.h"
#include "cu_run.h"

#include <string.h>

static const struct {
    const char *pattern, *text;
    bool match;
} rows[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "", false},
    {"abc", "abc", true},
    {"abc", "abd", false},
    {"abc", "abcd", false},
    {"*", "", true},
    {"*", "abc", true},
    {"*", "a/b", false},
    {"a*c", "abbc", true},
    {"a*c", "ac", true},
    {"a*c", "a/c", false},
    {"a*b*c", "aXbYbZc", true},
    {"?", "a", true},
    {"?", "", false},
    {"?", "/", false},
    {"a/?/c", "a/b/c", true},
    {"**", "a/b/c", true},
    {"**", "", true},
    {"a/**", "a/b/c", true},
    {"a/**", "a/", true},
    {"a/**", "b/c", false},
    {"a/**/d", "a/d", true},
    {"a/**/d", "a/b/c/d", true},
    {"a/**/d", "a/bd", false},
    {"**/d", "d", true},
    {"**/d", "a/b/d", true},
    {"**/d", "a/bd", false},
    {"a**/d", "a/d", true},
    {"a**/d", "ad", false},
    {"**null*", "backup-complete/null-async", true},
    {"***", "a/b", true},
    {"{a,b}", "a", true},
    {"{a,b}", "b", true},
    {"{a,b}", "c", false},
    {"{a,b}", "a,b", false},
    {"x{a,bc,}y", "xy", true},
    {"x{a,bc,}y", "xbcy", true},
    {"x{a,bc}y", "xy", false},
    {"{a,b{c,d}}e", "bde", true},
    {"{a,b{c,d}}e", "be", false},
    {"{a,b{c,d}}e", "ae", true},
    {"{*,x/y}/z", "q/z", true},
    {"{*,x/y}/z", "x/y/z", true},
    {"{**,q}", "a/b", true},
    {"a,b", "a,b", true},
    {"a}b", "a}b", true},
    {"{ab", "{ab", true},
    {"{a{b,c}", "{ab", true},
    {"{a{b,c}", "a", false},
    {"}{", "}{", true},
    {"{}", "", true},
};

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (glob_match(rows[i].pattern, rows[i].text) != rows[i].match) {
            printf("\n%s on %s", rows[i].pattern, rows[i].text);
            CU_FAIL("another answer");
        }
    }
}

/* What makes a backtracking matcher run for ever must end at once, with the right answer. */
static void test_hostile(void)
{
    char pattern[GLOB_MAX + 2], text[4001];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < GLOB_MAX - 2; i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    pattern[GLOB_MAX - 2] = 'b';
    pattern[GLOB_MAX - 1] = '\0';
    CU_ASSERT_FALSE(glob_match(pattern, text));
    pattern[GLOB_MAX - 2] = '*';
    CU_ASSERT_TRUE(glob_match(pattern, text));
    memset(pattern, '{', GLOB_MAX - 1);
    CU_ASSERT_FALSE(glob_match(pattern, text));
    memset(pattern + GLOB_MAX / 2, '}', GLOB_MAX / 2 - 1);
    CU_ASSERT_FALSE(glob_match(pattern, text));
    memset(pattern, 'a', GLOB_MAX);
    pattern[GLOB_MAX] = '\0';
    CU_ASSERT_FALSE(glob_match(pattern, pattern));
}

static CU_TestInfo tests[] = {
    {"patterns", test_rows},
    {"hostile patterns", test_hostile},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("util glob", tests);
}
