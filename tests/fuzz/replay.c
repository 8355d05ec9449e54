/* Drives a target without libFuzzer: every file of the corpus as it is, then as many inputs made
 * from them as are wanted, the same in every run of the same corpus.
 *
 *     fuzz_TARGET FILE-OR-FOLDER… --executions N
 *
 * It prints the line by which CUnit counts tests: one target is one test. An input that brings the
 * program down stands in the file that FUZZ_LAST names, if it names one. */
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "fuzz.h"

#define INPUT_MAX ((size_t)64 * 1024)
#define SEEDS_MAX 256

struct seeds {
    size_t count;
    struct {
        char *text;
        size_t size;
    } items[SEEDS_MAX];
};

static uint64_t state = 1;

/* A number below `below`, which is not 0: the generator of Marsaglia, "xorshift". */
static size_t draw(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % below);
}

static void add_file(struct seeds *seeds, const char *path)
{
    struct cts_error err;
    size_t size = 0;
    char *text = file_read(path, &size, JSON_FILE_MAX, &err);
    if (text == NULL || seeds->count == SEEDS_MAX) {
        fprintf(stderr, "%s: cannot be read, or there are too many files\n", path);
        exit(EXIT_FAILURE);
    }
    seeds->items[seeds->count].text = text;
    seeds->items[seeds->count++].size = size;
}

static void add(struct seeds *seeds, const char *path)
{
    struct fs_list list;
    if (!fs_is_dir(path)) {
        add_file(seeds, path);
        return;
    }
    FUZZ_CHECK(fs_list(path, &list, NULL) == CTS_OK);
    for (size_t i = 0; i < list.count; i++) {
        char *below = fs_join(path, list.items[i].name);
        FUZZ_CHECK(below != NULL);
        add_file(seeds, below);
        free(below);
    }
    fs_list_free(&list);
}

/* What the last input was, for those who look for the reason of a crash. */
static void note(const char *text, size_t size)
{
    const char *path = getenv("FUZZ_LAST");
    FILE *file = path != NULL ? fopen(path, "wb") : NULL;
    if (file != NULL) {
        fwrite(text, 1, size, file);
        fclose(file);
    }
}

static void run(const char *text, size_t size)
{
    /* as long as it is: a byte behind it is seen */
    uint8_t *exact = malloc(size > 0 ? size : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, text, size);
    note(text, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

/* Puts `size` bytes in the place of `gone` ones. */
static size_t replace(char *text, size_t length, size_t at, size_t gone, const char *with,
                      size_t size)
{
    if (length - gone + size > INPUT_MAX) {
        return length;
    }
    memmove(text + at + size, text + at + gone, length - at - gone);
    memcpy(text + at, with, size);
    return length - gone + size;
}

/* One change: a byte, a piece left out or doubled, a piece of another seed, or a value of JSON. */
static size_t change(const struct seeds *seeds, char *text, size_t length)
{
    static const char *const words[] = {"null", "-1",  "9223372036854775807", "\"\"", "[]", "{}",
                                        "true", "1e9", "\"\\ud800\"",         "\n",   "\"", "**"};
    const size_t at = draw(length + 1), left = length - at;
    const size_t piece = left > 0 ? draw(left < 64 ? left : 64) + 1 : 0;
    char byte = (char)draw(256);
    char copy[64];
    const size_t other = draw(seeds->count);
    const char *const from = seeds->items[other].text;
    const size_t begin = draw(seeds->items[other].size + 1);
    const size_t rest = seeds->items[other].size - begin;
    const char *const word = words[draw(sizeof words / sizeof words[0])];
    switch (draw(6)) {
    case 0:
        return replace(text, length, at, left > 0, &byte, 1);
    case 1:
        return replace(text, length, at, piece, "", 0);
    case 2:
        memcpy(copy, text + at, piece);
        return replace(text, length, at, 0, copy, piece);
    case 3:
        return replace(text, length, at, piece, from + begin, rest < 64 ? rest : 64);
    case 4:
        return replace(text, length, at, piece < 4 ? piece : 0, word, strlen(word));
    default:
        byte = (char)(left > 0 ? text[at] ^ (1 << draw(8)) : '0');
        return replace(text, length, at, left > 0, &byte, 1);
    }
}

int main(int argc, char **argv)
{
    static struct seeds seeds;
    static char text[INPUT_MAX];
    unsigned long executions = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--executions") == 0 && i + 1 < argc) {
            executions = strtoul(argv[++i], NULL, 10);
        } else {
            add(&seeds, argv[i]);
        }
    }
    if (seeds.count == 0) {
        fprintf(stderr, "%s: no corpus\n", argv[0]);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < seeds.count; i++) {
        run(seeds.items[i].text, seeds.items[i].size);
    }
    for (unsigned long i = 0; i < executions; i++) {
        const size_t from = draw(seeds.count);
        size_t length = seeds.items[from].size < INPUT_MAX ? seeds.items[from].size : INPUT_MAX;
        memcpy(text, seeds.items[from].text, length);
        for (size_t changes = draw(4) + 1; changes > 0; changes--) {
            length = change(&seeds, text, length);
        }
        run(text, length);
    }
    printf("%zu files and %lu inputs made from them\n", seeds.count, executions);
    printf("tests 1 1 1 0 0\n");
    for (size_t i = 0; i < seeds.count; i++) {
        free(seeds.items[i].text);
    }
    return EXIT_SUCCESS;
}
