#!/usr/bin/env bash
# bench.sh [ROUNDS]: builds what is needed and measures the speed of the suite, as ratios in one run.
# bench.sh reports [ROUNDS]: the same for judging and reporting, with 100,000 cases; without Wine.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$top/tools/setup.sh" test
vsscts=$top/build/native-release/bin/vsscts
if [ "${1:-}" = reports ]; then
    shift
    tests=$top/build/native-debug/tests
    "$top/tools/build.sh" native-release native-debug:fake_worker native-debug:parse_log
    exec python3 "$top/tests/bench/reports.py" "$vsscts" "$tests/fake_worker" "$tests/parse_log" "$@"
fi
"$top/tools/mingw-deps.sh" x86_64
"$top/tools/build.sh" native-release windows-x86_64 windows-x86_64:bench-plain-loop
export WINEDEBUG=-all
exec python3 "$top/tests/bench/bench.py" "$vsscts" "$top/build/home" \
    "$top/build/windows-x86_64/tests/bench-plain-loop.exe" "$@"
