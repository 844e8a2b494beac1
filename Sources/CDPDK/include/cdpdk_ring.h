/// `rte_ring` with one producer and one consumer, elements of pointer size: the yardstick of our own ring.
/// `struct rte_ring` is aligned beyond what Swift imports, so these take `void *`.
#ifndef CDPDK_RING_H
#define CDPDK_RING_H

#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_ring.h>

/// A ring of `slots` slots (a power of two; it holds one element fewer), on the NUMA node `node` (-1: any). NULL when
/// it fails, with the errno value in `*code`. The EAL must run.
static inline void *cdpdk_ring_create(const char *name, unsigned int slots, int node, int *code) {
    void *ring = rte_ring_create(name, slots, node, RING_F_SP_ENQ | RING_F_SC_DEQ);
    *code = ring ? 0 : rte_errno;
    return ring;
}

static inline void cdpdk_ring_free(void *ring) { rte_ring_free((struct rte_ring *)ring); }

/// Appends up to `count` elements; returns how many. One producer thread.
static inline unsigned int cdpdk_ring_sp_enqueue_burst(void *ring, const uint64_t *elements, unsigned int count) {
    return rte_ring_sp_enqueue_burst((struct rte_ring *)ring, (void *const *)elements, count, NULL);
}

/// Removes up to `count` elements; returns how many. One consumer thread.
static inline unsigned int cdpdk_ring_sc_dequeue_burst(void *ring, uint64_t *elements, unsigned int count) {
    return rte_ring_sc_dequeue_burst((struct rte_ring *)ring, (void **)elements, count, NULL);
}

/// Appends all `count` elements or none; returns `count` or 0. One producer thread.
static inline unsigned int cdpdk_ring_sp_enqueue_bulk(void *ring, const uint64_t *elements, unsigned int count) {
    return rte_ring_sp_enqueue_bulk((struct rte_ring *)ring, (void *const *)elements, count, NULL);
}

/// Removes `count` elements or none; returns `count` or 0. One consumer thread.
static inline unsigned int cdpdk_ring_sc_dequeue_bulk(void *ring, uint64_t *elements, unsigned int count) {
    return rte_ring_sc_dequeue_bulk((struct rte_ring *)ring, (void **)elements, count, NULL);
}

#endif
