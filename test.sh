#!/usr/bin/env bash
# test.sh           sets everything up and runs all tests; the last line counts them
# test.sh STAGE…    runs only some stages
# test.sh --full …  the long forms of the tests, and stages that are long: hours
# test.sh --list    names the stages
# The logs stand in build/test/<stage>.log.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools/lib.sh"

stages=(set-up build format shellcheck banned layers cppcheck schemas tables unit pe e2e selftest install package)
# These are there with --full alone.
long_stages=(no-memory fuzz valgrind)
# These look at the sources alone.
declare -A without_build=([set-up]=1 [format]=1 [shellcheck]=1 [banned]=1 [cppcheck]=1 [schemas]=1)

logs=$top/build/test
jobs=$(nproc)
# A prefix of its own: a run of the suite at the same time goes on undisturbed.
export VSSCTS_WINEPREFIX=$top/build/test/wine
export WINEDEBUG=-all
export VSSCTS_SOURCE=$top
unset VSSCTS_HOME

# counted PASSED FAILED: what the stage found out, where that is more than its own exit code.
counted() {
    echo "$1 $2" >"$logs/count"
}

sources() {
    find "$top"/runner "$top"/fixtures "$top"/tests "$top"/examples \( -name '*.[ch]' -o -name '*.cpp' \) -print0 | sort -z
}

stage_set_up() {
    "$top/tools/setup.sh" "${VSSCTS_FULL:+full-}test"
    "$top/tools/mingw-deps.sh" "${windows_archs[@]}"
    # where these cannot be had, the stages that want them say so again
    "$top/tools/wine32.sh" || true
    "$top/tools/requesters.sh"
}

# find_wine32: sets VSSCTS_WINE_I686, or says why there is nothing to set it to.
find_wine32() {
    local found
    if found=$("$top/tools/wine32.sh"); then
        export VSSCTS_WINE_I686=$found
    else
        echo "the programs for i686 are built, not run"
    fi
}

stage_build() {
    local preset passed=0 failed=0
    for preset in native-release native-debug native-debug:unit-tests \
        "${windows_archs[@]/#/windows-}" windows-{x86_64,i686}:unit-tests windows-x86_64:bench-plain-loop; do
        if "$top/tools/build.sh" "$preset"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    done
    counted "$passed" "$failed"
}

stage_format() {
    local found
    found=$(sources | xargs -0 clang-format --dry-run -Werror 2>&1 | grep ': error: ' || true)
    [ -z "$found" ] || {
        printf '%s\n' "${found//"$top/"/}"
        return 1
    }
}

