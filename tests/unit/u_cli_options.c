/* Options: parsing, messages, help. */
#include "../../runner/cli/cli_help.h"
#include "../../runner/cli/run_facts.h"
#include "cu_run.h"
#include <string.h>

#define ARGS_MAX 16

/* Parses a command line of words that end with NULL. */
static enum cts_status parse(struct cli_options *out, struct cts_error *err,
                             const char *const *words)
{
    static char *argv[ARGS_MAX + 1]; /* the texts are borrowed by out */
    int argc = 1;
    argv[0] = (char *)(uintptr_t) "vsscts";
    for (; words[argc - 1] != NULL && argc < ARGS_MAX; argc++) {
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    }
    argv[argc] = NULL;
    memset(err, 0, sizeof *err);
    return cli_parse(argc, argv, out, err);
}

#define PARSE(options, err, ...) parse(options, err, (const char *const[]){__VA_ARGS__, NULL})

static void test_values(void)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "run", "--iut=reference", "a/b", "--arch", "i686", "-j4",
                          "--repeat", "3", "--time-scale=2.5", "--seed=9007199254740991", "c"),
                    CTS_OK);
    CU_ASSERT_EQUAL(o.command, COMMAND_RUN);
    CU_ASSERT_STRING_EQUAL(o.iut, "reference");
    CU_ASSERT_EQUAL(o.arch, CHOSEN_I686);
    CU_ASSERT_EQUAL(o.jobs, 4);
    CU_ASSERT_EQUAL(o.repeat, 3);
    CU_ASSERT_EQUAL(o.time_scale, 2.5);
    CU_ASSERT_TRUE(o.seed.given);
    CU_ASSERT_EQUAL(o.seed.value, CLI_SEED_MAX);
    CU_ASSERT_EQUAL_FATAL(o.args.count, 2);
    CU_ASSERT_STRING_EQUAL(o.args.items[0], "a/b");
    CU_ASSERT_STRING_EQUAL(o.args.items[1], "c");
    CU_ASSERT_FALSE(o.strict);
    cli_options_free(&o);

    CU_ASSERT_EQUAL(PARSE(&o, &err, "run", "--seed", "0", "-qv", "-j", "2", "--color=never"),
                    CTS_OK);
    CU_ASSERT_TRUE(o.seed.given);
    CU_ASSERT_EQUAL(o.seed.value, 0);
    CU_ASSERT_TRUE(o.quiet && o.verbose);
    CU_ASSERT_EQUAL(o.jobs, 2);
    CU_ASSERT_EQUAL(o.color, COLOR_NEVER);
    cli_options_free(&o);
}

static void test_lists_and_end(void)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "list", "--tag", "a", "--tag=b", "--skip", "c", "--", "--tag"),
                    CTS_OK);
    CU_ASSERT_EQUAL_FATAL(o.tags.count, 2);
    CU_ASSERT_STRING_EQUAL(o.tags.items[0], "a");
    CU_ASSERT_STRING_EQUAL(o.tags.items[1], "b");
    CU_ASSERT_EQUAL(o.skip.count, 1);
    CU_ASSERT_EQUAL_FATAL(o.args.count, 1);
    CU_ASSERT_STRING_EQUAL(o.args.items[0], "--tag");
    cli_options_free(&o);
}

/* One name, two kinds: a flag for list, a file for run. */
static void test_json(void)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "list", "--json", "x"), CTS_OK);
    CU_ASSERT_TRUE(o.list_json);
    CU_ASSERT_EQUAL(o.args.count, 1);
    cli_options_free(&o);
    CU_ASSERT_EQUAL(PARSE(&o, &err, "run", "--json", "-"), CTS_OK);
    CU_ASSERT_STRING_EQUAL(o.json, "-");
    CU_ASSERT_EQUAL(o.args.count, 0);
    cli_options_free(&o);
}

static void test_help_and_version(void)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "--help"), CTS_OK);
    CU_ASSERT_EQUAL(o.command, COMMAND_HELP);
    cli_options_free(&o);
    CU_ASSERT_EQUAL(PARSE(&o, &err, "--version"), CTS_OK);
    CU_ASSERT_EQUAL(o.command, COMMAND_VERSION);
    cli_options_free(&o);
    /* explain needs an id, but not for its help */
    CU_ASSERT_EQUAL(PARSE(&o, &err, "explain", "-h"), CTS_OK);
    CU_ASSERT_TRUE(o.help);
    cli_options_free(&o);
}

