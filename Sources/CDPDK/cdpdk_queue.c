#include "cdpdk_queue.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>

ptrdiff_t cdpdk_queue_receive(void *context, void *buffers, ptrdiff_t count) {
    const struct cdpdk_queue_pair *pair = context;
    uint16_t wanted = count < CDPDK_BURST_LIMIT ? (uint16_t)count : CDPDK_BURST_LIMIT;
    return rte_eth_rx_burst(pair->port, pair->queue, buffers, wanted);
}

ptrdiff_t cdpdk_queue_transmit(void *context, void *buffers, ptrdiff_t count) {
    const struct cdpdk_queue_pair *pair = context;
    struct rte_mbuf **frames = buffers;
    ptrdiff_t accepted = 0;
    while (accepted < count) {
        ptrdiff_t rest = count - accepted;
        uint16_t offered = rest < CDPDK_BURST_LIMIT ? (uint16_t)rest : CDPDK_BURST_LIMIT;
        uint16_t taken = rte_eth_tx_burst(pair->port, pair->queue, frames + accepted, offered);
        accepted += taken;
        if (taken < offered) break;
    }
    return accepted;
}

ptrdiff_t cdpdk_queue_allocate(void *context, void *buffers, ptrdiff_t count) {
    const struct cdpdk_queue_pair *pair = context;
    return rte_pktmbuf_alloc_bulk(pair->pool, buffers, (unsigned)count) == 0 ? count : 0;
}

void cdpdk_queue_free(void *context, void *buffers, ptrdiff_t count) {
    (void)context;
    rte_pktmbuf_free_bulk(buffers, (unsigned)count);
}
