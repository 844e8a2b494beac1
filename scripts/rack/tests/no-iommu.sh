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
guest_stop bare
