#ifndef CCOUNTING_H
#define CCOUNTING_H

#include <stdbool.h>
#include <stdint.h>

/// What one thread has asked of the heap and of reference counting since it began. Counts only grow.
typedef struct {
    uint64_t allocations;   ///< malloc, calloc, posix_memalign, aligned_alloc, memalign
    uint64_t reallocations; ///< realloc
    uint64_t frees;         ///< free of something
    uint64_t objects;       ///< swift_allocObject; each is an allocation too
    uint64_t retains;       ///< swift_retain, swift_tryRetain, swift_bridgeObjectRetain; n for each of _n
    uint64_t releases;      ///< swift_release, swift_bridgeObjectRelease; n for each of _n
} ccounting_counts;

/// The calling thread's counts.
ccounting_counts ccounting_now(void);

/// False in a build with AddressSanitizer, whose own heap must not be replaced: then only Swift is counted.
bool ccounting_sees_heap(void);

#endif
