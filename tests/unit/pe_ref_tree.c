/* The reference clone's trees: their shape, their attributes, and typed values. */
#include "pe_ref_inner.h"
#include "ref_tree.h"

static struct node *made(const WCHAR *name)
{
    struct node *node = tree_new(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(node);
    return node;
}

static struct node *added(struct node *parent, const WCHAR *name)
{
    struct node *node = tree_add(parent, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(node);
    return node;
}

static void test_shape(void)
{
    struct node *root = made(L"R");
    struct node *a = added(root, L"A");
    struct node *b = added(root, L"B");
    struct node *c = added(root, L"A");
    TEXT_EQUAL(tree_name(b), L"B");
    CU_ASSERT_PTR_EQUAL(tree_parent(b), root);
    CU_ASSERT_PTR_NULL(tree_parent(root));
    CU_ASSERT_EQUAL(tree_count(root, NULL), 3);
    CU_ASSERT_EQUAL(tree_count(root, L"A"), 2);
    CU_ASSERT_EQUAL(tree_count(a, NULL), 0);
    CU_ASSERT_PTR_EQUAL(tree_child(root, L"A", 1), c);
    CU_ASSERT_PTR_EQUAL(tree_child(root, NULL, 1), b);
    CU_ASSERT_PTR_NULL(tree_child(root, L"A", 2));
    CU_ASSERT_PTR_NULL(tree_child(root, L"C", 0));
    CU_ASSERT_PTR_EQUAL(tree_next(a, L"A"), c);
    CU_ASSERT_PTR_EQUAL(tree_next(a, NULL), b);
    CU_ASSERT_PTR_NULL(tree_next(c, NULL));
    /* out of the middle and back to the end, then the last one, then a root of its own */
    tree_detach(b);
    CU_ASSERT_PTR_NULL(tree_parent(b));
    CU_ASSERT_PTR_EQUAL(tree_next(a, NULL), c);
    tree_attach(root, b);
    CU_ASSERT_PTR_EQUAL(tree_next(c, NULL), b);
    tree_free(b);
    CU_ASSERT_PTR_NULL(tree_next(c, NULL));
    CU_ASSERT_PTR_NOT_NULL(tree_add(root, L"D"));
    CU_ASSERT_EQUAL(tree_count(root, NULL), 3);
    tree_detach(root);
    tree_free(a);
    CU_ASSERT_PTR_EQUAL(tree_child(root, NULL, 0), c);
    tree_free(root);
    tree_free(NULL);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static void test_attributes(void)
{
    struct node *node = made(L"N");
    const WCHAR *name = NULL;
    const WCHAR *value = NULL;
    CU_ASSERT_PTR_NULL(tree_get(node, L"a"));
    CU_ASSERT_TRUE(tree_set(node, L"a", NULL));
    CU_ASSERT_TRUE(tree_set(node, L"a", L"1"));
    CU_ASSERT_TRUE(tree_set(node, L"b", L"2"));
    CU_ASSERT_TRUE(tree_set(node, L"a", L"3"));
    TEXT_EQUAL(tree_get(node, L"a"), L"3");
    CU_ASSERT_PTR_NULL(tree_get(node, L"A"));
    CU_ASSERT_TRUE(tree_attribute(node, 0, &name, &value));
    TEXT_EQUAL(name, L"a");
    TEXT_EQUAL(value, L"3");
    CU_ASSERT_TRUE(tree_attribute(node, 1, &name, &value));
    TEXT_EQUAL(name, L"b");
    CU_ASSERT_FALSE(tree_attribute(node, 2, &name, &value));
    CU_ASSERT_TRUE(tree_set(node, L"a", NULL));
    CU_ASSERT_TRUE(tree_attribute(node, 0, &name, &value));
    TEXT_EQUAL(name, L"b");
    /* a value may come out of the element that it goes into */
    CU_ASSERT_TRUE(tree_set(node, L"b", tree_get(node, L"b")));
    TEXT_EQUAL(tree_get(node, L"b"), L"2");
    tree_free(node);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static void test_numbers(void)
{
    static const struct {
        const WCHAR *text;
        bool good;
        LONGLONG value;
    } rows[] = {
        {L"0", true, 0},
        {L"-1", true, -1},
        {L"4294967295", true, 4294967295},
        {L"9223372036854775807", true, INT64_MAX},
        {L"-9223372036854775807", true, -INT64_MAX},
        {L"007", true, 7},
        {L"9223372036854775808", false, 0},
        {L"99999999999999999999", false, 0},
        {L"", false, 0},
        {L"-", false, 0},
        {L"--1", false, 0},
        {L"+1", false, 0},
        {L"1 ", false, 0},
        {L"0x1", false, 0},
    };
    struct node *node = made(L"N");
    LONGLONG value = 42;
    CU_ASSERT_FALSE(tree_get_number(node, L"n", &value));
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        value = 42;
        CU_ASSERT_TRUE_FATAL(tree_set(node, L"n", rows[i].text));
        CU_ASSERT_EQUAL(tree_get_number(node, L"n", &value), rows[i].good);
        CU_ASSERT_EQUAL(value, rows[i].good ? rows[i].value : 42);
    }
    static const LONGLONG numbers[] = {0, 7, -7, 4294967295, INT64_MAX, -INT64_MAX};
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        CU_ASSERT_TRUE(tree_set_number(node, L"n", numbers[i]));
        CU_ASSERT_TRUE(tree_get_number(node, L"n", &value));
        CU_ASSERT_EQUAL(value, numbers[i]);
    }
    tree_free(node);
}

static void test_typed_values(void)
{
    static const WCHAR *const words[] = {L"zero", L"one", L"two"};
    static const WCHAR *const bad_guids[] = {
        L"",
        L"{00000000-0000-0000-0000-000000000000}",
        L"0000000g-0000-0000-0000-000000000000",
        L"00000000-0000-0000-0000-00000000000",
        L"00000000-0000-0000-0000-0000000000000",
        L"0000000000000-0000-0000-00000000000-",
    };
    static const GUID id = {
        0x89ABCDEF, 0x0123, 0x4567, {0x89, 0xAB, 0xCD, 0xEF, 0x01, 0x23, 0x45, 0x67}};
    struct node *node = made(L"N");
    bool flag = false;
    unsigned word = 9;
    GUID got = GUID_NULL;
    CU_ASSERT_FALSE(tree_get_flag(node, L"f", &flag));
    CU_ASSERT_TRUE(tree_set_flag(node, L"f", true));
    TEXT_EQUAL(tree_get(node, L"f"), L"yes");
    CU_ASSERT_TRUE(tree_get_flag(node, L"f", &flag) && flag);
    CU_ASSERT_TRUE(tree_set_flag(node, L"f", false));
    TEXT_EQUAL(tree_get(node, L"f"), L"no");
    CU_ASSERT_TRUE(tree_get_flag(node, L"f", &flag) && !flag);
    CU_ASSERT_TRUE(tree_set(node, L"f", L"YES"));
    CU_ASSERT_FALSE(tree_get_flag(node, L"f", &flag));
    for (unsigned i = 0; i < 4; i++) {
        CU_ASSERT_TRUE(tree_set_word(node, L"w", i, words, 3));
        TEXT_EQUAL(tree_get(node, L"w"), words[i < 3 ? i : 0]);
        CU_ASSERT_TRUE(tree_get_word(node, L"w", &word, words, 3));
        CU_ASSERT_EQUAL(word, i < 3 ? i : 0);
    }
    CU_ASSERT_FALSE(tree_get_word(node, L"f", &word, words, 3));
    CU_ASSERT_TRUE(tree_set_guid(node, L"g", &id));
    TEXT_EQUAL(tree_get(node, L"g"), L"89abcdef-0123-4567-89ab-cdef01234567");
    CU_ASSERT_TRUE(tree_get_guid(node, L"g", &got) && IsEqualGUID(&got, &id));
    CU_ASSERT_TRUE(tree_set(node, L"g", L"89ABCDEF-0123-4567-89aB-CDEF01234567"));
    CU_ASSERT_TRUE(tree_get_guid(node, L"g", &got) && IsEqualGUID(&got, &id));
    for (size_t i = 0; i < ARRAY_LENGTH(bad_guids); i++) {
        CU_ASSERT_TRUE(tree_set(node, L"g", bad_guids[i]));
        CU_ASSERT_FALSE(tree_get_guid(node, L"g", &got));
        CU_ASSERT_TRUE(IsEqualGUID(&got, &id));
    }
    tree_free(node);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* A copy of a part of a tree, however deep: no function of trees goes down by recursion. */
static void test_clone(void)
{
    struct node *root = made(L"R");
    struct node *part = added(root, L"P");
    CU_ASSERT_PTR_NOT_NULL(tree_add(root, L"Q"));
    CU_ASSERT_TRUE(tree_set(part, L"a", L"1"));
    struct node *node = part;
    for (unsigned i = 0; i < 100000; i++) {
        node = added(node, L"D");
    }
    struct node *copy = tree_clone(part);
    tree_free(root);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    CU_ASSERT_PTR_NULL(tree_parent(copy));
    CU_ASSERT_PTR_NULL(tree_next(copy, NULL));
    TEXT_EQUAL(tree_get(copy, L"a"), L"1");
    unsigned depth = 0;
    for (node = tree_child(copy, L"D", 0); node != NULL; node = tree_child(node, L"D", 0)) {
        depth++;
    }
    CU_ASSERT_EQUAL(depth, 100000);
    tree_free(copy);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static HRESULT build_and_clone(void)
{
    struct node *root = tree_new(L"R");
    struct node *copy = NULL;
    bool fine = root != NULL && tree_set(root, L"a", L"1") && tree_set(root, L"a", L"2") &&
                tree_add(root, L"X") != NULL && tree_add(tree_child(root, NULL, 0), L"Y") != NULL &&
                tree_add(root, L"Z") != NULL;
    if (fine) {
        copy = tree_clone(root);
        fine = copy != NULL;
    }
    tree_free(copy);
    tree_free(root);
    return fine ? S_OK : E_OUTOFMEMORY;
}

static void test_no_memory(void)
{
    CU_ASSERT_TRUE(inner_starve(build_and_clone) > 20);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"shape", test_shape},     {"attributes", test_attributes},
        {"numbers", test_numbers}, {"typed values", test_typed_values},
        {"clone", test_clone},     {"no memory", test_no_memory},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference: trees", tests);
}
