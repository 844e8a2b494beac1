# Builds what a guest of the laboratory boots: Debian's kernel, unpacked and not installed, and an initial RAM file system
# with this repository's release binary, its scripts, DPDK's drivers and the few programs the scripts use.
# Sourced by scripts/lab, not run.
# shellcheck shell=bash
# shellcheck disable=SC2154  # names given by scripts/lab and scripts/common.sh

# Where everything of the laboratory lies; .build is not part of the repository.
laboratory="$repository/.build/lab"

# Modules a guest loads, each with what it depends on: the road to the NIC through the IOMMU, the NICs' own kernel drivers
# (a server's ports are the kernel's before they are DPDK's), and the disk of the journal.
guest_modules=(vfio-pci vfio_iommu_type1 e1000e virtio_pci virtio_net nvme ext4 crc32c_generic)

# Programs for our scripts and for a person at `scripts/lab shell`.
guest_programs=(
    bash cat chmod seq pidof cp cut date dd df dirname echo env find grep head id ip kill ln ls mkdir mktemp modprobe mount mv nproc
    ping ps pwd readlink rm rmdir sed sleep sort stat stty sync tail taskset tee timeout touch tr umount uname wc awk base64
    insmod lsmod dmesg kmod sh basename setsid sha256sum od
)

# Poll-mode drivers; EAL loads whatever lies in its folder.
guest_drivers=(bus_pci bus_vdev mempool_ring net_e1000 net_virtio net_ring net_null net_af_packet)

# What of the repository a guest has, in /opt/wissel.
guest_files=(hugepages/{reserve,release,status,pools.sh} scripts/{nic,machine.sh} scripts/ports/{inventory,binding}.sh scripts/rack/node.yaml)

kernel_package() { apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image-/ {print $2; exit}'; }

# Fetches and unpacks the kernel Debian ships; nothing is installed.
fetch_kernel() {
    local package version folder="$laboratory/kernel"
    package="$(kernel_package)"
    if [ -z "$package" ]; then
        as_root apt-get update >/dev/null 2>&1 || true
        package="$(kernel_package)"
    fi
    [ -n "$package" ] || fail "apt knows no linux-image-amd64, which the guests boot: add Debian's own source of packages (sources.list(5))"
    version="$package $(apt-cache policy "$package" | awk '/Candidate:/ {print $2}')"
    [ "$(cat "$folder/package" 2>/dev/null)" != "$version" ] || return 0
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && apt-get download "$package" >/dev/null 2>"$folder/log") ||
        fail "apt-get could not download $package: $(tail -n 1 "$folder/log")"
    dpkg -x "$folder"/*.deb "$folder/root"
    rm "$folder"/*.deb
    printf '%s\n' "$version" >"$folder/package"
}

# Copies FILE into the image at the same place, and every link on the way to it as a link: a driver that DPDK meets under two
# paths would be loaded twice, and the second time ends the process ("tailq is already registered").
add_file() {
    local file="$1" target
    while true; do
        [ ! -e "$image$file" ] && [ ! -L "$image$file" ] || return 0
        mkdir -p "$image${file%/*}"
        cp -a "$file" "$image$file"
        [ -L "$file" ] || return 0
        target="$(readlink "$file")"
        case "$target" in /*) file="$target" ;; *) file="$(realpath -s "${file%/*}/$target")" ;; esac
    done
}

# Where a file really lies when its folder is a link, as /lib is on Debian.
canonical() { printf '%s/%s' "$(realpath "${1%/*}")" "${1##*/}"; }

