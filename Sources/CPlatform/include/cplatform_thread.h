/// CPU affinity and names of threads: GNU extensions and `CPU_SET` macros that Swift does not import.
#ifndef CPLATFORM_THREAD_H
#define CPLATFORM_THREAD_H

#include <stdint.h>

/// Writes 1 to `allowed[cpu]` for each CPU the calling thread's affinity mask holds and 0 to the others, for CPUs
/// 0 ..< capacity (at most 8192 are looked at). Returns how many are allowed, or -errno.
int cplatform_allowed_cpus(uint8_t *allowed, int capacity);

/// Binds the calling thread to `cpu`. Returns 0 or an errno value; EINVAL when the CPU does not exist, is offline, or
/// lies outside the cpuset of the thread's cgroup.
int cplatform_pin_self(int cpu);

/// The CPU the calling thread runs on at this moment, or -1.
int cplatform_current_cpu(void);

/// Names the calling thread; the kernel keeps the first 15 bytes.
void cplatform_name_self(const char *name);

#endif
