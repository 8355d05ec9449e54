#!/usr/bin/env bash
# valgrind.sh         the unit tests and the commands under Valgrind's memcheck: no error, nothing lost
# valgrind.sh TEST…   some unit tests only (u_util_text)
# What was found stands in build/native-plain/valgrind/. The last line counts.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tree=$top/build/native-plain
found=$tree/valgrind
# shellcheck disable=SC2054 # the comma belongs to the option
check=(valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect --error-exitcode=99
    --child-silent-after-fork=yes)
# These make a thousand processes, or change a table ten thousand times, which takes too long here; u_engine_ends waits
# for an end of output that does not come in its time where everything is so slow.
left_out=(u_engine_stop u_engine_ends u_model_hostile u_model_invalid)

passed=0
failed=0

# watched NAME EXPECTED COMMAND…: COMMAND under memcheck; it must end with the exit code EXPECTED.
watched() {
    local name=$1 expected=$2 status=0
    shift 2
    "${check[@]}" --log-file="$found/$name.txt" "$@" </dev/null >"$found/$name.out" 2>&1 || status=$?
    if [ "$status" -eq "$expected" ] && [ ! -s "$found/$name.txt" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: exit $status, $found/$name.txt"
        head -n 60 "$found/$name.txt"
        tail -n 5 "$found/$name.out"
    fi
}

units() {
    local program name
    export VSSCTS_SOURCE=$top VSSCTS_HOME=$top/build/home
    cd "$tree"
    for program in "$tree"/tests/u_*; do
        name=${program##*/}
        case " ${left_out[*]} " in *" $name "*) continue ;; esac
        [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
        watched "$name" 0 "$program"
    done
    cd "$top"
}

commands() {
    local vsscts=$tree/bin/vsscts home=$found/home log=$found/home/log/run.jsonl
    local tables=(--home "$home" --cases "$home/cases") run
    rm -rf "$home"
    mkdir -p "$home/profiles"
    cp -r "$top/tests/data/coverage/tables" "$home/cases"
    echo '{"format": 1, "kind": "profile", "name": "small", "dll": "/fake/ok.dll", "claims": {"windows": "10.0"}, "can": [], "volumes": []}' \
        >"$home/profiles/small.json"
    echo '{"format": 1, "kind": "expectations", "iut": "small", "entries": []}' >"$home/expect.json"
    run=(run "${tables[@]}" --iut small --worker "$tree/tests/fake_worker")
    watched run 1 "$vsscts" "${run[@]}" --out "$home/log"
    watched run-shard-1 1 "$vsscts" "${run[@]}" --out "$home/part1" --shard 1/2
    watched run-shard-2 1 "$vsscts" "${run[@]}" --out "$home/part2" --shard 2/2
    mkdir "$home/broken"
    head -n 30 "$log" >"$home/broken/run.jsonl"
    watched run-resume 1 "$vsscts" run --resume "$home/broken"
    watched merge 1 "$vsscts" merge "${tables[@]}" "$home/part1" "$home/part2" --out "$home/merged"
    watched report 1 "$vsscts" report "${tables[@]}" "$log" --json "$home/r.json" -v \
        --report "html=$home/r.html,junit=$home/r.xml,tap=$home/r.tap,ctrf=$home/ctrf.json,md=$home/r.md,github=$home/r.txt,badge=$home/badge.json,baseline=$home/base.txt"
    watched compare 0 "$vsscts" compare "${tables[@]}" "$home/log" "$home/broken" --report "html=$home/c.html,md=$home/c.md"
    watched matrix 0 "$vsscts" matrix "${tables[@]}" "$home/log" "$home/broken" --report "html=$home/m.html"
    watched learn 0 "$vsscts" learn "${tables[@]}" "$log" --out "$home/observed.json"
    watched report-against 0 "$vsscts" report "${tables[@]}" "$log" --against "$home/observed.json"
    watched expect-update 0 "$vsscts" expect update "${tables[@]}" "$log" --expect "$home/expect.json"
    watched expect-check 0 "$vsscts" expect check "${tables[@]}" "$home/expect.json"
    watched coverage 0 "$vsscts" coverage "${tables[@]}" "$log" --json "$home/coverage.json"
    watched questions 0 "$vsscts" questions "${tables[@]}" "$log"
    watched list 0 "$vsscts" list "${tables[@]}" --json
    watched explain 0 "$vsscts" explain "${tables[@]}" s/path
    watched check 0 "$vsscts" check "$home/cases"
    watched check-bad 2 "$vsscts" check "$top/tests/data/tables/invalid/id-twice-case"
    watched check-all 0 "$vsscts" check "$top/cases"
    watched help 0 "$vsscts" help run
    watched manual 0 "$vsscts" manual
    watched completion 0 "$vsscts" completion
    watched wrong-usage 2 "$vsscts" run --no-such-option
}

command -v valgrind >/dev/null || die "valgrind is missing; on Debian: apt-get install valgrind"
"$top/tools/build.sh" native-plain native-plain:unit-tests
rm -rf "$found"
mkdir -p "$found"
units "$@"
[ $# -gt 0 ] || commands
echo "$passed clean, $failed not"
[ "$failed" -eq 0 ]
