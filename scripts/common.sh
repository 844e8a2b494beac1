# Shared by the scripts of this folder: talking to the person, rights, packages. Sourced, not run.
# shellcheck shell=bash

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export repository
readonly repository

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
note() { printf '   %s\n' "$*"; }
fail() {
    printf '\n\033[1;31merror:\033[0m %s\n' "$*" >&2
    exit 1
}

# Runs a command with root's rights: directly when we have them, else through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$*' needs root: run this script as root, or install sudo"
    fi
}

# Everything the build, the demonstration and the tests take from Debian, with the reason.
debian_packages=(
    libdpdk-dev    # the poll-mode drivers and their headers
    dpdk-dev       # dpdk-testpmd and dpdk-test, the peers of our benchmarks; dpdk-dumpcap
    libpcap-dev    # the language of capture filters
    tcpdump        # reads our captures in the tests, so that not only we say they are right
    libnuma-dev    # which memory is near which core
    libisal-dev    # CRC-64 of the journal's blocks
    liburing-dev   # asynchronous direct writes of the journal
    libzstd-dev    # captures are kept compressed
    iproute2       # test interfaces in their own network namespace
    iputils-ping   # the test through the TAP asks the node for an echo
    binutils       # objdump, for the check of the machine code
    python3        # the check itself
    qemu-system-x86 # the laboratory: guests with NUMA nodes, an IOMMU and NICs
    kmod           # which kernel modules a guest needs, and their order
    cpio           # what a guest boots from
    e2fsprogs      # the guest's disk
    shellcheck     # our scripts are checked like our code
    dpkg-dev       # dpkg-shlibdeps: which packages our package needs
    zstd           # the packages are compressed with it
    debootstrap    # the bare Debian our packages are tried in
)

install_packages() {
    local missing=() package
    for package in "${debian_packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        note "Debian packages: all ${#debian_packages[@]} are installed"
        return
    fi
    note "installing Debian packages: ${missing[*]}"
    local log
    log="$(mktemp)"
    if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        fail "apt-get could not install ${missing[*]}; the lines above say why (whole log: $log)"
    fi
    rm -f "$log"
}

require_swift() {
    command -v swift >/dev/null || fail "no 'swift' in PATH: install the Swift 6.3 toolchain from https://www.swift.org/install and put its bin folder into PATH"
    local version
    version="$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | head -n 1 | grep -oE '[0-9]+\.[0-9]+')"
    case "$version" in
        6.[3-9]* | [7-9].*) note "Swift $version" ;;
        *) fail "Swift $version is too old: Wissel needs 6.3 (https://www.swift.org/install)" ;;
    esac
}

# Prints the output of a long command as one moving line; all of it when the command fails.
quietly() {
    local title="$1" log started
    shift
    log="$(mktemp)"
    started="$SECONDS"
    if [ -t 1 ]; then
        "$@" >"$log" 2>&1 &
        local job=$!
        while kill -0 "$job" 2>/dev/null; do
            printf '\r   %s … %d s  %.60s\033[K' "$title" "$((SECONDS - started))" "$(tail -n 1 "$log" | tr -d '\r')"
            sleep 1
        done
        printf '\r\033[K'
        wait "$job" || { cat "$log" >&2; fail "$title failed; its output is above"; }
    else
        "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "$title failed; its output is above"; }
    fi
    note "$title: $((SECONDS - started)) s"
    rm -f "$log"
}
