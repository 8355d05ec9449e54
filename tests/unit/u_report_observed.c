/* Observations: values of a profile are masked; the hash that names logs. */
#include "../../runner/report/value_mask.h"
#include "../../runner/util/sha256.h"
#include "cu_run.h"

#include <string.h>

static const char *const volumes[] = {"C:\\", "\\\\?\\Volume{7}\\"};

static struct profile lab(void)
{
    struct profile profile = {.name = "lab"};
    profile.volumes.items = (const char **)(uintptr_t)volumes;
    profile.volumes.count = 2;
    profile.values[PROFILE_FREE_DRIVE] = "X";
    profile.values[PROFILE_FREE_FOLDER] = "C:\\vsscts-mount";
    return profile;
}

static void test_mask(void)
{
    static const struct {
        const char *value, *masked;
    } rows[] = {
        {"\"C:\\\\\"", "\"{volume:1}\""},
        {"\"on c:\\\\a and \\\\\\\\?\\\\VOLUME{7}\\\\\"", "\"on {volume:1}a and {volume:2}\""},
        {"\"C:\\\\vsscts-mount\\\\x\"", "\"{free-folder}\\\\x\""}, /* the longest */
        {"\"X\"", "\"X\""},                                        /* too short to be known again */
        {"[\"C:\\\\\",{\"C:\\\\\":\"C:\\\\\"},7,null]",
         "[\"{volume:1}\",{\"C:\\\\\":\"{volume:1}\"},7,null]"},
        {"\"\"", "\"\""},
        {"\"\\u00e4C:\\\\\\u00e4\"", "\"\xC3\xA4{volume:1}\xC3\xA4\""},
    };
    const struct profile profile = lab();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *value = json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
        json_t *masked = value_mask(&profile, value);
        char *text = json_dumps(masked, JSON_COMPACT | JSON_ENCODE_ANY);
        CU_ASSERT_STRING_EQUAL(text, rows[i].masked);
        free(text);
        json_decref(masked);
        json_decref(value);
    }
}

/* Examples of FIPS 180-4, and each way to cut a text into pieces. */
static void test_sha256(void)
{
    static const struct {
        const char *text, *hash;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
         "lmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    char text[SHA256_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t length = strlen(rows[i].text);
        for (size_t cut = 0; cut <= length; cut++) {
            struct sha256 hash;
            sha256_begin(&hash);
            sha256_add(&hash, rows[i].text, cut);
            sha256_add(&hash, rows[i].text + cut, length - cut);
            sha256_end(&hash, text);
            CU_ASSERT_STRING_EQUAL(text, rows[i].hash);
        }
    }
    struct sha256 million;
    sha256_begin(&million);
    for (int i = 0; i < 20000; i++) {
        sha256_add(&million, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 50);
    }
    sha256_end(&million, text);
    CU_ASSERT_STRING_EQUAL(text,
                           "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"values of a profile are masked", test_mask},
        {"SHA-256", test_sha256},
        CU_TEST_INFO_NULL,
    };
    return cu_run("report: observations", tests);
}
