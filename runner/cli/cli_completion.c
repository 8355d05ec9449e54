/* The script by which bash completes, from the same tables as the help. */
#include "../report/formats.h"
#include "cli_help.h"

#include <string.h>

/* What stands after the tables: the word before the one that is completed decides, else the place.
 * In a word like --arch=i686 bash sees three. Ids come a part at a time, there are thousands. */
static const char script[] =
    "_vsscts_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); }\n"
    "_vsscts_folders() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); "
    "}\n"
    "_vsscts_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
    "_vsscts_iut() {\n"
    "    local file names=\n"
    "    for file in \"${VSSCTS_HOME:-$(dirname \"$(type -P \"$program\")\")/../share/vsscts}\""
    "/profiles/*.json; do\n"
    "        file=${file##*/}\n"
    "        names+=\" ${file%.json}\"\n"
    "    done\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"${names/ \\*/}\" -- \"$cur\"; compgen -f -- "
    "\"$cur\")\n"
    "}\n"
    "_vsscts_cases() {\n"
    "    mapfile -t COMPREPLY < <(\"$program\" list 2>/dev/null | awk -F '  ' -v have=\"$cur\" '\n"
    "        NF > 1 && index($1, have) == 1 {\n"
    "            rest = substr($1, length(have) + 1)\n"
    "            slash = index(rest, \"/\")\n"
    "            found = slash ? have substr(rest, 1, slash) : $1\n"
    "            if (!(found in seen)) { seen[found] = 1; print found }\n"
    "        }')\n"
    "    [[ ${COMPREPLY[0]} != */ ]] || compopt -o nospace\n"
    "}\n"
    "_vsscts() {\n"
    "    local program=$1 cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} "
    "command\n"
    "    COMPREPLY=()\n"
    "    if [[ $cur == = ]]; then\n"
    "        cur=\n"
    "    elif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    if [[ $COMP_CWORD -eq 1 ]]; then\n"
    "        _vsscts_words \"$(_vsscts_first)\"\n"
    "        return\n"
    "    fi\n"
    "    command=${COMP_WORDS[1]}\n"
    "    if [[ -n $(_vsscts_second \"$command\") ]]; then\n"
    "        if [[ $COMP_CWORD -eq 2 ]]; then\n"
    "            _vsscts_words \"$(_vsscts_second \"$command\")\"\n"
    "            return\n"
    "        fi\n"
    "        command+=\" ${COMP_WORDS[2]}\"\n"
    "    fi\n"
    "    if [[ $prev == -* ]] && _vsscts_value \"$command $prev\"; then\n"
    "        return\n"
    "    elif [[ $cur == -* ]]; then\n"
    "        _vsscts_words \"$(_vsscts_options \"$command\")\"\n"
    "    else\n"
    "        _vsscts_argument \"$command\"\n"
    "    fi\n"
    "}\n"
    "complete -F _vsscts vsscts\n";

/* The first words of all commands, each once (those of a group follow each other). */
static void first_words(struct str_buf *out)
{
    const char *last = "";
    sb_add(out, "_vsscts_first() { echo \"");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const char *name = cli_commands[i].name;
        const size_t length = strcspn(name, " ");
        if (strncmp(name, last, length) != 0 || (last[length] != ' ' && last[length] != '\0')) {
            sb_addf(out, "%s%.*s", i ? " " : "", (int)length, name);
        }
        last = name;
    }
    sb_add(out, "\"; }\n_vsscts_second() {\n    case $1 in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const char *name = cli_commands[i].name, *space = strchr(name, ' ');
        if (space != NULL) {
            sb_addf(out, "    %.*s) echo %s ;;&\n", (int)(space - name), name, space + 1);
        }
    }
    sb_add(out, "    esac\n}\n");
}

