/* Documents of the reference clone (fixtures/reference/base), read and written: what is written
 * from a tree reads as the same tree. UTF-8 is made UTF-16 first, so that the corpus is text. */
#include "../../fixtures/reference/base/ref_memory.h"
#include "../../fixtures/reference/base/ref_xml.h"
#include "fuzz.h"

#include <jansson.h>

void *mem_alloc(size_t size)
{
    return calloc(1, size);
}

void mem_free(void *memory)
{
    free(memory);
}

BSTR mem_bstr(const WCHAR *text, UINT length)
{
    WCHAR *made = calloc((size_t)length + 1, sizeof *made);
    if (made != NULL && text != NULL) {
        memcpy(made, text, length * sizeof *made);
    }
    return made;
}

/* Bytes that are no UTF-8 become a character each: the reader must stand half surrogates, too. */
static size_t widen(const uint8_t *data, size_t size, WCHAR *out)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        const unsigned c = data[i];
        if (c >= 0xE0 && c < 0xF0 && i + 2 < size) {
            out[length++] =
                (WCHAR)((c & 0x0FU) << 12 | (data[i + 1] & 0x3FU) << 6 | (data[i + 2] & 0x3FU));
            i += 2;
        } else if (c >= 0xC0 && c < 0xE0 && i + 1 < size) {
            out[length++] = (WCHAR)((c & 0x1FU) << 6 | (data[i + 1] & 0x3FU));
            i++;
        } else {
            out[length++] = (WCHAR)c;
        }
    }
    return length;
}

static bool same(const WCHAR *a, const WCHAR *b)
{
    return a == NULL || b == NULL ? a == b : wcscmp(a, b) == 0;
}

static void check_written(const struct node *tree)
{
    BSTR first = NULL, second = NULL;
    struct node *again = NULL;
    if (xml_write(tree, NULL, &first) != S_OK) {
        FUZZ_CHECK(first == NULL);
        return;
    }
    FUZZ_CHECK(xml_read(first, wcslen(first), tree_name(tree), &again) == S_OK);
    FUZZ_CHECK(xml_write(again, NULL, &second) == S_OK);
    FUZZ_CHECK(same(first, second));
    tree_free(again);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct node *tree = NULL;
    WCHAR *text = malloc((size > 0 ? size : 1) * sizeof *text);
    FUZZ_CHECK(text != NULL);
    const size_t length = widen(data, size, text);
    /* as long as what it holds, so that a character behind it is seen */
    WCHAR *exact = malloc((length > 0 ? length : 1) * sizeof *exact);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, text, length * sizeof *exact);
    const HRESULT code = xml_read(exact, length, NULL, &tree);
    FUZZ_CHECK((code == S_OK) == (tree != NULL));
    if (tree != NULL) {
        check_written(tree);
        struct node *clone = tree_clone(tree);
        FUZZ_CHECK(clone != NULL && same(tree_name(clone), tree_name(tree)));
        tree_free(clone);
    }
    tree_free(tree);
    free(exact);
    free(text);
    return 0;
}
