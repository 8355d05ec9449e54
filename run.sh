#!/usr/bin/env bash
# run.sh          sets everything up, and runs the suite against its own reference and against Wine's DLL
# run.sh ARG…     sets everything up, and runs vsscts ARG… (run.sh help; run.sh run --iut my.dll)
# A second run starts at once. docs/building.md says what is set up, and where.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools/lib.sh"

export WINEDEBUG=${WINEDEBUG:--all}
export VSSCTS_HOME=${VSSCTS_HOME:-$top/build/home}
vsscts=$top/build/native-release/bin/vsscts

set_up() {
    "$top/tools/setup.sh" run
    "$top/tools/mingw-deps.sh" "${windows_archs[@]}"
    "$top/tools/build.sh" "${windows_archs[@]/#/windows-}" native-release
}

# The main job: both implementations that every machine has. Its exit code is the worse one.
main_job() {
    local iut out status worst=0 lines=()
    for iut in reference wine; do
        out=out/$iut-x86_64
        status=0
        printf '\n%s\n' "== vsscts run --iut $iut"
        "$vsscts" run --iut "$iut" --out "$top/$out" || status=$?
        case $status in
        0) lines+=("$iut: as expected; $out/report.json") ;;
        1) lines+=("$iut: NOT as expected; $out/report.json") ;;
        *) lines+=("$iut: exit code $status") ;;
        esac
        [ "$status" -le "$worst" ] || worst=$status
        [ "$status" -ne 130 ] || break
    done
    printf '%s\n' '' '== summary' "${lines[@]}"
    return "$worst"
}

set_up
if [ $# -gt 0 ]; then
    "$vsscts" "$@"
else
    main_job
fi