# A program or library with everything the loader gives it.
add_program() {
    local library
    add_file "$(canonical "$1")"
    while read -r library; do add_file "$(canonical "$library")"; done < <(
        ldd "$1" 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// {print $3} $1 ~ /^\// {print $1}')
}

add_modules() {
    local source="$laboratory/kernel/root" release module file
    release="$(ls "$source/lib/modules")"
    depmod -b "$source" "$release"
    for module in "${guest_modules[@]}"; do
        while read -r _ file _; do
            mkdir -p "$image/usr${file%/*}"
            cp -n "$source$file" "$image/usr$file"
        done < <(modprobe -d "$source" -S "$release" --show-depends "$module" | sed -n "s| $source| |p; /^insmod \//p" | sort -u)
    done
    cp "$source/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$image/usr/lib/modules/$release/"
    depmod -b "$image" "$release"
}

# The image, made anew when anything that goes into it has changed. Those named are added, such as dpdk-testpmd for
# `scripts/lab bench`, which brings half of all drivers with it and so is not in the image of the tests.
# build_image [PROGRAM…]
build_image() {
    local binary="$repository/.build/release/wissel" stamp program driver folder
    image_file="$laboratory/image${1:+-with-$1}.cpio"
    [ -x "$binary" ] || fail "no release binary: 'swift build -c release' first (scripts/lab build does)"
    fetch_kernel
    stamp="$(cd "$repository" && cat "$laboratory/kernel/package" && sha256sum "$binary" "${guest_files[@]}" scripts/rack/image.sh scripts/rack/init)"
    if [ "$(cat "$image_file.stamp" 2>/dev/null)" = "$stamp" ] && [ -s "$image_file" ]; then return; fi
    image="$laboratory/image"
    rm -rf "$image" "$image_file.stamp"
    mkdir -p "$image"/{usr/bin,usr/sbin,usr/lib,usr/lib64,dev,proc,sys,run,tmp,root,etc,var/lib/wissel}
    ln -s /run "$image/var/run"
    ln -s usr/bin "$image/bin"
    ln -s usr/sbin "$image/sbin"
    ln -s usr/lib "$image/lib"
    ln -s usr/lib64 "$image/lib64"
    for program in "${guest_programs[@]}" "$@"; do
        program="$(type -P "$program")" || fail "the guest needs '$program', which is not installed here"
        add_program "$program"
    done
    add_program "$binary"
    mkdir -p "$image/opt/wissel"
    cp "$binary" "$image/usr/bin/wissel"
    rm -r "${image:?}${binary%/release/*}"
    (cd "$repository" && cp --parents "${guest_files[@]}" "$image/opt/wissel/")
    # stdbuf's library is loaded by name.
    if [[ " $* " = *" stdbuf "* ]]; then add_file "$(canonical "$(find /usr/libexec/coreutils /usr/lib -name libstdbuf.so -print -quit 2>/dev/null)")"; fi
    for folder in /usr/lib/x86_64-linux-gnu/dpdk/pmds-*; do
        for driver in "${guest_drivers[@]}"; do
            add_program "$folder/librte_$driver.so"
        done
    done
    # Debian has each driver in the general folder too, as a link; drivers find the ones they need there.
    for driver in "$image"/usr/lib/x86_64-linux-gnu/dpdk/pmds-*/*.so.*; do
        driver="/usr/lib/x86_64-linux-gnu/${driver##*/}"
        if [ -L "$driver" ]; then add_file "$driver"; fi
    done
    add_modules
    printf 'root:x:0:0:root:/root:/bin/bash\n' >"$image/etc/passwd"
    printf 'root:x:0:\n' >"$image/etc/group"
    install -m 755 "$repository/scripts/rack/init" "$image/init"
    cp /etc/ld.so.conf "$image/etc/"
    cp -r /etc/ld.so.conf.d "$image/etc/"
    /sbin/ldconfig -r "$image" 2>/dev/null || true
    # Not compressed: what QEMU hands over is memory, and unpacking would be done by an emulated CPU.
    (cd "$image" && find . -print0 | cpio --null --create --format=newc --quiet --owner=0:0) >"$image_file"
    rm -rf "$image"
    printf '%s' "$stamp" >"$image_file.stamp"
}
