# A bare Debian 12 in a folder: made by debootstrap, entered by chroot, and booted with its own systemd in namespaces of its
# own. Sourced by scripts/packaging/test, which runs as root in a mount namespace of its own; not run.
# shellcheck shell=bash

# The folder of everything; the system is in $root. Exported for what `enter` starts.
bare="" root="" control_group="" init=""

# What apt of this machine is set up to take Debian from: lines "URI SUITE".
debian_sources() {
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        sed -nE 's/^(.* bookworm(-updates|-security)?) main$/\1/p' | sort -u
}

# Makes the system. Only what must be there, so that what the package forgot to ask for is missing.
make_debian() {
    local sources mirror
    bare="$(mktemp -d /var/tmp/wissel-bare-XXXXXX)"
    export root="$bare/root"
    sources="$(debian_sources)"
    mirror="$(awk '$2 == "bookworm" { print $1; exit }' <<<"$sources")"
    [ -n "$mirror" ] || fail "apt of this machine has no source with 'bookworm': give it Debian 12's in /etc/apt/sources.list"
    case "$mirror" in https:*) set -- --include=ca-certificates ;; *) set -- ;; esac
    quietly "debootstrap, minimal" debootstrap --variant=minbase "$@" bookworm "$root" "$mirror"
    awk '{ print "deb", $1, $2, "main" }' <<<"$sources" >"$root/etc/apt/sources.list"
    apt-config dump | sed -nE '/^Acquire::[a-z]+::Proxy/p' >"$root/etc/apt/apt.conf.d/90proxy"
    cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
    # It lives for minutes: no waiting for the disk, and nothing is started by an installation.
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/90quick"
    echo wissel-test >"$root/etc/hostname"
}

# In new namespaces: mounts what a system expects. Devices are few and its own, so that nothing reaches the machine's.
furnish() {
    local device
    # A mount point itself: services with namespaces of their own need one at their root.
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    mkdir "$root/dev/net" "$root/dev/pts" "$root/dev/shm"
    for device in null zero full random urandom tty net/tun; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
}
export -f furnish

# Runs a command in the system while it is not booted, with the machine's network.
enter() {
    # shellcheck disable=SC2016  # expanded inside
    unshare --mount --propagation private --pid --fork --kill-child bash -ec '
        furnish
        exec chroot "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' - "$@"
}

# Boots the system: its own processes, network and cgroups.
boot() {
    local tries process
    mkdir "$bare/cgroup"
    mount -t cgroup2 cgroup2 "$bare/cgroup" ||
        fail "no cgroup2 can be mounted: run this on a machine, or in a container with all capabilities"
    control_group="$bare/cgroup/${bare##*/}"
    mkdir "$control_group"
    # shellcheck disable=SC2016  # expanded inside
    (
        echo "$BASHPID" >"$control_group/cgroup.procs"
        exec unshare --mount --propagation private --pid --fork --kill-child --cgroup --ipc --uts --net bash -ec '
            furnish
            umount --lazy "$root/sys/fs/cgroup"
            mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
            ip link set lo up
            container=wissel-test exec chroot "$root" /lib/systemd/systemd' </dev/null >"$bare/boot.log" 2>&1
    ) &
    for ((tries = 0; tries < 150; tries++)); do
        sleep 0.2
        # Until it has become systemd the process is still on its way into the folder.
        while read -r process; do
            ! grep -qsx systemd "/proc/$process/comm" || init="$process"
        done < <(cat "$control_group/cgroup.procs" "$control_group/init.scope/cgroup.procs" 2>/dev/null)
        [ -n "$init" ] || continue
        case "$(within timeout 5 systemctl is-system-running 2>/dev/null)" in running | degraded) return ;; esac
    done
    fail "systemd did not come up within 30 s: $(tail -n 5 "$bare/boot.log")"
}

# Runs a command in the booted system.
within() {
    nsenter --target "$init" --mount --pid --net --cgroup --uts --ipc --root --wd \
        env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# Ends everything and removes it. The mounts are in namespaces that end with their processes.
remove_debian() {
    local group
    if [ -n "$control_group" ]; then
        [ -z "$init" ] || kill -KILL "$init" 2>/dev/null || true
        wait
        while read -r group; do rmdir "$group" || true; done < <(find "$control_group" -depth -type d)
        umount "$bare/cgroup"
    fi
    [ -z "$bare" ] || rm -rf --one-file-system "$bare"
}
