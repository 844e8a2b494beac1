# What goes into the packages: the program, the tools for the machine, documents and licences. Sourced by scripts/package
# and scripts/packaging/test, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # names given to scripts/package, and by scripts/common.sh

# A folder of its own: objects built for the static library do not mix with the others. Paths of this machine, which
# assertions of C code hold, become relative ones. The search path $ORIGIN would look for libraries in /usr/bin. A build-id
# is made of all contents, and what the compiler notes for itself among them differs from build to build.
static_build=(
    -c release --product wissel --static-swift-stdlib --scratch-path .build/package --disable-local-rpath
    -Xcc "-ffile-prefix-map=$repository=." -Xswiftc -file-prefix-map -Xswiftc "$repository=." -Xlinker --build-id=none
)
static_binary=.build/package/release/wissel

# What the program loads at run time, which no look at it can tell.
loaded_packages=(
    librte-meta-net        # the poll-mode drivers of all NICs and virtual devices
    librte-meta-bus        # the buses they sit on
    librte-meta-mempool    # the ring that memory pools are made of
)

# The program's version; between releases with the commit's time, so that a later one is newer for apt, and its hash.
source_version() {
    local version
    version="$(sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/WisselCLI/Wissel.swift)"
    if [ "$(git describe --exact-match --tags 2>/dev/null)" != "v$version" ]; then
        version+="+git$(TZ=UTC git log -1 --date=format-local:%Y%m%d.%H%M%S --format=%cd).$(git log -1 --format=%h)"
        git diff --quiet HEAD || version+=".changed"
    fi
    printf '%s' "$version"
}

# Makes STAGE/wissel and STAGE/wissel.debug of the binary that was built. What differs from build to build of one source
# stays out of the program: the hashes of modules, which only the compiler reads, and the link to the debug information,
# which is a checksum of it.
strip_program() {
    objcopy --only-keep-debug "$static_binary" "$1/wissel.debug"
    strip --remove-section=.swift_modhash -o "$1/wissel" "$static_binary"
}

# The packages PROGRAM needs, as the Depends: of a package, one line.
program_dependencies() {
    local folder needed
    folder="$(mktemp -d)"
    mkdir "$folder/debian"
    printf 'Source: wissel\n\nPackage: wissel\nArchitecture: amd64\n' >"$folder/debian/control"
    needed="$(cd "$folder" && dpkg-shlibdeps -O "$1" 2>/dev/null)" || fail "dpkg-shlibdeps could not read $1"
    rm -r "$folder"
    needed="${needed#shlibs:Depends=}"
    printf '%s' "$needed"
    printf ', %s' "${loaded_packages[@]}"
}

# The tools that prepare a machine: below FOLDER as they lie in the repository, because they find each other so.
install_tools() {
    install -D -m 0755 -t "$1/hugepages" hugepages/reserve hugepages/release hugepages/status
    install -D -m 0644 -t "$1/hugepages" hugepages/pools.sh hugepages/README.md
    install -D -m 0755 -t "$1/scripts" scripts/nic
    install -D -m 0644 -t "$1/scripts" scripts/machine.sh
    install -D -m 0644 -t "$1/scripts/ports" scripts/ports/*.sh
}

install_documents() {
    install -D -m 0644 scripts/packaging/README.md "$1/README.md"
    install -D -m 0644 Sources/OrderEntry/README.md "$1/order-entry.md"
    install -D -m 0644 Sources/Journal/README.md "$1/journal.md"
    install -D -m 0644 LICENSE "$1/LICENSE"
    notices >"$1/copyright"
    chmod 0644 "$1/copyright"
}

# The example configuration as an installation has it. The keys of the example are known to everybody, so the node does
# not start until somebody has put in others.
configuration() {
    "$static_binary" run --print-config | sed \
        -e '1s|.*|# The configuration of wissel.service. Check it: wissel run --check --config /etc/wissel/node.yaml|' \
        -e "s|directory: wissel-journal|directory: $1|" \
        -e 's|accessKey: [0-9a-f]*.*|accessKey: CHANGE-ME             # 16 to 32 characters: openssl rand -hex 16|'
}

# Whose work is in the program, and under which terms.
notices() {
    local folder license toolchain
    toolchain="$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")"
    cat <<'TEXT'
Wissel is distributed under the Apache License, Version 2.0; its text is in the file LICENSE beside this one, and on Debian
in /usr/share/common-licenses/Apache-2.0.

Linked into the program are the works below, under the terms that follow each.
TEXT
    for folder in .build/package/checkouts/*/; do
        license="$(find "$folder" -maxdepth 1 -iname 'LICENSE*' | head -n 1)"
        [ -n "$license" ] || fail "$folder has no licence: say in scripts/packaging/contents.sh under which terms it is"
        printf '\n=== %s %s\n\n' "$(basename "$folder")" "$(git -C "$folder" describe --tags)"
        cat "$license"
    done
    printf '\n=== The Swift standard library, Foundation and Dispatch (Swift %s)\n\n' \
        "$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9.]+' | head -n 1 | cut -d ' ' -f 3)"
    cat "$toolchain/share/swift/LICENSE.txt"
    printf '\n=== International Components for Unicode, in Foundation\n\n'
    cat scripts/packaging/licenses/unicode.txt
}
