/// Packet buffer pools. A pool is an `rte_mempool *`, handed around as `void *`.
#ifndef CDPDK_MEMPOOL_H
#define CDPDK_MEMPOOL_H

#include <stdbool.h>
#include <stdint.h>

/// Creates a pool of `count` buffers that hold `data_bytes` behind the usual headroom, on NUMA node `node` (-1: any).
/// Returns the pool, or NULL with `*error_number` set.
void *cdpdk_mempool_create(const char *name, unsigned count, unsigned cache, uint16_t data_bytes, int node,
                           int *error_number);

void cdpdk_mempool_free(void *pool);

/// Buffers in the pool and in its per-lcore caches. Exact only while no thread takes or gives any.
unsigned cdpdk_mempool_available(const void *pool);

/// The `index`th piece of memory the buffers of a pool lie in, and the size of its pages. False when it has fewer pieces.
bool cdpdk_mempool_memory(void *pool, unsigned index, uint64_t *address, uint64_t *bytes, uint64_t *page_bytes);

/// Memory of one buffer of `data_bytes`: with mbuf header, headroom, the pool's own header and padding.
uint64_t cdpdk_mempool_buffer_bytes(uint16_t data_bytes);

/// Memory a pool of `count` buffers of `data_bytes` asks for, headers, headroom and padding included. On ordinary pages
/// no buffer crosses the border of one, so that the rest of each page is lost: then `page_bytes` is their size, else 0.
uint64_t cdpdk_mempool_bytes(unsigned count, uint16_t data_bytes, unsigned page_bytes);

/// Largest per-lcore cache a pool may have (`RTE_MEMPOOL_CACHE_MAX_SIZE`).
unsigned cdpdk_mempool_maximum_cache(void);

#endif
