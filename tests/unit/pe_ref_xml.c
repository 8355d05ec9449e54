/* The reference clone's XML: texts that are documents and texts that are none, both ways. */
#include "pe_ref_inner.h"
#include "ref_xml.h"

struct text {
    const WCHAR *text;
    size_t length; /* 0: as a string */
};

static size_t length_of(struct text text)
{
    return text.length > 0 ? text.length : wcslen(text.text);
}

/* Reads with the root R and writes again; the code, and *out for SysFreeString. */
static HRESULT again(struct text text, BSTR *out)
{
    struct node *tree;
    *out = NULL;
    HRESULT code = xml_read(text.text, length_of(text), L"R", &tree);
    CU_ASSERT_EQUAL(code == S_OK, tree != NULL);
    if (SUCCEEDED(code)) {
        code = xml_write(tree, NULL, out);
    }
    tree_free(tree);
    return code;
}

static void test_good(void)
{
    static const struct {
        const WCHAR *text, *written;
    } good[] = {
        {L"<R/>", L"<R/>"},
        {L"<R />", L"<R/>"},
        {L"<R></R>", L"<R/>"},
        {L"<R></R >", L"<R/>"},
        {L"\xFEFF<R/>", L"<R/>"},
        {L" \t\r\n<R/> \r\n", L"<R/>"},
        {L"<?xml version=\"1.0\"?><R/>", L"<R/>"},
        {L"<?xml version='1.0' encoding='UTF-16'?>\n<R/>", L"<R/>"},
        {L"<?xml version='1.0' encoding='utf-8' standalone='yes' ?><R/>", L"<R/>"},
        {L"<?xml version='1.0' standalone='no'?><R/>", L"<R/>"},
        {L"<?xml-stylesheet href='x'?><R/>", L"<R/>"},
        {L"<!-- a <b> & c --><R><!----></R><!-- - -->", L"<R/>"},
        {L"<?pi?><R><?pi a ? > b?></R><?pi?>", L"<R/>"},
        {L"<R>text &amp; &#65;<![CDATA[<&]]]>]]&gt;</R>", L"<R/>"},
        {L"<R a='1' b = \"2\"\n c='3'/>", L"<R a=\"1\" b=\"2\" c=\"3\"/>"},
        {L"<R a='\"' b=\"'\" c='>'/>", L"<R a=\"&quot;\" b=\"'\" c=\"&gt;\"/>"},
        {L"<R a='&lt;&gt;&amp;&quot;&apos;'/>", L"<R a=\"&lt;&gt;&amp;&quot;'\"/>"},
        {L"<R a='1\t2\n3\r\n4\r5'/>", L"<R a=\"1 2 3 4 5\"/>"},
        {L"<R a='&#9;&#10;&#xd;'/>", L"<R a=\"&#9;&#10;&#13;\"/>"},
        {L"<R a='&#x41;&#x1F600;&#x10FFFF;'/>", L"<R a=\"A\xD83D\xDE00\xDBFF\xDFFF\"/>"},
        {L"<R a=''><X/><Y b='1'><X/></Y><X/></R>", L"<R a=\"\"><X/><Y b=\"1\"><X/></Y><X/></R>"},
        {L"<v:R xmlns:v='x' v:a='1' b='2'><v:X/></v:R>", L"<R b=\"2\"><X/></R>"},
        {L"<R><v:X xmlns:v='x'/><X xmlns:v='y' v:b='1'><v:Y/></X></R>", L"<R><X/><X><Y/></X></R>"},
        {L"<R xmlns='x-schema:#V' xml:space='preserve'/>", L"<R/>"},
        {L"<R \x0416='\x4E2D'><\x4E2D/></R>", L"<R \x0416=\"\x4E2D\"><\x4E2D/></R>"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        BSTR written;
        HR(again((struct text){good[i].text, 0}, &written), S_OK);
        TEXT_EQUAL(written, good[i].written);
        SysFreeString(written);
    }
}

static const struct text bad[] = {
    {L" ", 0},
    {L"x", 0},
    {L"x<R/>", 0},
    {L"<R", 0},
    {L"<R ", 0},
    {L"<R/", 0},
    {L"<R>", 0},
    {L"<R>x", 0},
    {L"<R><", 0},
    {L"<R><X/>", 0},
    {L"<R></", 0},
    {L"<R></R", 0},
    {L"<R a", 0},
    {L"<R a=", 0},
    {L"<R a='", 0},
    {L"<R a='1", 0},
    {L"<R a='1'", 0},
    {L"<R/><!--", 0},
    {L"<R/><!-- -", 0},
    {L"<R/><?pi", 0},
    {L"<R><![CDATA[", 0},
    {L"<R><![CDATA[x]]</R>", 0},
    {L"</R>", 0},
    {L"<R/></R>", 0},
    {L"<R/><R/>", 0},
    {L"<R/>x", 0},
    {L"<R/>&amp;", 0},
    {L"<R><X></R></X>", 0},
    {L"<R></r>", 0},
    {L"<R></R x='1'>", 0},
    {L"<R></ R>", 0},
    {L"< R/>", 0},
    {L"<R/ >", 0},
    {L"<1/>", 0},
    {L"<r/>", 0},
    {L"<S/>", 0},
    {L"<:R/>", 0},
    {L"<R:/>", 0},
    {L"<a:b:R/>", 0},
    {L"<R a:='1'/>", 0},
    {L"<v:R/>", 0},
    {L"<R v:a='1'/>", 0},
    {L"<R><X xmlns:v='x'/><v:X/></R>", 0},
    {L"<v:R xmlns:v=''/>", 0},
    {L"<R a/>", 0},
    {L"<R a=1/>", 0},
    {L"<R a='1\"/>", 0},
    {L"<R a='1'b='2'/>", 0},
    {L"<R a='1' a='2'/>", 0},
    {L"<R a='<'/>", 0},
    {L"<R a='&'/>", 0},
    {L"<R a='&amp'/>", 0},
    {L"<R a='&AMP;'/>", 0},
    {L"<R a='&x;'/>", 0},
    {L"<R>&x;</R>", 0},
    {L"<R>&</R>", 0},
    {L"<R>&#;</R>", 0},
    {L"<R>&#x;</R>", 0},
    {L"<R>&#0;</R>", 0},
    {L"<R>&#1;</R>", 0},
    {L"<R>&#A;</R>", 0},
    {L"<R>&#xD800;</R>", 0},
    {L"<R>&#xFFFF;</R>", 0},
    {L"<R>&#x110000;</R>", 0},
    {L"<R>&#x100000041;</R>", 0},
    {L"<R>&#65</R>", 0},
    {L"<R>]]></R>", 0},
    {L"<R>\x01</R>", 0},
    {L"<R>\x0B</R>", 0},
    {L"<R>\xFFFE</R>", 0},
    {L"<R>\xFFFF</R>", 0},
    {L"<R>\xD800</R>", 0},
    {L"<R>\xDC00</R>", 0},
    {L"<R>\xDC00\xD800</R>", 0},
    {L"<R a='\xD800'/>", 0},
    {L"<R a='\xD800", 0},
    {L"<R a='\x02'/>", 0},
    {L"<R \xD83D\xDE00='1'/>", 0},
    {L"<R><!-- \x01 --></R>", 0},
    {L"<R><!-- -- --></R>", 0},
    {L"<R><!-- ---></R>", 0},
    {L"<R><!x></R>", 0},
    {L"<R><?xml version='1.0'?></R>", 0},
    {L"<?XML version='1.0'?><R/>", 0},
    {L" <?xml version='1.0'?><R/>", 0},
    {L"<?xml version='1.0'?><?xml version='1.0'?><R/>", 0},
    {L"<?xml?><R/>", 0},
    {L"<?xml ?><R/>", 0},
    {L"<?xml version='1.1'?><R/>", 0},
    {L"<?xml encoding='UTF-16'?><R/>", 0},
    {L"<?xml version='1.0' encoding='windows-1252'?><R/>", 0},
    {L"<?xml version='1.0' encoding=''?><R/>", 0},
    {L"<?xml version='1.0' standalone='x'?><R/>", 0},
    {L"<?xml version='1.0' standalone='no' encoding='UTF-16'?><R/>", 0},
    {L"<?xml version='1.0' x='1'?><R/>", 0},
    {L"<?xml version='1.0'><R/>", 0},
    {L"<!DOCTYPE R><R/>", 0},
    {L"<!DOCTYPE R [<!ENTITY x 'y'>]><R>&x;</R>", 0},
    {L"<!DOCTYPE R SYSTEM 'file:///c:/x'><R/>", 0},
    {L"<![CDATA[x]]><R/>", 0},
    {L"\xFEFF\xFEFF<R/>", 0},
    {L"\xFFFE<\0R\0", 4},
    {L"<R/>\0", 5},
    {L"<R>\0</R>", 8},
    {L"<R a='\0'/>", 10},
    {L"<R\0/>", 5},
    {L"\0", 1},
};

static void test_bad(void)
{
    const LONG before = mem_live();
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        BSTR written;
        const HRESULT code = again(bad[i], &written);
        if (code != VSS_E_INVALID_XML_DOCUMENT) {
            fprintf(stderr, "\"%ls\": 0x%08lX\n", bad[i].text, (unsigned long)code);
        }
        CU_ASSERT_EQUAL(code, VSS_E_INVALID_XML_DOCUMENT);
    }
    struct node *tree;
    HR(xml_read(NULL, 0, L"R", &tree), VSS_E_INVALID_XML_DOCUMENT);
    CU_ASSERT_PTR_NULL(tree);
    HR(xml_read(L"", 0, L"R", &tree), VSS_E_INVALID_XML_DOCUMENT);
    CU_ASSERT_PTR_NULL(tree);
    CU_ASSERT_EQUAL(mem_live(), before);
}