static void option_names(struct str_buf *out)
{
    sb_add(out, "_vsscts_options() {\n    case $1 in\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        sb_addf(out, "    \"%s\") echo \"", cli_commands[i].name);
        for (size_t k = 0; k < cli_option_count; k++) {
            if (cli_option_rows[k].commands & (1U << i)) {
                sb_addf(out, " --%s", cli_option_rows[k].name);
            }
        }
        sb_add(out, "\" ;;\n");
    }
    sb_add(out, "    esac\n}\n");
}

static void levels(struct str_buf *out)
{
    for (int i = LEVEL_MUST; i <= LEVEL_MAY; i++) {
        sb_addf(out, " %s", level_name((enum level)i));
    }
}

static void format_names(struct str_buf *out)
{
    for (int i = 0; i < FORMAT_COUNT; i++) {
        sb_addf(out, " %s=", format_name((enum report_format)i));
    }
}

/* What completes the value of an option: by the name of its argument. */
static void value_of(struct str_buf *out, const struct cli_option_row *row)
{
    if (row->kind == OPTION_CHOICE) {
        sb_add(out, "_vsscts_words \"");
        for (const char *at = row->arg; *at != '\0'; at++) {
            sb_addc(out, *at == '|' ? ' ' : *at);
        }
        sb_addc(out, '"');
    } else if (strcmp(row->arg, "LEVEL") == 0) {
        sb_add(out, "_vsscts_words \"");
        levels(out);
        sb_addc(out, '"');
    } else if (strncmp(row->arg, "FORMAT=", 7) == 0) {
        sb_add(out, "compopt -o nospace; _vsscts_words \"");
        format_names(out);
        sb_addc(out, '"');
    } else if (strncmp(row->arg, "NAME|PATH", 9) == 0) {
        sb_add(out, "_vsscts_iut");
    } else if (strcmp(row->arg, "PATTERN") == 0) {
        sb_add(out, "_vsscts_cases");
    } else if (strcmp(row->arg, "DIR") == 0) {
        sb_add(out, "_vsscts_folders");
    } else if (strstr(row->arg, "FILE") != NULL) {
        sb_add(out, "_vsscts_files");
    } else {
        sb_addc(out, ':'); /* nobody knows */
    }
}

/* Fails where the option takes no value. */
static void values(struct str_buf *out)
{
    sb_add(out, "_vsscts_value() {\n    case $1 in\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        for (size_t k = 0; k < cli_option_count; k++) {
            const struct cli_option_row *row = &cli_option_rows[k];
            if ((row->commands & (1U << i)) && row->arg != NULL) {
                sb_addf(out, "    \"%s --%s\"", cli_commands[i].name, row->name);
                if (row->letter != 0) {
                    sb_addf(out, " | \"%s -%c\"", cli_commands[i].name, row->letter);
                }
                sb_add(out, ") ");
                value_of(out, row);
                sb_add(out, " ;;\n");
            }
        }
    }
    sb_add(out, "    *) return 1 ;;\n    esac\n}\n");
}

static void arguments(struct str_buf *out)
{
    sb_add(out, "_vsscts_argument() {\n    case $1 in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const char *args = cli_commands[i].args;
        const bool cases = strstr(args, "PATTERN") != NULL || strstr(args, "ID") != NULL;
        if (strcmp(args, "[COMMAND]") == 0) {
            sb_addf(out, "    \"%s\") _vsscts_words \"$(_vsscts_first)\" ;;\n",
                    cli_commands[i].name);
        } else if (args[0] != '\0') {
            sb_addf(out, "    \"%s\") %s ;;\n", cli_commands[i].name,
                    cases                         ? "_vsscts_cases"
                    : strstr(args, "DIR") != NULL ? "_vsscts_folders"
                                                  : "_vsscts_files");
        }
    }
    sb_add(out, "    esac\n}\n");
}

void cli_completion(struct str_buf *out)
{
    sb_add(out, "# bash completion for vsscts, made by 'vsscts completion'\n");
    first_words(out);
    option_names(out);
    values(out);
    arguments(out);
    sb_add(out, script);
}
