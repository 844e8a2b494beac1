/// Interfaces of the kernel, by ioctl: what `ip address` and `ip link` do, without needing iproute2.
#ifndef CPLATFORM_INTERFACE_H
#define CPLATFORM_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

// Each returns 0 or a positive error number: ENODEV no such interface, EPERM no right (CAP_NET_ADMIN),
// ENAMETOOLONG a name over 15 bytes. They act in the calling thread's network namespace.

/// Gives the interface an IPv4 address and netmask, both in host byte order.
int cplatform_interface_set_ipv4(const char *name, uint32_t address, uint32_t netmask);
int cplatform_interface_set_mtu(const char *name, int mtu);
/// Length of the kernel's transmit queue in packets: for a TAP the burst it can take before it drops.
int cplatform_interface_set_transmit_queue_length(const char *name, int packets);
int cplatform_interface_set_up(const char *name, bool up);
/// Index of the interface (1…), as `AF_PACKET` sockets and netlink name it.
int cplatform_interface_index(const char *name, int *index);

/// Moves the calling thread into a fresh network namespace and brings its `lo` up. Other threads stay where they are.
int cplatform_unshare_network(void);

#endif
