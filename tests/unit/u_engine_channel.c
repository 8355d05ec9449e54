/* Lines out of bytes, messages out of lines. */
#include "../../runner/engine/channel.h"
#include "../../runner/engine/message.h"
#include "cu_run.h"
#include <stdint.h>
#include <string.h>

#define TOKEN "0123456789abcdef"

static void feed(struct channel *channel, const char *data, size_t len)
{
    while (len > 0) {
        char *base = NULL;
        size_t size = 0;
        chan_room(channel, &base, &size);
        CU_ASSERT_FATAL(base != NULL && size >= 16384);
        size_t part = len < size ? len : size;
        memcpy(base, data, part);
        chan_added(channel, part);
        data += part;
        len -= part;
    }
}

static enum chan_found next(struct channel *channel, char *copy, size_t size, const char **wrong)
{
    const char *text = NULL;
    size_t len = 0;
    enum chan_found found = chan_next(channel, &text, &len, wrong);
    copy[0] = '\0';
    if (found != CHAN_NOTHING) {
        snprintf(copy, size, "%.*s", (int)len, text);
    }
    return found;
}

static void test_token(void)
{
    char one[CHAN_TOKEN + 1], two[CHAN_TOKEN + 1];
    CU_ASSERT_TRUE(chan_draw_token(one) && chan_draw_token(two));
    CU_ASSERT_EQUAL(strspn(one, "0123456789abcdef"), CHAN_TOKEN);
    CU_ASSERT_STRING_NOT_EQUAL(one, two);
}

/* The same lines whatever the pieces in which they come. */
static void test_pieces(void)
{
    static const char all[] = TOKEN " one\n" TOKEN " \n" TOKEN " three and more\n" TOKEN " four";
    for (size_t piece = 1; piece < sizeof all; piece++) {
        struct channel channel;
        const char *wrong = NULL;
        char text[64];
        char lines[100] = "";
        chan_init(&channel, TOKEN);
        for (size_t at = 0; at < sizeof all - 1; at += piece) {
            size_t left = sizeof all - 1 - at;
            feed(&channel, all + at, piece < left ? piece : left);
            while (next(&channel, text, sizeof text, &wrong) == CHAN_MESSAGE) {
                size_t used = strlen(lines);
                snprintf(lines + used, sizeof lines - used, "[%s]", text);
            }
        }
        CU_ASSERT_STRING_EQUAL(lines, "[one][][three and more]");
        CU_ASSERT_FALSE(channel.broken);
        chan_free(&channel);
    }
}

static void wrong_line(const char *line, size_t len, const char *why)
{
    struct channel channel;
    const char *wrong = NULL;
    char text[64];
    chan_init(&channel, TOKEN);
    feed(&channel, line, len);
    CU_ASSERT_EQUAL(next(&channel, text, sizeof text, &wrong), CHAN_GARBAGE);
    CU_ASSERT_STRING_EQUAL(wrong, why);
    feed(&channel, TOKEN " good\n", 22); /* nothing comes after garbage */
    CU_ASSERT_EQUAL(next(&channel, text, sizeof text, &wrong), CHAN_NOTHING);
    chan_free(&channel);
}

static void test_garbage(void)
{
    static const char nul[] = TOKEN "\0x\n";
    wrong_line("\n", 1, "line without the token");
    wrong_line("hello\n", 6, "line without the token");
    wrong_line(TOKEN "\n", 17, "line without the token");
    wrong_line("0123456789abcdeF x\n", 19, "line without the token");
    wrong_line(nul, sizeof nul - 1, "line without the token");
}

