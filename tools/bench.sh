#!/usr/bin/env bash
# bench.sh [ROUNDS]: builds what is needed and measures the speed of the suite, as ratios in one run.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$top/tools/setup.sh" test
"$top/tools/mingw-deps.sh" x86_64
"$top/tools/build.sh" native-release windows-x86_64 windows-x86_64:bench-plain-loop
export WINEDEBUG=-all
exec python3 "$top/tests/bench/bench.py" "$top/build/native-release/bin/vsscts" "$top/build/home" \
    "$top/build/windows-x86_64/tests/bench-plain-loop.exe" "$@"
