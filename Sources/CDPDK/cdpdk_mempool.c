#include "cdpdk_mempool.h"

#include <errno.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_memory.h>
#include <rte_mempool.h>

void *cdpdk_mempool_create(const char *name, unsigned count, unsigned cache, uint16_t data_bytes, int node,
                           int *error_number) {
    rte_errno = 0;
    uint16_t room = (uint16_t)(data_bytes + RTE_PKTMBUF_HEADROOM);
    void *pool = rte_pktmbuf_pool_create(name, count, cache, 0, room, node);
    *error_number = pool != NULL ? 0 : (rte_errno != 0 ? rte_errno : ENOMEM);
    return pool;
}

void cdpdk_mempool_free(void *pool) { rte_mempool_free(pool); }

unsigned cdpdk_mempool_available(const void *pool) { return rte_mempool_avail_count(pool); }

struct wanted_piece {
    unsigned index;
    const struct rte_mempool_memhdr *found;
};

static void find_piece(struct rte_mempool *pool, void *wanted, struct rte_mempool_memhdr *piece, unsigned index) {
    (void)pool;
    struct wanted_piece *want = wanted;
    if (index == want->index) want->found = piece;
}

bool cdpdk_mempool_memory(void *pool, unsigned index, uint64_t *address, uint64_t *bytes, uint64_t *page_bytes) {
    struct wanted_piece want = {index, NULL};
    rte_mempool_mem_iter(pool, find_piece, &want);
    if (want.found == NULL) return false;
    const struct rte_memseg_list *list = rte_mem_virt2memseg_list(want.found->addr);
    *address = (uint64_t)(uintptr_t)want.found->addr;
    *bytes = want.found->len;
    *page_bytes = list != NULL ? list->page_sz : 4096;
    return true;
}

uint64_t cdpdk_mempool_buffer_bytes(uint16_t data_bytes) {
    struct rte_mempool_objsz size;
    uint32_t element = (uint32_t)sizeof(struct rte_mbuf) + RTE_PKTMBUF_HEADROOM + data_bytes;
    return rte_mempool_calc_obj_size(element, 0, &size);
}

uint64_t cdpdk_mempool_bytes(unsigned count, uint16_t data_bytes, unsigned page_bytes) {
    uint64_t bytes = cdpdk_mempool_buffer_bytes(data_bytes);
    uint64_t buffers = (uint64_t)count * bytes;
    if (page_bytes > 0) {
        uint64_t per_page = page_bytes / bytes;
        uint64_t pages = per_page > 0 ? (count + per_page - 1) / per_page : (buffers + page_bytes - 1) / page_bytes;
        buffers = pages * page_bytes;
    }
    // The ring that holds the free buffers, one pointer each, rounded up to a power of two; a cache per lcore.
    return buffers + (uint64_t)rte_align32pow2(count + 1) * sizeof(void *) + sizeof(struct rte_mempool) +
           RTE_MAX_LCORE * sizeof(struct rte_mempool_cache);
}

unsigned cdpdk_mempool_maximum_cache(void) { return RTE_MEMPOOL_CACHE_MAX_SIZE; }