static void test_limit(void)
{
    size_t size = CHAN_LINE_MAX + 2;
    char *line = malloc(size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    memset(line, 'x', size);
    memcpy(line, TOKEN " ", CHAN_TOKEN + 1);
    line[CHAN_LINE_MAX] = '\n'; /* the longest that is allowed */
    struct channel channel;
    const char *text = NULL;
    const char *wrong = NULL;
    size_t len = 0;
    chan_init(&channel, TOKEN);
    feed(&channel, line, CHAN_LINE_MAX + 1);
    CU_ASSERT_EQUAL(chan_next(&channel, &text, &len, &wrong), CHAN_MESSAGE);
    CU_ASSERT_EQUAL(len, CHAN_LINE_MAX - CHAN_TOKEN - 1);
    chan_free(&channel);
    line[CHAN_LINE_MAX] = 'x';
    line[CHAN_LINE_MAX + 1] = '\n';
    wrong_line(line, size, "line longer than 4 MiB");
    wrong_line(line, size - 1, "line longer than 4 MiB"); /* not even ended */
    free(line);
}

static const char *parse(const char *text)
{
    struct message message;
    const char *wrong = msg_parse(text, strlen(text), &message);
    msg_clear(&message);
    return wrong ? wrong : "";
}

static void test_messages(void)
{
    static const char *const good[] = {
        "{\"m\":\"hello\",\"protocol\":1,\"arch\":\"x86_64\",\"os\":{}}",
        "{\"m\":\"loaded\",\"iut\":{}}",
        "{\"m\":\"load_failed\",\"reason\":\"other\"}",
        "{\"m\":\"b\",\"s\":0}",
        "{\"m\":\"b\",\"s\":-1,\"var\":\"bc\"}",
        "{\"m\":\"e\",\"s\":3,\"hr\":\"0x80042301\",\"us\":1,\"more\":[1]}",
        "{\"m\":\"e\",\"s\":3,\"out\":{\"a\":{\"v\":\"a\\u0000b\"}}}",
        "{\"m\":\"crash\",\"code\":\"0xC0000005\",\"module\":null,\"offset\":null}",
        "{\"m\":\"done\",\"seq\":7,\"stopped\":true,\"threads_left\":1}",
        "{\"m\":\"bye\"} ",
    };
    static const char *const key[] = {
        "{\"m\":\"hello\",\"protocol\":\"1\",\"arch\":\"x86_64\",\"os\":{}}",
        "{\"m\":\"hello\",\"protocol\":1,\"arch\":\"x86_64\"}",
        "{\"m\":\"loaded\"}",
        "{\"m\":\"b\"}",
        "{\"m\":\"b\",\"s\":-2}",
        "{\"m\":\"b\",\"s\":1e3}",
        "{\"m\":\"b\",\"s\":4294967296}",
        "{\"m\":\"e\",\"s\":3,\"hr\":\"0x8004230\"}",
        "{\"m\":\"e\",\"s\":3,\"hr\":\"0x8004230g\"}",
        "{\"m\":\"e\",\"s\":3,\"hr\":\"0x8004230a\"}",
        "{\"m\":\"e\",\"s\":3,\"hr\":5}",
        "{\"m\":\"e\",\"s\":3,\"us\":-1}",
        "{\"m\":\"e\",\"s\":3,\"out\":[]}",
        "{\"m\":\"crash\"}",
        "{\"m\":\"crash\",\"code\":\"C0000005\"}",
        "{\"m\":\"crash\",\"code\":\"0x00000000000000001\"}",
        "{\"m\":\"done\",\"seq\":7}",
        "{\"m\":\"done\",\"seq\":7,\"stopped\":1}",
    };
    static const char *const json[] = {"",
                                       "[]",
                                       "null",
                                       "{",
                                       "{\"m\":\"bye\"} x",
                                       "\"bye\"",
                                       "{\"m\":\"bye\",\"m\":\"bye\"}",
                                       "{\"m\":\"\xFF\"}"};
    static const char *const unknown[] = {"{}", "{\"m\":1}", "{\"m\":\"BYE\"}", "{\"m\":\"\"}",
                                          "{\"m\":\"bye\\u0000\"}"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CU_ASSERT_STRING_EQUAL(parse(good[i]), "");
    }
    for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) {
        CU_ASSERT_STRING_EQUAL(parse(key[i]), "message with a missing or wrong key");
    }
    for (size_t i = 0; i < sizeof json / sizeof json[0]; i++) {
        CU_ASSERT_STRING_EQUAL(parse(json[i]), "not a JSON object");
    }
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        CU_ASSERT_STRING_EQUAL(parse(unknown[i]), "no known message");
    }
}