/* No beginning of a document is one. Each is read where its end lies at the end of a page. */
static void test_truncated(void)
{
    static const WCHAR whole[] =
        L"<?xml version='1.0'?><!-- c --><R a='&#x41;&amp;'><X b=\"\xD83D\xDE00\"><![CDATA[x]]>"
        L"</X><?pi x?><Y/>t</R>";
    const size_t length = ARRAY_LENGTH(whole) - 1;
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    char *pages = VirtualAlloc(NULL, 2 * info.dwPageSize, MEM_RESERVE, PAGE_NOACCESS);
    CU_ASSERT_PTR_NOT_NULL_FATAL(VirtualAlloc(pages, info.dwPageSize, MEM_COMMIT, PAGE_READWRITE));
    for (size_t i = 0; i <= length; i++) {
        WCHAR *at = (WCHAR *)(void *)(pages + info.dwPageSize - i * sizeof(WCHAR));
        struct node *tree;
        CopyMemory(at, whole, i * sizeof(WCHAR));
        const HRESULT code = xml_read(at, i, L"R", &tree);
        CU_ASSERT_EQUAL(code, i < length ? VSS_E_INVALID_XML_DOCUMENT : S_OK);
        tree_free(tree);
    }
    VirtualFree(pages, 0, MEM_RELEASE);
}

