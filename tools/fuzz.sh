#!/usr/bin/env bash
# fuzz.sh [TARGET…] [--seconds N]: lets libFuzzer drive the targets in tests/fuzz (all, or those that are named), one
# after the other, N seconds each (VSSCTS_FUZZ_SECONDS, or 600), under the address and undefined behaviour sanitizers.
# Below build/fuzz/found/<target>/ stand the inputs that brought a target down, below build/fuzz/corpus/<target>/ those
# that reached something new. A line for each target says how often it was executed. The exit code is 1 where one fell.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=${VSSCTS_FUZZ_SECONDS:-600}
sources=$top/tests/fuzz
tree=$top/build/fuzz

# The words that the parsers look for stand between quotes in their sources.
dictionary() {
    grep -rhoE --include='*.c' --include='*.def' '"[A-Za-z0-9_#.{}-]{2,24}"' "$top"/runner/{model,plan,engine,judge} | sort -u
}

# fuzz TARGET: 0 where nothing was found.
fuzz() {
    local target=$1 status=0 corpus=$tree/corpus/$1 found=$tree/found/$1 log=$tree/$1.log seeds=("$sources/corpus/$1")
    mkdir -p "$corpus" "$found"
    [ "$target" != tables ] || seeds+=("$tree/tests/fuzz/seeds/tables")
    # a text as long as a log, or as tables, changes in many places; the others stay short
    VSSCTS_SOURCE=$top "$tree/tests/fuzz_$target" "$corpus" "${seeds[@]}" -max_total_time="$seconds" -timeout=20 \
        -rss_limit_mb=3000 -dict="$tree/words.dict" -artifact_prefix="$found/" -print_final_stats=1 -close_fd_mask=1 \
        </dev/null >"$log" 2>&1 || status=$?
    printf '%-9s %10s executions %6s s  %s\n' "$target" "$(sed -nE 's/^stat::number_of_executed_units: +//p' "$log")" \
        "$(sed -nE 's/^Done [0-9]+ runs in ([0-9]+) second.*/\1/p' "$log")" \
        "$([ "$status" -eq 0 ] && echo clean || echo "fell: $log, $found")"
    return "$status"
}

main() {
    local targets=() target fell=0
    while [ $# -gt 0 ]; do
        case $1 in
        --seconds)
            [ $# -gt 1 ] || die "--seconds wants a number"
            seconds=$2
            shift
            ;;
        -*) die "usage: fuzz.sh [TARGET…] [--seconds N]" ;;
        *) targets+=("$1") ;;
        esac
        shift
    done
    if [ ${#targets[@]} -eq 0 ]; then
        for target in "$sources"/fuzz_*.c; do
            target=${target##*/fuzz_}
            targets+=("${target%.c}")
        done
    fi
    for target in "${targets[@]}"; do
        [ -f "$sources/fuzz_$target.c" ] || die "no target $target; there are: $(cd "$sources" && printf '%s ' fuzz_*.c)"
    done
    command -v clang >/dev/null || die "clang is missing; on Debian: apt-get install clang libclang-rt-14-dev"
    "$top/tools/build.sh" fuzz:fuzz-targets
    dictionary >"$tree/words.dict"
    for target in "${targets[@]}"; do
        fuzz "$target" || fell=1
    done
    return "$fell"
}

main "$@"
