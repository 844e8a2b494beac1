# The same machine with the IOMMU switched off in the firmware.
# shellcheck shell=bash disable=SC2154

say "No IOMMU"
guest_start bare --no-iommu "$(tap_device 0 bare0)"
guest_wait bare
in_guest bare "one port of the kernel's" 'scripts/nic list'
port="$(awk '$3 == "e1000e" {print $1}' <<<"$seen")"
refused bare "scripts/nic does not bind it" 78 'IOMMU' "scripts/nic bind $port"
in_guest bare "   and has left it alone" "readlink /sys/bus/pci/devices/$port/driver"
says "   with the kernel's driver" 'drivers/e1000e$'
refused bare "the node does not start" 78 'FAIL iommu .*vfio-pci' "
    mkdir -p /var/lib/wissel/journal; hugepages/reserve --count 64 --node 0
    sed '/device: pci:NIC1/,+2d; s/NIC0/$port/' scripts/rack/node.yaml >/run/node.yaml; wissel run --config /run/node.yaml"

# A check that cannot fail is none: the same node on the same port, by the kernel's driver and a packet socket.
interface="$(guest bare "ls /sys/bus/pci/devices/$port/net")"
in_guest bare "the kernel's interface of the port is up" "ip link set $interface up; sed 's/pci:$port/af_packet:$interface/; s/hugePages: required/hugePages: auto/' /run/node.yaml >/run/kernel.yaml"
seen="$(node_start bare /run/kernel.yaml)" || failed "a node on a packet socket starts" "$seen"
if reached_by_vfio bare "$port"; then failed "a node on a packet socket is taken for one on vfio-pci" "$seen"; fi
passed "a node on the kernel's driver and a packet socket is found out"
printf '%s\n' "$seen" | sed 's/^/       /'
seen="$(node_stop bare)" || failed "it stops" "$seen"
guest_stop bare