/* A command of two words. */
static void test_group(void)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "expect", "check", "a.json", "--cases", "x"), CTS_OK);
    CU_ASSERT_EQUAL(o.command, COMMAND_EXPECT_CHECK);
    CU_ASSERT_EQUAL_FATAL(o.args.count, 1);
    CU_ASSERT_STRING_EQUAL(o.args.items[0], "a.json");
    cli_options_free(&o);
    CU_ASSERT_EQUAL(PARSE(&o, &err, "expect", "check", "--help"), CTS_OK);
    CU_ASSERT_EQUAL(o.command, COMMAND_EXPECT_CHECK);
    CU_ASSERT_TRUE(o.help);
    cli_options_free(&o);
    CU_ASSERT_EQUAL(PARSE(&o, &err, "expect", "--help"), CTS_OK);
    CU_ASSERT_EQUAL(o.command, COMMAND_HELP);
    CU_ASSERT_EQUAL_FATAL(o.args.count, 1);
    CU_ASSERT_STRING_EQUAL(o.args.items[0], "expect");
    cli_options_free(&o);
}

static void refused(const char *text, const char *const *words)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(parse(&o, &err, words), CTS_USAGE);
    CU_ASSERT_STRING_EQUAL(err.text, text);
    cli_options_free(&o);
}

#define REFUSED(text, ...) refused(text, (const char *const[]){__VA_ARGS__, NULL})

static void test_refused(void)
{
    REFUSED("unknown command 'rum'; did you mean run?", "rum");
    REFUSED("unknown command 'zzzzzz' ('vsscts help' lists them)", "zzzzzz");
    REFUSED("unknown option --itu; did you mean --iut?", "run", "--itu=x");
    REFUSED("unknown option --requirment; did you mean --requirement?", "list", "--requirment",
            "x");
    REFUSED("unknown option --xyzzyxyzzy ('vsscts help run')", "run", "--xyzzyxyzzy");
    REFUSED("list has no option --strict ('vsscts help list')", "list", "--strict");
    REFUSED("run has no option -x ('vsscts help run')", "run", "-qx");
    REFUSED("--iut needs a value", "run", "--iut");
    REFUSED("-j needs a value", "run", "-j");
    REFUSED("--iut: the value is empty", "run", "--iut=");
    REFUSED("--strict takes no value", "run", "--strict=yes");
    REFUSED("--arch: 'arm64' is none of x86_64|i686", "run", "--arch", "arm64");
    REFUSED("--arch: 'x86' is none of x86_64|i686", "run", "--arch", "x86");
    REFUSED("explain needs ID... ('vsscts help explain')", "explain");
    REFUSED("expect needs check or update behind it ('vsscts help expect')", "expect");
    REFUSED("expect needs check or update behind it ('vsscts help expect')", "expect", "--cases");
    REFUSED("unknown command 'expect chek'; expect needs check or update behind it", "expect",
            "chek");
    REFUSED("unknown command 'expec'; did you mean expect check?", "expec", "check");
    REFUSED("report takes no argument 'b' ('vsscts help report')", "report", "a", "b");
}

static void test_refused_numbers(void)
{
    REFUSED("--jobs: '0' is not a whole number from 1 to 256", "run", "-j0");
    REFUSED("--jobs: '257' is not a whole number from 1 to 256", "run", "--jobs", "257");
    REFUSED("--jobs: '-1' is not a whole number from 1 to 256", "run", "--jobs", "-1");
    REFUSED("--jobs: '4x' is not a whole number from 1 to 256", "run", "-j4x");
    REFUSED("--repeat: '99999999999999999999999' is not a whole number from 1 to 1000000", "run",
            "--repeat=99999999999999999999999");
    REFUSED("--seed: '9007199254740992' is not a whole number below 2^53", "run",
            "--seed=9007199254740992");
    REFUSED("--time-scale: '0' is not a number from 0.01 to 1000", "run", "--time-scale=0");
    REFUSED("--time-scale: 'inf' is not a number from 0.01 to 1000", "run", "--time-scale=inf");
    REFUSED("--time-scale: '1.2.3' is not a number from 0.01 to 1000", "run", "--time-scale=1.2.3");
}

/* Several rows may have the same name. */
static bool knows(unsigned command, const char *name)
{
    bool known = false;
    for (size_t i = 0; i < cli_option_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        known = known || ((row->commands & command) && strcmp(row->name, name) == 0);
    }
    return known;
}

