#!/usr/bin/env bash
# check-banned.sh: no source file calls what this project does without (runner/util/banned.h stops most of it
# while compiling; macros, and files that are compiled elsewhere, only show here). Comments and strings do not count.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

words='lstrcpyW|lstrcatW|strcpy|strcat|strncpy|strncat|strtok|sprintf|vsprintf|gets|atoi|atol|atof|alloca|_alloca|setjmp|longjmp'

mapfile -t files < <(find "$top"/runner "$top"/fixtures "$top"/tests -name '*.[ch]' ! -name banned.h | sort)
[ ${#files[@]} -gt 0 ] || die "no source file found"
found=$(awk -v words="^(${words})\$" '
    FNR == 1 { comment = 0 }
    {
        text = $0
        gsub(/\\./, "", text)
        gsub(/"[^"]*"/, "\"\"", text)
        code = ""
        while (text != "") {
            if (comment) {
                at = index(text, "*/")
                if (!at) { text = ""; break }
                text = substr(text, at + 2)
                comment = 0
            } else {
                at = index(text, "/*")
                end = index(text, "//")
                if (end && (!at || end < at)) { code = code substr(text, 1, end - 1); break }
                if (!at) { code = code text; break }
                code = code substr(text, 1, at - 1) " "
                text = substr(text, at + 2)
                comment = 1
            }
        }
        count = split(code, word, /[^A-Za-z0-9_]+/)
        for (i = 1; i <= count; i++)
            if (word[i] ~ words) print FILENAME ":" FNR ": " word[i] " is banned"
    }' "${files[@]}")
if [ -n "$found" ]; then
    printf '%s\n' "${found//"$top/"/}"
    exit 1
fi
echo "${#files[@]} files call nothing that is banned"
