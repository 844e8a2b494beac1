#define _GNU_SOURCE
#include "cplatform_thread.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

// The kernel refuses a buffer shorter than its own mask, so this is the largest NR_CPUS Linux on x86-64 is built with.
enum { CPU_LIMIT = 8192 };

typedef union {
    cpu_set_t set;
    unsigned char bytes[CPU_LIMIT / 8];
} cpu_mask;

int cplatform_allowed_cpus(uint8_t *allowed, int capacity) {
    cpu_mask mask;
    memset(&mask, 0, sizeof mask);
    if (sched_getaffinity(0, sizeof mask, &mask.set) != 0) return -errno;
    int count = 0;
    for (int cpu = 0; cpu < capacity; cpu++) {
        allowed[cpu] = cpu < CPU_LIMIT && (mask.bytes[cpu / 8] >> (cpu % 8) & 1);
        count += allowed[cpu];
    }
    return count;
}

int cplatform_pin_self(int cpu) {
    if (cpu < 0 || cpu >= CPU_LIMIT) return EINVAL;
    cpu_mask mask;
    memset(&mask, 0, sizeof mask);
    mask.bytes[cpu / 8] = (unsigned char)(1u << (cpu % 8));
    return pthread_setaffinity_np(pthread_self(), sizeof mask, &mask.set);
}

int cplatform_current_cpu(void) { return sched_getcpu(); }

void cplatform_name_self(const char *name) {
    char shortened[16];
    snprintf(shortened, sizeof shortened, "%s", name);
    pthread_setname_np(pthread_self(), shortened);
}
