# What the packages have to hold to in a bare Debian, in the order of an operator's life with them. Sourced by
# scripts/packaging/test, not run.
# shellcheck shell=bash
# shellcheck disable=SC2154  # names given by scripts/packaging/test and scripts/packaging/bare-debian.sh

# expect STATUS TEXT COMMAND…: runs it and looks at its exit status and for TEXT in what it says.
expect() {
    local status="$1" text="$2" found=0 said
    shift 2
    said="$("$@" 2>&1)" || found=$?
    [ "$found" -eq "$status" ] || fail "'$*' left with $found, not $status: $said"
    [[ "$said" == *"$text"* ]] || fail "'$*' does not say '$text': $said"
}

property() { within systemctl show --property="$1" --value wissel.service; }

# until_it_is PROPERTY VALUE: waits up to 20 s for the service.
until_it_is() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        [ "$(property "$1")" != "$2" ] || return 0
        sleep 0.2
    done
    within journalctl --namespace=wissel --lines=30 --no-pager >&2
    fail "$1 of wissel.service is '$(property "$1")' and does not become '$2'"
}

# until_it_says TEXT: the same for the service's log.
until_it_says() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        ! within journalctl --namespace=wissel --no-pager | grep -qF "$1" || return 0
        sleep 0.2
    done
    fail "wissel.service does not say '$1'"
}

send_orders() {
    expect 0 "checks          passed" within wissel load --key "$1" --local 198.18.0.1 --rate 2000 --seconds 1
}

journal_sum() { (cd "$root/var/lib/wissel/journal" && sha256sum wissel-*.journal); }

try_packages() {
    local started="$SECONDS"
    make_debian
    try_tarball
    try_installation
    try_service
    try_upgrade
    try_removal
    note "install, run, upgrade, remove and purge in a bare Debian 12: $((SECONDS - started)) s"
}

# Before anything of the package's is there.
try_tarball() {
    local here=/opt/anywhere/else needed
    mkdir -p "$root$here" "$root/usr/local/bin"
    zstd -q -d -c "$packages"/wissel-0.0.1-debian12-amd64.tar.zst | tar --extract --strip-components=1 --directory="$root$here"
    ln -s "$here/bin/wissel" "$root/usr/local/bin/wissel"
    expect 78 "librte_eal.so" enter wissel --version
    needed="$(enter wissel --version 2>&1 | sed -n 's/.*apt install --no-install-recommends //p')" || true
    quietly "apt-get update" enter apt-get update
    # The line a person would paste.
    # shellcheck disable=SC2086  # several words
    quietly "apt-get install what the tarball asks for" enter apt-get install -y --no-install-recommends $needed
    expect 0 "" enter wissel --version
    ! enter ldd "$here/libexec/wissel" | grep -E 'libswift|libFoundation|not found' || fail "the program needs what is not there"
    [ -z "$(find "$root" -xdev -name 'libswift*' -o -xdev -name 'libFoundation*' | head -n 1)" ] || fail "a Swift library is there"
    expect 0 "MiB total" enter "$here/lib/wissel/hugepages/status"
    expect 0 "reserve" enter "$here/lib/wissel/hugepages/reserve" --help
    expect 0 "restore" enter "$here/lib/wissel/scripts/nic" --help
    rm -r "$root/usr/local/bin/wissel"
    note "the tarball names the packages it lacks, and runs where they are, from a folder of any name and through a link"
}

try_installation() {
    cp "$packages"/wissel_*.deb "$root/root/"
    quietly "apt-get install ./wissel_0.0.1_amd64.deb, systemd" \
        enter apt-get install -y --no-install-recommends /root/wissel_0.0.1_amd64.deb systemd systemd-sysv udev dbus
    expect 0 "root wissel 640" enter stat -c '%U %G %a' /etc/wissel/node.yaml
    expect 0 "root wissel 750" enter stat -c '%U %G %a' /etc/wissel
    expect 0 "root root 755" enter stat -c '%U %G %a' /var/lib/wissel
    expect 0 "wissel wissel 750" enter stat -c '%U %G %a' /var/lib/wissel/journal
    expect 0 "" enter systemd-analyze verify wissel.service
    # 0 is a service that can do nothing, 10 one that can do everything; ten times that. What is left: see the unit.
    expect 0 "exposure level" enter systemd-analyze security --no-pager --threshold=25 --offline=true \
        /usr/lib/systemd/system/wissel.service
    note "unit: $(enter systemd-analyze security --no-pager --offline=true /usr/lib/systemd/system/wissel.service |
        grep -oE 'exposure level .*: [0-9.]+' | grep -oE '[0-9.]+$') of 10 exposed (systemd-analyze security)"
}

