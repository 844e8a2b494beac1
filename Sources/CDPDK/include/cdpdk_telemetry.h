/// DPDK's telemetry socket: commands of our own, and what a secondary process needs to attach.
#ifndef CDPDK_TELEMETRY_H
#define CDPDK_TELEMETRY_H

#include <stdbool.h>
#include <stdint.h>

/// Answers a command by adding entries to `reply`. `parameters` is what stood behind the first comma, or NULL. Returns
/// false for a command that cannot be answered; the client then reads null. Runs on a thread of telemetry.
typedef bool (*cdpdk_telemetry_handler)(const char *_Nonnull command, const char *_Nullable parameters,
                                        void *_Nonnull reply);

/// Registers a command for the rest of the process's life; all commands share the handler given first. Returns 0 or a
/// positive error number: EINVAL for a command of over 55 or a help of over 63 bytes, ENOENT when there are too many.
int cdpdk_telemetry_register(const char *_Nonnull command, const char *_Nonnull help,
                             cdpdk_telemetry_handler _Nonnull handler);

// Entries of the reply, an object. Names are letters, digits, '_' and '/'. Each returns 0 or a positive error number.

int cdpdk_telemetry_add_number(void *_Nonnull reply, const char *_Nonnull name, uint64_t value);
/// `value` is cut to 127 bytes.
int cdpdk_telemetry_add_text(void *_Nonnull reply, const char *_Nonnull name, const char *_Nonnull value);

/// Entries a reply may have (`RTE_TEL_MAX_DICT_ENTRIES`).
unsigned cdpdk_telemetry_maximum_entries(void);

/// Directory of this process's run-time files, the telemetry socket `dpdk_telemetry.v2` among them. EAL must run.
const char *_Nonnull cdpdk_runtime_directory(void);

/// Lets secondary processes ask for packet capture (`rte_pdump_init`): dpdk-dumpcap, dpdk-pdump. Returns 0 or a positive
/// error number.
int cdpdk_pdump_start(void);
int cdpdk_pdump_stop(void);

#endif