/* A document with a few characters changed, taken out or put in: it is one or it is none, and what
 * is read is freed. The numbers are the same in every run. */
static void test_damaged(void)
{
    static const WCHAR whole[] =
        L"<?xml version='1.0' encoding='UTF-16'?><!-- c --><v:R xmlns:v='x' a='&#x41;&amp;'>"
        L"<X b=\"\xD83D\xDE00\"><![CDATA[x]]></X><?pi x?><Y/>t</v:R>";
    static const WCHAR odd[] = L"<>/&;#x'\"=!?-[]: aR:\x01\xD83D\xDE00\xFFFE";
    const LONG before = mem_live();
    unsigned good = 0;
    unsigned random = 1;
    for (unsigned round = 0; round < 20000; round++) {
        WCHAR text[2 * ARRAY_LENGTH(whole)];
        size_t length = ARRAY_LENGTH(whole) - 1;
        struct node *tree;
        CopyMemory(text, whole, sizeof(whole));
        for (unsigned change = 0; change < 1 + round % 3; change++) {
            random = random * 1664525 + 1013904223;
            const size_t at = (random >> 8) % length;
            const WCHAR c = odd[(random >> 20) % (ARRAY_LENGTH(odd) - 1)];
            if (random >> 31 != 0) {
                text[at] = c;
            } else {
                const bool in = (random >> 30) != 0;
                MoveMemory(text + at + in, text + at + !in, (length - at - !in) * sizeof(WCHAR));
                text[at] = in ? c : text[at];
                length += in ? 1 : (size_t)-1;
            }
        }
        const HRESULT code = xml_read(text, length, NULL, &tree);
        CU_ASSERT_TRUE(code == (tree != NULL ? S_OK : VSS_E_INVALID_XML_DOCUMENT));
        good += code == S_OK;
        tree_free(tree);
    }
    CU_ASSERT_TRUE(good > 100 && good < 10000);
    CU_ASSERT_EQUAL(mem_live(), before);
}

