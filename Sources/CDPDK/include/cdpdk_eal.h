/// The environment abstraction layer: start, stop, threads, error texts, virtual devices.
#ifndef CDPDK_EAL_H
#define CDPDK_EAL_H

#include <stdbool.h>
#include <stdint.h>

/// `rte_eal_init` with the caller's CPU affinity restored afterwards (EAL pins the calling thread to the main lcore).
/// `argv` and its strings must live until the process ends. Returns 0 or a positive error number.
int cdpdk_eal_init(int argc, char **argv);

/// `rte_eal_cleanup`. EAL cannot be started again in this process. Returns 0 or a positive error number.
int cdpdk_eal_cleanup(void);

/// Name and number of the DPDK release that is loaded (`rte_version`).
const char *cdpdk_version(void);

/// Number of the DPDK release whose headers this was compiled with, such as "22.11.11".
const char *cdpdk_header_version(void);

/// How devices see memory: "physical" or "virtual" addresses (`rte_eal_iova_mode`), "undecided" before the start.
const char *cdpdk_address_mode(void);

/// Folder EAL loads its drivers from; empty when they are linked in.
const char *cdpdk_driver_folder(void);

/// Text of an error number, DPDK's own ones included (`rte_strerror`). Valid until the thread's next call.
const char *cdpdk_error_text(int error_number);

/// Gives the calling thread an lcore identifier, so that mempool caches work for it. Returns 0 or a positive error.
int cdpdk_thread_register(void);

/// Gives the lcore identifier of a thread registered above back.
void cdpdk_thread_unregister(void);

/// Gives the calling thread the identifier of an lcore that EAL made and nobody uses, or none for -1. Registering, which
/// makes an identifier of its own, for ever forbids secondary processes to attach; this does not.
void cdpdk_thread_adopt_lcore(int lcore);

/// The calling thread's lcore identifier, or -1 for a thread that EAL does not know.
int cdpdk_thread_lcore(void);

/// Lowest CPU the calling thread may run on, or -1 when the affinity cannot be read.
int cdpdk_lowest_allowed_cpu(void);

/// Number of lcores this DPDK was built for (`RTE_MAX_LCORE`).
int cdpdk_maximum_lcores(void);

/// Adds a device to a bus (`rte_eal_hotplug_add`). Returns 0 or a positive error number.
int cdpdk_device_add(const char *bus, const char *name, const char *arguments);

/// Takes a device from its bus (`rte_eal_hotplug_remove`). Returns 0 or a positive error number.
int cdpdk_device_remove(const char *bus, const char *name);

/// Ignores SIGIO unless the program handles it. net_tap asks the kernel for a real-time signal per received frame; when
/// that signal's queue overflows, the kernel sends SIGIO instead, whose default action ends the process.
void cdpdk_ignore_unhandled_sigio(void);

#endif
