#include "cdpdk_mbuf.h"

enum { GATHERED = 64 };

void cdpdk_mbuf_free_strided(const void *first, size_t stride, size_t count) {
    struct rte_mbuf *gathered[GATHERED];
    const char *next = first;
    while (count > 0) {
        unsigned taken = count < GATHERED ? (unsigned)count : GATHERED;
        for (unsigned i = 0; i < taken; i++, next += stride) {
            gathered[i] = *(struct rte_mbuf *const *)next;
        }
        rte_pktmbuf_free_bulk(gathered, taken);
        count -= taken;
    }
}
