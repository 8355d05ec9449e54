#!/usr/bin/env bash
# setup.sh run | test | full-test: installs through apt what is missing to build and run (or to test) the suite.
# Where everything is there already it asks nobody and takes no time. A tool that does not come from a
# package counts too: what dpkg does not know is tried.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# package | how to see that it is there without dpkg: a program, or pc:<pkg-config module>, or h:<header>
needed_to_run='
gcc|gcc
libc6-dev|h:stdio.h
cmake|cmake
ninja-build|ninja
pkg-config|pkg-config
libuv1-dev|pc:libuv
libjansson-dev|pc:jansson
gcc-mingw-w64-x86-64-win32|x86_64-w64-mingw32-gcc
gcc-mingw-w64-i686-win32|i686-w64-mingw32-gcc
wine|wine
wine64|wineserver
'
needed_to_test='
libcunit1-dev|pc:cunit
g++-mingw-w64-x86-64-win32|x86_64-w64-mingw32-g++
g++-mingw-w64-i686-win32|i686-w64-mingw32-g++
xz-utils|xz
python3|python3
python3-jsonschema|py:jsonschema
python3-junitparser|py:junitparser
python3-tap|py:tap
python3-more-itertools|py:more_itertools
python3-yaml|py:yaml
libxml2-utils|xmllint
chromium|chromium
chromium-driver|chromedriver
clang-format|clang-format
cppcheck|cppcheck
shellcheck|shellcheck
yamllint|yamllint
groff-base|groff
'
# for the stages that are there with test.sh --full alone
needed_to_test_fully='
clang|clang
libclang-rt-14-dev|libfuzzer
valgrind|valgrind
'

is_there() {
    case $1 in
    pc:*) pkg-config --exists "${1#pc:}" ;;
    h:*) echo "#include <${1#h:}>" | gcc -E - ;;
    libfuzzer) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -fsanitize=fuzzer,address -x c -o /dev/null - ;;
    py:*) python3 -c "import ${1#py:}" ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# The packages of a list that are missing, one a line.
missing_of() {
    local package probe installed
    # shellcheck disable=SC2016 # dpkg-query's own variables
    installed=$(printf '%s' "$1" | cut -s -d'|' -f1 |
        xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p') || true
    while IFS='|' read -r package probe; do
        [ -n "$package" ] || continue
        case $'\n'$installed$'\n' in *$'\n'"$package"$'\n'*) continue ;; esac
        is_there "$probe" || printf '%s\n' "$package"
    done <<<"$1"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y
        -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
    as_root "${apt[@]}" update && as_root "${apt[@]}" install --no-install-recommends "$@"
}

main() {
    local purpose list missing log=$cache/logs/apt.log
    case ${1:-} in
    run) purpose="build and run" list=$needed_to_run ;;
    test) purpose="test" list=$needed_to_run$needed_to_test ;;
    full-test) purpose="test fully" list=$needed_to_run$needed_to_test$needed_to_test_fully ;;
    *) die "usage: setup.sh run | test | full-test" ;;
    esac
    mapfile -t missing < <(missing_of "$list")
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get >/dev/null ||
        die "missing to $purpose: ${missing[*]}; there is no apt-get here, install the like by hand"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "missing to $purpose: ${missing[*]}; neither root nor sudo, so run: apt-get install ${missing[*]}"
        # the question for a password must not end in the log
        sudo -v || die "missing to $purpose: ${missing[*]}; sudo refuses, so run as root: apt-get install ${missing[*]}"
    fi
    say "installing through apt, to $purpose the suite: ${missing[*]}"
    logged "$log" apt_install "${missing[@]}" || {
        say "apt failed; trying once more"
        sleep 2
        logged "$log" apt_install "${missing[@]}" || die "apt cannot install: ${missing[*]}"
    }
    # what CMake did not find before it looks for again
    rm -f "$top"/build/*/.configured
    mapfile -t missing < <(missing_of "$list")
    [ ${#missing[@]} -eq 0 ] || die "apt says that all is well, yet these are missing: ${missing[*]}"
}

main "$@"