static void test_step_numbers(void)
{
    struct message message;
    static const char with[] = "{\"m\":\"b\",\"s\":12}", without[] = "{\"m\":\"bye\"}";
    CU_ASSERT_PTR_NULL(msg_parse(with, sizeof with - 1, &message));
    CU_ASSERT_EQUAL(message.kind, MSG_BEGIN);
    CU_ASSERT_EQUAL(message.s, 12);
    msg_clear(&message);
    CU_ASSERT_PTR_NULL(msg_parse(without, sizeof without - 1, &message));
    CU_ASSERT_EQUAL(message.kind, MSG_BYE);
    CU_ASSERT_EQUAL(message.s, MSG_NO_STEP);
    msg_clear(&message);
}

static void clean(const char *data, size_t len, size_t max, const char *expected)
{
    json_t *text = msg_clean_text(data, len, max);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(json_string_value(text), expected);
    json_decref(text);
}

#define BAD "\xEF\xBF\xBD"
static void test_clean_text(void)
{
    clean("", 0, 10, "");
    clean("a\tb\nc\x7F\x1B[0m\r\0", 11, 100, "a\tb\nc" BAD BAD "[0m" BAD);
    clean("\0", 1, 100, BAD);
    clean("a\r\nb\r\r\n\r", 8, 100, "a\nb" BAD "\n" BAD);
    clean("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 9, 100, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    clean("\xC3", 1, 100, BAD);
    clean("\xC3z", 2, 100, BAD "z");
    clean("\xC0\x80", 2, 100, BAD BAD);                 /* longer than it must be */
    clean("\xED\xA0\x80", 3, 100, BAD BAD BAD);         /* half of a pair */
    clean("\xF4\x90\x80\x80", 4, 100, BAD BAD BAD BAD); /* behind the last */
    clean("\xF8\x88\x80\x80\x80", 5, 100, BAD BAD BAD BAD BAD);
    clean("abc\xC3\xA4", 5, 4, "abc" BAD); /* cut inside a character */
}

/* Any bytes: no crash, and what is called a message is one. */
static void test_any_bytes(void)
{
    uint32_t seed = 1;
    char data[400];
    for (int round = 0; round < 20000; round++) {
        struct channel channel;
        const char *text = NULL;
        const char *wrong = NULL;
        size_t len = 0;
        chan_init(&channel, TOKEN);
        size_t size =
            (size_t)snprintf(data, sizeof data,
                             TOKEN " {\"m\":\"e\",\"s\":3,\"hr\":"
                                   "\"0x80042301\",\"us\":1,\"out\":{\"p\":{\"w\":true}}}\n");
        for (int i = 0; i < 3; i++) {
            seed = seed * 1664525u + 1013904223u;
            data[(seed >> 8) % size] = (char)(seed >> 24);
        }
        feed(&channel, data, size);
        while (chan_next(&channel, &text, &len, &wrong) == CHAN_MESSAGE) {
            struct message message;
            wrong = msg_parse(text, len, &message);
            CU_ASSERT_TRUE(wrong ? !message.object : json_is_object(message.object));
            msg_clear(&message);
        }
        chan_free(&channel);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"token", test_token},
        {"pieces", test_pieces},
        {"garbage", test_garbage},
        {"limit", test_limit},
        {"messages", test_messages},
        {"step numbers", test_step_numbers},
        {"clean text", test_clean_text},
        {"any bytes", test_any_bytes},
        CU_TEST_INFO_NULL,
    };
    return cu_run("engine-channel", tests);
}