stage_shellcheck() {
    (cd "$top" && shellcheck ./*.sh tools/*.sh .ci/run)
}

stage_banned() {
    "$top/tools/check-banned.sh"
}

stage_layers() {
    "$top/tools/check-layers.sh" "$top/build/native-debug/lib"
}

# The folders of headers are there for the macros that stand in the place of loops and declarations.
# uninitvar: this cppcheck takes the address of a variable for a read of it; gcc and the sanitizers look too.
stage_cppcheck() {
    local common=(--std=c11 --enable=warning --enable=portability --inline-suppr --quiet
        --error-exitcode=1 --suppress=missingIncludeSystem --suppress=uninitvar -j "$jobs")
    cppcheck "${common[@]}" --platform=unix64 "$top"/runner/{util,model,plan,engine,judge,report,cli}
    cppcheck "${common[@]}" --platform=win64 -D_WIN32 -D_WIN64 -D__x86_64__ -I "$top/fixtures/reference" \
        -I "$top/fixtures/reference/base" \
        -I "$("$top/tools/mingw-deps.sh" --path x86_64)/include" \
        "$top"/runner/worker "$top"/fixtures/reference "$top"/fixtures/writer
}

stage_schemas() {
    local output
    output=$(python3 "$top/tools/check-schemas.py" "$top") || true
    printf '%s\n' "$output"
    read -r passed failed <<<"$(sed -nE '$s/^([0-9]+) files valid, ([0-9]+) not$/\1 \2/p' <<<"$output")"
    counted "${passed:-0}" "${failed:-1}"
}

stage_tables() {
    "$top/build/native-debug/bin/vsscts" check "$top/cases"
}

# run_ctest PRESET JOBS: all unit tests of a build tree; counts what CUnit says that it ran.
run_ctest() {
    local status=0 passed failed programs log=$logs/ctest-$1.out outputs=$logs/ctest-$1.xml
    rm -f "$outputs"
    ctest --test-dir "$top/build/$1" -j "$2" --output-on-failure --no-tests=error --output-junit "$outputs" \
        --test-output-size-passed 1000000 --test-output-size-failed 1000000 >"$log" 2>&1 || status=$?
    cat "$log"
    read -r passed failed < <(awk '
        $1 == "tests" && NF == 6 { passed += $4; failed += $5 }
        END { print passed + 0, failed + 0 }' "$outputs")
    # a program that dies, leaks, hangs or is not there fails without a word of CUnit's
    programs=$(sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of .*/\1/p' "$log")
    [ "${programs:-0}" -le "$failed" ] || failed=$programs
    [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    [ "$passed" -gt 0 ] || failed=$((failed + 1))
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
}

stage_unit() {
    total_passed=0 total_failed=0
    run_ctest native-debug "$jobs"
    counted "$total_passed" "$total_failed"
}

stage_pe() {
    find_wine32
    "$top/tools/requesters.sh"
    total_passed=0 total_failed=0
    # These wait for Wine more than they compute. Not so for i686: beside each other some of them hung, in two of a dozen
    # runs, and it is not known why.
    run_ctest windows-x86_64 $((2 * jobs))
    [ -z "${VSSCTS_WINE_I686:-}" ] ||
        VSSCTS_WINE=$VSSCTS_WINE_I686 VSSCTS_WINEPREFIX=$VSSCTS_WINEPREFIX-i686 run_ctest windows-i686 1
    counted "$total_passed" "$total_failed"
}

# e2e_lane NAME MODULE…: runs the tests of some modules in a Wine prefix of their own, with a log of their own.
e2e_lane() {
    local name=$1
    shift
    # the program as it is delivered: with the sanitizers each start takes long to read all tables
    export VSSCTS=$top/build/native-release/bin/vsscts VSSCTS_HOME=$top/build/home
    export VSSCTS_SANITIZED=$top/build/native-debug/bin/vsscts
    export VSSCTS_FAKE_WORKER=$top/build/native-debug/tests/fake_worker
    export VSSCTS_WINEPREFIX=$VSSCTS_WINEPREFIX-$name
    cd "$top/tests/e2e"
    timeout -k 10 720 python3 -B -m unittest -v "$@" </dev/null >"$logs/e2e-$name.out" 2>&1
}

# The whole runs compute, most of the other tests wait: they are made beside each other.
stage_e2e() {
    local status=0 log=$logs/e2e.out passed bad skipped runs modules
    find_wine32
    modules=$(cd "$top/tests/e2e" && printf '%s\n' test_*.py | sed 's/\.py$//' | grep -v "^test_suites${VSSCTS_FULL:+\|test_no_memory}\$")
    e2e_lane runs test_suites &
    runs=$!
    # shellcheck disable=SC2086 # one name a word
    (e2e_lane rest $modules) || status=$?
    wait "$runs" || status=$?
    cat "$logs"/e2e-{rest,runs}.out | tee "$log"
    bad=$(grep -cE '^(FAIL|ERROR): ' "$log" || true)
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    # everything is built and set up here: only what needs a 32-bit Wine may be skipped, where there is none
    skipped=$(grep -E ' \.\.\. skipped ' "$log" | grep -cv "${VSSCTS_WINE_I686:-i686}" || true)
    [ "$skipped" -eq 0 ] || echo "$skipped tests were skipped that should have run"
    bad=$((bad + skipped))
    passed=$(grep -cE ' \.\.\. ok$' "$log" || true)
    [ "$passed" -gt 0 ] || bad=$((bad + 1))
    counted "$passed" "$bad"
}

# Every allocation of every command; then some under the sanitizers, which see what is freed twice or never.
stage_no_memory() {
    local passed=0 failed=0 log=$logs/no-memory.out
    export VSSCTS=$top/build/native-release/bin/vsscts VSSCTS_HOME=$top/build/home
    export VSSCTS_FAKE_WORKER=$top/build/native-debug/tests/fake_worker
    cd "$top/tests/e2e"
    timeout -k 10 14400 python3 -B -m unittest -v test_no_memory </dev/null >"$log" 2>&1 || failed=1
    (
        unset VSSCTS_FULL
        export VSSCTS=$top/build/native-debug/bin/vsscts VSSCTS_SANITIZER
        VSSCTS_SANITIZER=$(gcc -print-file-name=libasan.so)
        timeout -k 10 3600 python3 -B -m unittest -v test_no_memory.Commands </dev/null >>"$log" 2>&1
    ) || failed=1
    cat "$log"
    passed=$(grep -cE ' \.\.\. ok$' "$log" || true)
    failed=$((failed + $(grep -cE '^(FAIL|ERROR): ' "$log" || true)))
    counted "$passed" "$failed"
}

# Ten minutes each, or VSSCTS_FUZZ_SECONDS.
stage_fuzz() {
    local log=$logs/fuzz.out
    "$top/tools/fuzz.sh" | tee "$log" || true
    counted "$(grep -c ' clean$' "$log" || true)" "$(grep -c ' fell: ' "$log" || true)"
}

stage_valgrind() {
    local passed=0 failed=1 output
    output=$("$top/tools/valgrind.sh") || true
    printf '%s\n' "$output"
    read -r passed failed <<<"$(sed -nE '$s/^([0-9]+) clean, ([0-9]+) not$/\1 \2/p' <<<"$output")"
    counted "${passed:-0}" "${failed:-1}"
}

# selftest_of ARCH ARG…: mutants of the reference for an architecture; adds to total_passed and total_failed.
selftest_of() {
    local arch=$1 status=0 killed=0 other=0 json=$logs/selftest-$1.json
    shift
    rm -f "$json"
    "$top/build/native-release/bin/vsscts" selftest --arch "$arch" --out "$logs/selftest-$arch" --json "$json" \
        --color never "$@" || status=$?
    [ ! -f "$json" ] || read -r killed other < <(python3 -c '
import json, sys
totals = json.load(open(sys.argv[1], encoding="utf-8"))["totals"]
print(totals["killed"], sum(totals.values()) - totals["killed"] - totals["skipped"])' "$json")
    [ "$status" -eq 0 ] || [ "$other" -gt 0 ] || other=1
    total_passed=$((total_passed + killed))
    total_failed=$((total_failed + other))
}

# Every mutant must be killed. In short those that are written, for i686 those that are for it alone.
stage_selftest() {
    local args=()
    find_wine32
    export VSSCTS_HOME=$top/build/home
    total_passed=0 total_failed=0
    [ -z "${VSSCTS_FULL:-}" ] || args=(--families)
    selftest_of x86_64 "${args[@]}"
    if [ -n "${VSSCTS_WINE_I686:-}" ]; then
        [ -n "${VSSCTS_FULL:-}" ] || args=(--only-arch)
        VSSCTS_WINEPREFIX=$VSSCTS_WINEPREFIX-i686 selftest_of i686 "${args[@]}"
    fi
    counted "$total_passed" "$total_failed"
}

# must_hold FOLDER FILE…: the files are there.
must_hold() {
    local folder=$1 file missing=0
    shift
    for file in "$@"; do
        [ -e "$folder/$file" ] || {
            echo "missing: $file"
            missing=1
        }
    done
    return "$missing"
}

data_files=(cases/preambles.json cases/api/IVssBackupComponents.json profiles/reference.json profiles/wine.json
    mutants.json schema expectations/wine-8.0.json)

stage_install() {
    local prefix=$logs/install
    rm -rf "$prefix"
    cmake --install "$top/build/native-release" --prefix "$prefix" >/dev/null
    must_hold "$prefix" bin/vsscts share/cmake/VssCts/VssCts{Config,ConfigVersion,Tests}.cmake \
        share/{man/man1/vsscts.1,bash-completion/completions/vsscts} share/doc/vsscts/{README.md,docs/using-in-your-project.md,examples/clone/CMakeLists.txt}
    must_hold "$prefix/share/vsscts" "${data_files[@]}" {x86_64,i686}/{vsscts-worker.exe,vsscts-writer.exe,vssref.dll}
    if grep -aqF "$top" "$prefix/bin/vsscts"; then
        echo "the installed program names the folder that it was built in"
        return 1
    fi
    cd /
    "$prefix/bin/vsscts" check
    "$prefix/bin/vsscts" run --iut reference --out "$prefix/out" backup-complete
    grep -q '"pass"' "$prefix/out/report.json"
}

stage_package() {
    local arch folder zips=()
    for arch in "${windows_archs[@]}"; do
        folder=$logs/zip-$arch
        rm -rf "$folder" "$top/build/windows-$arch/package"
        mkdir -p "$folder"
        (cd "$top" && cpack --preset "windows-$arch")
        zips=("$top/build/windows-$arch"/package/*.zip)
        [ ${#zips[@]} -eq 1 ]
        (cd "$folder" && cmake -E tar xf "${zips[0]}")
        folder=$(echo "$folder"/*)
        must_hold "$folder" README.md vsscts.exe cmake/VssCts{Config,Tests}.cmake "${data_files[@]}" "$arch"/{vsscts-worker.exe,vsscts-writer.exe,vssref.dll}
        [ "$arch" = x86_64 ] || continue
        must_hold "$folder" i686/{vsscts-worker.exe,vsscts-writer.exe,vssref.dll}
        "$top/tools/wine-run.sh" "$folder/vsscts.exe" version | tee "$logs/version.txt"
        grep -q "$(sed -nE 's/^project\(vsscts VERSION ([0-9.]+).*/\1/p' "$top/CMakeLists.txt")" "$logs/version.txt"
        "$top/tools/wine-run.sh" "$folder/vsscts.exe" run --iut reference --out "$logs/zip-out" backup-complete
        grep -q '"pass"' "$logs/zip-out/report.json"
    done
}

passed_in_all=0
failed_in_all=0
build_failed=

run_stage() {
    local name=$1 passed failed status=0 begin=$EPOCHREALTIME log=$logs/$1.log
    rm -f "$logs/count"
    if [ -n "$build_failed" ] && [ -z "${without_build[$name]:-}" ]; then
        echo "not run: the build failed" >"$log"
        status=1
    else
        # a shell of its own: -e would not hold in a function whose result we look at
        "$top/test.sh" --stage "$name" </dev/null >"$log" 2>&1 || status=$?
    fi
    if [ -f "$logs/count" ]; then
        read -r passed failed <"$logs/count"
        [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    else
        passed=$((status == 0)) failed=$((status != 0))
    fi
    if [ $((passed + failed)) -eq 0 ]; then
        echo "the stage found nothing to test" >>"$log"
        failed=1
    fi
    passed_in_all=$((passed_in_all + passed))
    failed_in_all=$((failed_in_all + failed))
    printf '%-10s  %5d passed %5d failed  %6.1f s\n' "$name" "$passed" "$failed" \
        "$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')"
    if [ "$failed" -gt 0 ]; then
        tail -n 200 "$log" | sed 's/^/    /'
        [ "$name" != build ] || build_failed=1
        [ "$name" != set-up ] || return 1
    fi
}

finish() {
    local prefix
    for prefix in "$VSSCTS_WINEPREFIX"{,-i686,-runs,-runs-i686,-rest}; do
        [ ! -d "$prefix" ] || WINEPREFIX=$prefix wineserver -k </dev/null >/dev/null 2>&1 || true
    done
}

main() {
    local name wanted=("$@")
    if [ "${1:-}" = --full ]; then
        export VSSCTS_FULL=1 # the stages and the tests look at it
        stages+=("${long_stages[@]}")
        shift
        wanted=("$@")
    fi
    case ${1:-} in
    --list)
        printf '%s\n' "${stages[@]}"
        return
        ;;
    --stage)
        "stage_${2//-/_}"
        return
        ;;
    esac
    [ $# -gt 0 ] || wanted=("${stages[@]}")
    for name in "${wanted[@]}"; do
        case " ${stages[*]} " in *" $name "*) ;; *) die "no stage $name; there are: ${stages[*]}" ;; esac
    done
    mkdir -p "$logs"
    trap finish EXIT
    for name in "${stages[@]}"; do
        case " ${wanted[*]} " in
        *" $name "*) ;;
        *) needed "$name" "${wanted[@]}" || continue ;;
        esac
        run_stage "$name" || break
    done
    printf '%d passed, %d failed\n' "$passed_in_all" "$failed_in_all"
    [ "$failed_in_all" -eq 0 ]
}

# needed STAGE WANTED…: set-up always, build where a wanted stage tests what was built.
needed() {
    local stage=$1 name
    shift
    [ "$stage" != set-up ] || return 0
    [ "$stage" = build ] || return 1
    for name in "$@"; do
        [ -n "${without_build[$name]:-}" ] || return 0
    done
    return 1
}

main "$@"