try_service() {
    local process key
    boot
    expect 1 "disabled" within systemctl is-enabled wissel
    expect 3 "inactive" within systemctl is-active wissel
    # Keys that everybody knows are in no package.
    expect 78 "accessKey" within wissel run --check --config /etc/wissel/node.yaml
    expect 1 "" within systemctl start wissel
    expect 0 "78" property ExecMainStatus
    expect 0 "0" property NRestarts
    until_it_says accessKey
    key="$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')"
    sed -i "s/CHANGE-ME  */$key /" "$root/etc/wissel/node.yaml"
    expect 0 "right" within wissel run --check --config /etc/wissel/node.yaml
    within systemctl reset-failed wissel

    expect 0 "network drivers" within wissel doctor --config /etc/wissel/node.yaml
    expect 0 "journal" within wissel plan --config /etc/wissel/node.yaml
    within systemctl enable --now --quiet wissel
    process="$(property MainPID)"
    # Which take no right: they are taken in memory, not as files.
    until_it_says "memory:   $memory"
    # The user wissel with CAP_NET_ADMIN and CAP_NET_RAW, and no way to get more.
    expect 0 "CapEff:	0000000000003000" within grep CapEff "/proc/$process/status"
    expect 0 "NoNewPrivs:	1" within grep NoNewPrivs "/proc/$process/status"
    expect 0 "wissel" within stat -c %U "/proc/$process"
    send_orders "$key"
    within wissel capture -o /root/capture.pcapng --count 20 >/dev/null 2>&1 &
    send_orders "$key"
    wait $! || fail "root could not capture from the service"
    within systemctl reload wissel
    until_it_says "filter:   as before"
    expect 0 "No entries" within journalctl --unit=wissel --no-pager _TRANSPORT=stdout
    # Where systemd itself may not raise limits (LimitNICE), a container, Dispatch says that its priority stays as it is.
    ! within journalctl --namespace=wissel --no-pager | grep -v 'set thread priority' | grep -iE 'failed|denied|permitted' ||
        fail "the unit keeps something from the node"
    note "service: started by its operator, ready, orders journaled, captured from, reloaded"

    # A node that hangs is not alive, though its process is there.
    mkdir -p "$root/etc/systemd/system/wissel.service.d"
    printf '[Service]\nWatchdogSec=2\n' >"$root/etc/systemd/system/wissel.service.d/test.conf"
    within systemctl daemon-reload
    within systemctl restart wissel
    within sh -c "kill -STOP $(property MainPID)"
    until_it_is NRestarts 1
    until_it_is ActiveState active
    until_it_says recovered:
    within sh -c "kill -KILL $(property MainPID)"
    until_it_is NRestarts 2
    until_it_is ActiveState active
    send_orders "$key"
    rm "$root/etc/systemd/system/wissel.service.d/test.conf"
    within systemctl daemon-reload
    note "service: restarted after it hung and after it was killed, with the journal replayed"
}

try_upgrade() {
    local process before unattended=(-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
    process="$(property MainPID)"
    before="$(sha256sum "$root/etc/wissel/node.yaml")"
    expect 0 "goes on as the version before" within apt-get install -y /root/wissel_0.0.2_amd64.deb
    expect 0 "$process" property MainPID
    [ "$(sha256sum "$root/etc/wissel/node.yaml")" = "$before" ] || fail "the upgrade changed the configuration"
    within systemctl restart wissel

    # A version whose example is another one: the operator's stays, the new one lies beside it.
    dpkg-deb --raw-extract "$packages/wissel_0.0.2_amd64.deb" "$bare/other"
    sed -i 's/^Version: .*/Version: 0.0.3/' "$bare/other/DEBIAN/control"
    echo "# a new key" >>"$bare/other/etc/wissel/node.yaml"
    dpkg-deb --root-owner-group -Znone --build "$bare/other" "$root/root/wissel_0.0.3_amd64.deb" >/dev/null
    rm -r "$bare/other"
    expect 0 "" within apt-get install -y "${unattended[@]}" /root/wissel_0.0.3_amd64.deb
    [ "$(sha256sum "$root/etc/wissel/node.yaml")" = "$before" ] || fail "an upgrade with another example changed the configuration"
    expect 0 "a new key" within cat /etc/wissel/node.yaml.dpkg-dist
    expect 0 "root wissel 640" within stat -c '%U %G %a' /etc/wissel/node.yaml
    expect 0 "" within apt-get install -y "${unattended[@]}" --allow-downgrades /root/wissel_0.0.2_amd64.deb
    expect 0 "active" within systemctl is-active wissel
    note "upgrade and roll back: the node goes on, the configuration stays"
}

try_removal() {
    local journal tool=/usr/lib/wissel/hugepages
    expect 0 "huge pages" within "$tool/reserve" --count 2 --tag boot --persistent
    expect 0 "" within test -f /etc/systemd/system/wissel-hugepages-boot.2048kB.service
    expect 0 "given back" within apt-get remove -y wissel
    expect 1 "" within test -e /etc/systemd/system/wissel-hugepages-boot.2048kB.service
    expect 1 "" within sh -c 'grep -qsx wissel /proc/[0-9]*/comm'
    expect 1 "" within test -e /usr/bin/wissel
    expect 1 "" within test -e /etc/systemd/system/multi-user.target.wants/wissel.service
    expect 0 "" within test -f /etc/wissel/node.yaml
    journal="$(journal_sum)"
    expect 0 "kept /var/lib/wissel" within apt-get purge -y wissel
    [ "$(journal_sum)" = "$journal" ] || fail "purge changed the journal"
    expect 1 "" within test -e /etc/wissel
    # With the tarball, which is still there, and a configuration like the one that is gone.
    sed -e 's|directory: wissel-journal|directory: /var/lib/wissel/journal|' -e 's/CHANGE-ME/0123456789abcdef/' \
        "$root/opt/anywhere/else/share/wissel/node.yaml" >"$root/root/node.yaml"
    expect 0 "state" within /opt/anywhere/else/bin/wissel replay --config /root/node.yaml
    note "removed and purged: stopped, huge pages given back, the journal whole and replayed"

    rm -r "$root/var/lib/wissel"
    expect 0 "" within deluser --quiet wissel
}
