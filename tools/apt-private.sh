# shellcheck shell=bash
# An apt of our own over the machine's sources: it needs no root and changes nothing on the machine. Source it.

# write_sources FOLDER TYPE: the apt sources of this machine as entries of one type (deb, deb-src), in FOLDER.
write_sources() {
    local parts=$1 type=$2 list='' dir='' file n=0
    eval "$(apt-config shell list Dir::Etc::sourcelist/f dir Dir::Etc::sourceparts/d)"
    for file in "$list" "$dir"/*.list "$dir"/*.sources; do
        [ -f "$file" ] || continue
        n=$((n + 1))
        case $file in
        *.sources) sed -E "s/^Types:.*/Types: $type/; /^Architectures:/d" "$file" >"$parts/$n.sources" ;;
        *)
            sed -nE "s/^[[:space:]]*deb(-src)?[[:space:]]+/$type /p" "$file" |
                sed -E 's/\[([^]]*)\barch=[^] ]*([^]]*)\]/[\1\2]/; s/\[[[:space:]]*\] *//' |
                sort -u >"$parts/$n.list"
            ;;
        esac
    done
}

# prepare_apt WORK TYPE ARCH: makes WORK/apt.conf, for apt-get -c and for APT_CONFIG, and reads the lists. A source that
# cannot be read is no error yet: it may be one that nothing wanted comes from.
prepare_apt() {
    local work=$1 type=$2 arch=$3
    mkdir -p "$work"/{parts,lists/partial,archives/partial,fetched}
    : >"$work/status"
    write_sources "$work/parts" "$type"
    cat >"$work/apt.conf" <<CONF
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$work/parts";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work";
Debug::NoLocking "1";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
CONF
    apt-get -q -c "$work/apt.conf" update >"$work/update.log" 2>&1 || true
}
