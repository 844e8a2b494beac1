# The two forms of a package: a .deb and a tarball. Sourced by scripts/package, not run.
# shellcheck shell=bash
# shellcheck disable=SC2154  # names given by scripts/packaging/contents.sh

here=scripts/packaging

# Gives every file below FOLDER the rights a package has, whatever the umask, and the time of the commit.
normalise() {
    find "$1" -type d -exec chmod 0755 {} +
    find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# make_deb STAGE VERSION DEPENDENCIES FILE
make_deb() {
    local root="$1/deb" script
    install -D -m 0755 "$1/wissel" "$root/usr/bin/wissel"
    install_tools "$root/usr/lib/wissel"
    install_documents "$root/usr/share/doc/wissel"
    install -D -m 0644 "$here/system/wissel.service" "$root/usr/lib/systemd/system/wissel.service"
    install -D -m 0644 "$here/system/journald.conf" "$root/usr/lib/systemd/journald@wissel.conf.d/10-wissel.conf"
    install -D -m 0644 "$here/system/60-wissel.rules" "$root/usr/lib/udev/rules.d/60-wissel.rules"
    install -D -m 0644 "$here/system/needrestart.conf" "$root/etc/needrestart/conf.d/wissel.conf"
    mkdir -p "$root/etc/wissel"
    # No access key is in it yet; the first one that is put in is read by the node's group alone (postinst).
    configuration /var/lib/wissel/journal >"$root/etc/wissel/node.yaml"
    chmod 0644 "$root/etc/wissel/node.yaml"

    mkdir "$root/DEBIAN"
    sed -e "s|@VERSION@|$2|" -e "s|@DEPENDS@|$3, adduser|" \
        -e "s|@SIZE@|$(du -k --summarize --apparent-size "$root" | cut -f 1)|" "$here/debian/control" >"$root/DEBIAN/control"
    (cd "$root" && find etc -type f -printf '/%p\n' | LC_ALL=C sort) >"$root/DEBIAN/conffiles"
    (cd "$root" && find usr -type f -print0 | LC_ALL=C sort --zero-terminated | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    chmod 0644 "$root"/DEBIAN/*
    for script in postinst prerm postrm; do install -m 0755 -t "$root/DEBIAN" "$here/debian/$script"; done
    normalise "$root"
    # One thread: what several make of it depends on the machine.
    dpkg-deb --root-owner-group --threads-max=1 -Zzstd -z9 --build "$root" "$4" >/dev/null
}

# make_tarball STAGE VERSION DEPENDENCIES FILE
make_tarball() {
    local name="wissel-$2-debian12-amd64" root packages
    root="$1/$name"
    # Names alone, without versions.
    packages="$(sed -e 's/([^)]*)//g' -e 's/,/ /g' -e 's/  */ /g' <<<"$3")"
    install -D -m 0755 "$1/wissel" "$root/libexec/wissel"
    mkdir "$root/bin"
    sed "s|@PACKAGES@|$packages|" "$here/tarball/wissel" >"$root/bin/wissel"
    chmod 0755 "$root/bin/wissel"
    sed "s|@PACKAGES@|$packages|" "$here/tarball/README.md" >"$root/README.md"
    install_tools "$root/lib/wissel"
    install_documents "$root/share/doc/wissel"
    install -D -m 0644 "$here/system/wissel.service" "$here/system/journald.conf" "$here/system/60-wissel.rules" \
        -t "$root/share/wissel"
    configuration wissel-journal >"$root/share/wissel/node.yaml"
    chmod 0644 "$root/README.md" "$root/share/wissel/node.yaml"
    normalise "$root"
    tar --create --directory="$1" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu "$name" |
        zstd -q -9 -T1 -f -o "$4"
}
