/// Instructions a polling core needs and Swift has no spelling for.
#ifndef CPLATFORM_CPU_H
#define CPLATFORM_CPU_H

#include <stdint.h>
#include <x86intrin.h>

/// Reads the time-stamp counter. Not serialising: neighbouring loads may move across it by some cycles.
static inline uint64_t cplatform_tsc(void) { return __rdtsc(); }

/// Reads the time-stamp counter between two barriers: what stands before it has ended, what stands behind it has not begun.
static inline uint64_t cplatform_tsc_ordered(void) {
    _mm_lfence();
    uint64_t ticks = __rdtsc();
    _mm_lfence();
    return ticks;
}

/// Tells the core that this is a spin-wait loop (PAUSE); frees the sibling's issue slots and saves power.
static inline void cplatform_pause(void) { _mm_pause(); }

/// Starts loading the cache line at `address` for reading into all levels; never faults, whatever the address.
static inline void cplatform_prefetch_read(const void *address) { __builtin_prefetch(address, 0, 3); }

/// As `cplatform_prefetch_read`, but asks for the line in exclusive state because it is about to be written.
static inline void cplatform_prefetch_write(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
