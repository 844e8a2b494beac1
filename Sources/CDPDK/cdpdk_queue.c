#include "cdpdk_queue.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "cdpdk_capture.h"

/// One load from a line the polling thread owns and a branch that is never taken, per burst.
static inline int rests(struct cdpdk_queue_pair *pair) {
    uint32_t asked = __atomic_load_n(&pair->asked_rest, __ATOMIC_ACQUIRE);
    if (__builtin_expect(asked == 0, 1)) return 0;
    // What this thread did in the driver happens before the answer is seen.
    __atomic_store_n(&pair->answered_rest, asked, __ATOMIC_RELEASE);
    return 1;
}

/// The capture of this pair, as a rule none.
static inline struct cdpdk_tap *tap_of(const struct cdpdk_queue_pair *pair) {
    return __atomic_load_n(&pair->tap, __ATOMIC_ACQUIRE);
}

void cdpdk_queue_ask_rest(void *context, uint32_t number) {
    struct cdpdk_queue_pair *pair = context;
    __atomic_store_n(&pair->asked_rest, number, __ATOMIC_RELEASE);
}

int cdpdk_queue_rests(const void *context, uint32_t number) {
    const struct cdpdk_queue_pair *pair = context;
    return __atomic_load_n(&pair->answered_rest, __ATOMIC_ACQUIRE) == number;
}

ptrdiff_t cdpdk_queue_receive(void *context, void *buffers, ptrdiff_t count) {
    struct cdpdk_queue_pair *pair = context;
    if (rests(pair)) return 0;
    uint16_t wanted = count < CDPDK_BURST_LIMIT ? (uint16_t)count : CDPDK_BURST_LIMIT;
    uint16_t received = rte_eth_rx_burst(pair->port, pair->queue, buffers, wanted);
    struct cdpdk_tap *tap = tap_of(pair);
    if (__builtin_expect(tap != NULL, 0)) cdpdk_tap_received(tap, buffers, received);
    return received;
}

ptrdiff_t cdpdk_queue_transmit(void *context, void *buffers, ptrdiff_t count) {
    struct cdpdk_queue_pair *pair = context;
    if (rests(pair)) return 0;
    struct rte_mbuf **frames = buffers;
    struct cdpdk_tap *tap = tap_of(pair);
    ptrdiff_t accepted = 0;
    while (accepted < count) {
        ptrdiff_t rest = count - accepted;
        uint16_t offered = rest < CDPDK_BURST_LIMIT ? (uint16_t)rest : CDPDK_BURST_LIMIT;
        uint16_t taken = __builtin_expect(tap != NULL, 0)
                             ? cdpdk_tap_transmit(tap, pair->port, pair->queue, frames + accepted, offered)
                             : rte_eth_tx_burst(pair->port, pair->queue, frames + accepted, offered);
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