/* Every option of the table stands in the help of each command that knows it, and in no other. */
static void test_help_is_whole(void)
{
    for (size_t c = 0; c < COMMAND_COUNT; c++) {
        struct str_buf text;
        sb_init(&text, 65536);
        cli_help_command(&text, (enum cli_command)c, 80);
        for (size_t i = 0; i < cli_option_count; i++) {
            char head[64];
            const struct cli_option_row *row = &cli_option_rows[i];
            snprintf(head, sizeof head, "--%s ", row->name);
            CU_ASSERT_EQUAL(strstr(sb_text(&text), head) != NULL, knows((1U << c), row->name));
        }
        CU_ASSERT_PTR_NOT_NULL(strstr(sb_text(&text), "\nExamples\n    "));
        CU_ASSERT_FALSE(text.failed);
        sb_free(&text);
    }
}

static void test_help_width(void)
{
    struct str_buf text;
    sb_init(&text, 65536);
    cli_help_command(&text, COMMAND_RUN, 60);
    for (const char *line = sb_text(&text); *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        if (strncmp(line, "    vsscts", 10) != 0 && strchr(line, '/') > line + length) {
            CU_ASSERT_TRUE(length <= 60);
        }
        line += length + 1;
    }
    sb_free(&text);
}

static void test_reproduce(void)
{
    struct cli_options o;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "run", "--iut", "my dll's/a.dll", "--arch=i686", "--windows",
                          "6.1", "--strict", "--out", "gone", "--tag", "gone", "--time-scale=2",
                          "id"),
                    CTS_OK);
    char *text = run_reproduce(&o, "out/x y");
    CU_ASSERT_STRING_EQUAL(text, "vsscts run --iut 'my dll'\\''s/a.dll' --arch i686 --windows 6.1 "
                                 "--time-scale 2 --strict --out 'out/x y/again'");
    free(text);
    cli_options_free(&o);
}

/* What --resume reads from a log is what was told. */
static void test_arguments(void)
{
    struct cli_options o, again;
    struct cts_error err;
    CU_ASSERT_EQUAL(PARSE(&o, &err, "run", "--iut", "a b", "--arch=i686", "-j3", "--seed=0", "-v",
                          "--time-scale=0.25", "--skip", "--x", "--skip", "y", "--", "-z", "id"),
                    CTS_OK);
    json_t *facts = run_facts(&o, NULL, "", "out");
    const json_t *list = json_object_get(facts, "arguments");
    char *argv[32] = {(char *)(uintptr_t) "vsscts", (char *)(uintptr_t) "run"};
    const int argc = 2 + (int)json_array_size(list);
    for (int i = 2; i < argc && i < 32; i++) {
        argv[i] = (char *)(uintptr_t)json_string_value(json_array_get(list, (size_t)i - 2));
    }
    CU_ASSERT_EQUAL_FATAL(cli_parse(argc, argv, &again, &err), CTS_OK);
    CU_ASSERT_STRING_EQUAL(again.iut, "a b");
    CU_ASSERT_EQUAL(again.arch, CHOSEN_I686);
    CU_ASSERT_EQUAL(again.jobs, 3);
    CU_ASSERT_TRUE(again.seed.given && again.seed.value == 0 && again.verbose && !again.quiet);
    CU_ASSERT_EQUAL(again.time_scale, 0.25);
    CU_ASSERT_EQUAL_FATAL(again.skip.count, 2);
    CU_ASSERT_STRING_EQUAL(again.skip.items[0], "--x");
    CU_ASSERT_EQUAL_FATAL(again.args.count, 2);
    CU_ASSERT_STRING_EQUAL(again.args.items[0], "-z");
    cli_options_free(&again);
    cli_options_free(&o);
    json_decref(facts);
}

static CU_TestInfo tests[] = {
    {"values", test_values},
    {"lists, and the end of options", test_lists_and_end},
    {"--json of two kinds", test_json},
    {"help and version", test_help_and_version},
    {"commands of two words", test_group},
    {"what is refused", test_refused},
    {"numbers that are refused", test_refused_numbers},
    {"help names every option", test_help_is_whole},
    {"help keeps the width", test_help_width},
    {"command that runs a case again", test_reproduce},
    {"arguments of options", test_arguments},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("cli options", tests);
}
