#!/usr/bin/env bash
# mingw-deps.sh ARCH…         builds jansson, libuv and CUnit for Windows (x86_64, i686) where they are missing
# mingw-deps.sh --path ARCH   prints the folder that holds them (lib/, include/)
# The versions and hashes stand in cmake/deps.sha256. The sources come from the folder that
# VSSCTS_DEPS_ARCHIVES names, or from Debian's source packages. Both are checked, and built once.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$top/tools/apt-private.sh"
. "$top/tools/pins.sh"

pins=$top/cmake/deps.sha256

# The prefix is named after everything that decides what is in it.
recipe=$(cat "$pins" "$top"/cmake/cunit/CMakeLists.txt "$top"/cmake/mingw.cmake "$top/tools/mingw-deps.sh" |
    sha256sum | cut -c1-12)

prefix_of() {
    printf '%s\n' "$cache/deps-$recipe/$1"
}

# build_pin NAME PACKAGE VERSION HASH ARCH WORK OUT: compiles one library and puts it into OUT.
build_pin() {
    local name=$1 version=$3 arch=$5 work=$6 out=$7
    local tree=$work/$arch-$name-tree build=$work/$arch-$name-build source target options=()
    mkdir -p "$tree"
    (cd "$tree" && cmake -E tar xf "$archives/$name-$version.tar")
    source=$(echo "$tree"/*)
    case $name in
    jansson) target=jansson options=(-DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON) ;;
    libuv) target=uv_a options=(-DBUILD_TESTING=OFF) ;;
    cunit) target=cunit options=(-DCUNIT_SOURCE="$source") source=$top/cmake/cunit ;;
    *) die "cmake/deps.sha256: no rule for $name" ;;
    esac
    logged "$work/$arch-$name.log" cmake -G Ninja -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_TOOLCHAIN_FILE="$top/cmake/windows-$arch.cmake" "${options[@]}" ||
        die "cannot configure $name for $arch"
    logged "$work/$arch-$name.log" cmake --build "$build" --target "$target" || die "cannot build $name for $arch"
    mkdir -p "$out/lib" "$out/include"
    case $name in
    jansson)
        find "$build" -name libjansson.a -exec cp {} "$out/lib/" \;
        cp "$build"/include/jansson.h "$build"/include/jansson_config.h "$out/include/"
        ;;
    libuv)
        cp "$build/libuv_a.a" "$out/lib/libuv.a"
        cp -R "$source/include/." "$out/include/"
        ;;
    cunit) logged "$work/$arch-$name.log" cmake --install "$build" --prefix "$out" ;;
    esac
    [ -f "$out/lib/lib${name#lib}.a" ] || die "building $name for $arch left no library"
}

describe_pin() {
    printf '%s %s, ' "$1" "${3%-dfsg}"
}

build_arch() {
    local arch=$1 work=$2 names
    names=$(each_pin describe_pin)
    say "building ${names%, } for Windows $arch (once)"
    each_pin fetch_pin "$work"
    each_pin build_pin "$arch" "$work" "$work/$arch"
    mkdir -p "$(dirname "$(prefix_of "$arch")")"
    mv -T "$work/$arch" "$(prefix_of "$arch")"
}

main() {
    local arch missing=()
    if [ "${1:-}" = --path ] && [ $# -eq 2 ]; then
        prefix_of "$2"
        return
    fi
    [ $# -gt 0 ] || die "usage: mingw-deps.sh ARCH… | --path ARCH"
    for arch in "$@"; do
        [ -f "$top/cmake/windows-$arch.cmake" ] || die "unknown architecture $arch"
        [ -d "$(prefix_of "$arch")" ] || missing+=("$arch")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    mkdir -p "$cache"
    # One builds, the others wait and find it done.
    exec 9>"$cache/deps.lock"
    flock 9
    work=$(mktemp -d "$cache/deps.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    for arch in "${missing[@]}"; do
        [ -d "$(prefix_of "$arch")" ] || build_arch "$arch" "$work"
    done
}

main "$@"