/* count times `part`, for SysFreeString. */
static BSTR repeated(const WCHAR *before, const WCHAR *part, size_t count, const WCHAR *behind)
{
    const size_t length = wcslen(before) + count * wcslen(part) + wcslen(behind);
    BSTR text = SysAllocStringLen(NULL, (UINT)length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    WCHAR *at = text;
    wmemcpy(at, before, wcslen(before));
    at += wcslen(before);
    for (size_t i = 0; i < count; i++, at += wcslen(part)) {
        wmemcpy(at, part, wcslen(part));
    }
    wmemcpy(at, behind, wcslen(behind));
    return text;
}

static HRESULT read_repeated(const WCHAR *before, const WCHAR *part, size_t count,
                             const WCHAR *behind)
{
    BSTR text = repeated(before, part, count, behind);
    struct node *tree;
    const HRESULT code = xml_read(text, SysStringLen(text), L"R", &tree);
    tree_free(tree);
    SysFreeString(text);
    return code;
}

static HRESULT read_nested(size_t depth)
{
    BSTR end = repeated(L"", L"</R>", depth, L"");
    const HRESULT code = read_repeated(L"", L"<R>", depth, end);
    SysFreeString(end);
    return code;
}

static HRESULT read_attributes(unsigned count)
{
    WCHAR list[16 * (XML_MAX_ATTRIBUTES + 1)] = L"<R";
    for (unsigned i = 0; i < count; i++) {
        wsprintfW(list + wcslen(list), L" a%u=''", i);
    }
    return read_repeated(list, L"", 0, L"/>");
}

static void test_limits(void)
{
    HR(read_nested(XML_MAX_DEPTH), S_OK);
    HR(read_nested(XML_MAX_DEPTH + 1), VSS_E_INVALID_XML_DOCUMENT);
    HR(read_nested(1000000), VSS_E_INVALID_XML_DOCUMENT);
    HR(read_attributes(XML_MAX_ATTRIBUTES), S_OK);
    HR(read_attributes(XML_MAX_ATTRIBUTES + 1), VSS_E_INVALID_XML_DOCUMENT);
    HR(read_repeated(L"<R>", L"<X/>", XML_MAX_ELEMENTS - 1, L"</R>"), S_OK);
    HR(read_repeated(L"<R>", L"<X/>", XML_MAX_ELEMENTS, L"</R>"), VSS_E_INVALID_XML_DOCUMENT);
    HR(read_repeated(L"<R a='", L"0123456789abcdef", 1000000, L"'/>"), S_OK);
    HR(read_repeated(L"<R>", L"                ", XML_MAX_LENGTH / 16 + 1, L"</R>"),
       VSS_E_INVALID_XML_DOCUMENT);
}

/* Every character comes back as it went, or is refused on its way in. */
static void test_characters(void)
{
    for (unsigned c = 1; c <= 0xFFFF; c++) {
        const WCHAR value[] = {L'a', (WCHAR)c, L'b', L'\0'};
        const bool legal = c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xD800) ||
                           (c >= 0xE000 && c < 0xFFFE);
        struct node *tree = tree_new(L"R");
        struct node *read = NULL;
        BSTR text;
        CU_ASSERT_FATAL(tree != NULL && tree_set(tree, L"a", value));
        const HRESULT code = xml_write(tree, NULL, &text);
        bool fine = code == (legal ? S_OK : VSS_E_INVALID_XML_DOCUMENT) &&
                    legal == (text != NULL) && legal == xml_valid(value);
        if (text != NULL) {
            fine = fine && xml_read(text, SysStringLen(text), L"R", &read) == S_OK &&
                   wcscmp(tree_get(read, L"a"), value) == 0;
        }
        if (!fine) {
            fprintf(stderr, "character 0x%04X\n", c);
        }
        CU_ASSERT_TRUE(fine);
        SysFreeString(text);
        tree_free(read);
        tree_free(tree);
    }
    CU_ASSERT_TRUE(xml_valid(NULL));
    CU_ASSERT_TRUE(xml_valid(L""));
    CU_ASSERT_TRUE(xml_valid(L"\xD83D\xDE00"));
    CU_ASSERT_FALSE(xml_valid(L"\xD83D"));
}

/* An element inside a tree is written without what stands around it. */
static void test_inner_element(void)
{
    struct node *tree = tree_new(L"R");
    struct node *inner = tree_add(tree, L"X");
    BSTR text = NULL;
    CU_ASSERT_FATAL(inner != NULL && tree_add(inner, L"Y") != NULL && tree_add(tree, L"Z") != NULL);
    HR(xml_write(inner, L"a&b", &text), S_OK);
    TEXT_EQUAL(text, L"<X xmlns=\"a&amp;b\"><Y/></X>");
    SysFreeString(text);
    tree_free(tree);
}

static HRESULT read_and_write(void)
{
    static const WCHAR text[] = L"<R a='1' b='2'><X c='&#65;'/><Y><Z/></Y></R>";
    BSTR written;
    const HRESULT code = again((struct text){text, 0}, &written);
    CU_ASSERT_EQUAL(code == S_OK, written != NULL);
    SysFreeString(written);
    return code;
}

static void test_no_memory(void)
{
    CU_ASSERT_TRUE(inner_starve(read_and_write) > 10);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"documents come back as they were", test_good},
        {"what is no document", test_bad},
        {"truncated", test_truncated},
        {"damaged", test_damaged},
        {"limits", test_limits},
        {"every character", test_characters},
        {"an inner element", test_inner_element},
        {"no memory", test_no_memory},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference: XML", tests);
}
