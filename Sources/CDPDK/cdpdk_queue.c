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

// The two below do what `rte_pktmbuf_alloc_bulk` and `rte_pktmbuf_free_bulk` do for buffers that are whole and unshared,
// and leave the second cache line of the header alone: a buffer in a pool has no successor, and one of a single segment
// has none either (rte_mbuf.h); the lengths for offloads are written by whoever asks for one. In a flood that line would
// be a miss for each packet that is only dropped.

ptrdiff_t cdpdk_queue_allocate(void *context, void *buffers, ptrdiff_t count) {
    const struct cdpdk_queue_pair *pair = context;
    struct rte_mbuf **frames = buffers;
    if (rte_mempool_get_bulk(pair->pool, buffers, (unsigned)count) != 0) return 0;
    for (ptrdiff_t index = 0; index < count; index++) {
        struct rte_mbuf *frame = frames[index];
        frame->data_off = RTE_PKTMBUF_HEADROOM;
        rte_mbuf_refcnt_set(frame, 1);
        frame->nb_segs = 1;
        frame->port = RTE_MBUF_PORT_INVALID;
        frame->ol_flags = 0;
        frame->packet_type = 0;
        frame->pkt_len = 0;
        frame->data_len = 0;
        frame->vlan_tci = 0;
        frame->vlan_tci_outer = 0;
    }
    return count;
}

void cdpdk_queue_free(void *context, void *buffers, ptrdiff_t count) {
    const struct cdpdk_queue_pair *pair = context;
    struct rte_mbuf *const *frames = buffers;
    for (ptrdiff_t index = 0; index < count; index++) {
        const struct rte_mbuf *frame = frames[index];
        if (__builtin_expect(
                frame->pool != pair->pool || frame->nb_segs != 1 || rte_mbuf_refcnt_read(frame) != 1 ||
                    !RTE_MBUF_DIRECT(frame),
                0)) {
            rte_pktmbuf_free_bulk(buffers, (unsigned)count);
            return;
        }
    }
    if (count > 0) rte_mempool_put_bulk(pair->pool, buffers, (unsigned)count);
}
