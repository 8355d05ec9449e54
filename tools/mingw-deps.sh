#!/usr/bin/env bash
# mingw-deps.sh ARCH…         builds jansson, libuv and CUnit for Windows (x86_64, i686) where they are missing
# mingw-deps.sh --path ARCH   prints the folder that holds them (lib/, include/)
# The versions and hashes stand in cmake/deps.sha256. The sources come from the folder that
# VSSCTS_DEPS_ARCHIVES names, or from Debian's source packages. Both are checked, and built once.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$top/tools/apt-private.sh"

pins=$top/cmake/deps.sha256
archives=$cache/archives

# The prefix is named after everything that decides what is in it.
recipe=$(cat "$pins" "$top"/cmake/cunit/CMakeLists.txt "$top"/cmake/mingw.cmake "$top/tools/mingw-deps.sh" |
    sha256sum | cut -c1-12)

prefix_of() {
    printf '%s\n' "$cache/deps-$recipe/$1"
}

# each_pin FUNCTION ARG…: calls FUNCTION NAME PACKAGE VERSION HASH ARG… for every line of the pins.
each_pin() {
    local call=$1 name package version hash
    shift
    while read -r name package version hash <&3; do
        case $name in '' | '#'*) continue ;; esac
        "$call" "$name" "$package" "$version" "$hash" "$@"
    done 3<"$pins"
}

hash_of() {
    sha256sum <"$1" | cut -d' ' -f1
}

# keep_archive NAME VERSION HASH FILE: puts FILE into the cache if it is what was pinned.
keep_archive() {
    [ "$(hash_of "$4")" = "$3" ] || return 1
    mkdir -p "$archives"
    cp "$4" "$archives/$1-$2.part.$$"
    mv "$archives/$1-$2.part.$$" "$archives/$1-$2.tar"
}

hint="give the release archives in a folder instead: VSSCTS_DEPS_ARCHIVES=<folder> (hashes: cmake/deps.sha256)"

# fetch_pin NAME PACKAGE VERSION HASH WORK: makes sure that the archive is in the cache.
fetch_pin() {
    local name=$1 package=$2 version=$3 hash=$4 work=$5 file found='' seen=''
    file=$archives/$name-$version.tar
    [ -f "$file" ] && [ "$(hash_of "$file")" = "$hash" ] && return
    if [ -n "${VSSCTS_DEPS_ARCHIVES:-}" ]; then
        [ -d "$VSSCTS_DEPS_ARCHIVES" ] || die "VSSCTS_DEPS_ARCHIVES: no folder $VSSCTS_DEPS_ARCHIVES"
        for file in "$VSSCTS_DEPS_ARCHIVES"/*; do
            [ -f "$file" ] && keep_archive "$name" "$version" "$hash" "$file" && return
        done
        die "no file in $VSSCTS_DEPS_ARCHIVES has the pinned hash of $name $version ($hash)"
    fi
    command -v apt-get >/dev/null || die "no apt-get here to fetch the sources of $name with; $hint"
    [ -f "$work/apt.conf" ] || {
        say "reading the lists of source packages"
        prepare_apt "$work" deb-src "$(dpkg --print-architecture)"
    }
    while read -r file; do
        seen+=" ${file}"
        file=${file#*:}
        [ "${file%-*}" = "$version" ] && found=${seen##* }
    done < <(apt-cache -c "$work/apt.conf" showsrc --only-source "$package" 2>/dev/null | sed -n 's/^Version: //p')
    if [ -z "$seen" ]; then
        tail -n 5 "$work/update.log" >&2
        die "apt finds no source package $package; $hint"
    fi
    [ -n "$found" ] || die "apt has $package${seen}, the build wants $version; $hint"
    (cd "$work/fetched" && logged "$work/fetch.log" \
        apt-get -c "$work/apt.conf" source --download-only --tar-only "$package=$found") ||
        die "cannot fetch the source package $package=$found; $hint"
    for file in "$work/fetched/${package}"_*.orig.tar.*; do
        case $file in *.asc) continue ;; esac
        keep_archive "$name" "$version" "$hash" "$file" && return
    done
    die "the source of $package $found does not have the pinned hash $hash"
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
