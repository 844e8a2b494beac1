/// Packet buffers. A buffer is an `rte_mbuf *`, handed around as `void *`: a burst is an array of such pointers, on both
/// sides of the border. Its fields are read and written in Swift at the offsets below.
#ifndef CDPDK_MBUF_H
#define CDPDK_MBUF_H

#include <rte_mbuf.h>
#include <stddef.h>
#include <stdint.h>

/// Where the fields of a buffer's header stand, bytes.
enum {
    CDPDK_MBUF_BUFFER_ADDRESS = offsetof(struct rte_mbuf, buf_addr),
    CDPDK_MBUF_DATA_OFFSET = offsetof(struct rte_mbuf, data_off),
    CDPDK_MBUF_SEGMENT_COUNT = offsetof(struct rte_mbuf, nb_segs),
    CDPDK_MBUF_OFFLOAD_FLAGS = offsetof(struct rte_mbuf, ol_flags),
    CDPDK_MBUF_PACKET_LENGTH = offsetof(struct rte_mbuf, pkt_len),
    CDPDK_MBUF_DATA_LENGTH = offsetof(struct rte_mbuf, data_len),
    CDPDK_MBUF_BUFFER_LENGTH = offsetof(struct rte_mbuf, buf_len),
    CDPDK_MBUF_TRANSMIT_OFFLOAD = offsetof(struct rte_mbuf, tx_offload),
    CDPDK_MBUF_DYNAMIC_FIELDS = offsetof(struct rte_mbuf, dynfield1),
    CDPDK_MBUF_BYTE_COUNT = sizeof(struct rte_mbuf),
};

/// Offload flags, as `Packet.Flags` names them.
_Static_assert(RTE_MBUF_F_RX_L4_CKSUM_BAD == 1ULL << 3, "L4 bad");
_Static_assert(RTE_MBUF_F_RX_IP_CKSUM_BAD == 1ULL << 4, "IP bad");
_Static_assert(RTE_MBUF_F_RX_IP_CKSUM_GOOD == 1ULL << 7, "IP good");
_Static_assert(RTE_MBUF_F_RX_L4_CKSUM_GOOD == 1ULL << 8, "L4 good");
_Static_assert(RTE_MBUF_F_TX_UDP_CKSUM == 3ULL << 52, "compute UDP");
_Static_assert(RTE_MBUF_F_TX_IP_CKSUM == 1ULL << 54, "compute IP");
_Static_assert(RTE_MBUF_F_TX_IPV4 == 1ULL << 55, "IPv4");
_Static_assert(RTE_MBUF_L2_LEN_BITS == 7 && RTE_MBUF_L3_LEN_BITS == 9, "header lengths in tx_offload");

/// Reserves `byte_count` bytes at `offset` of every buffer's header for the program's own notes. Once per process, after
/// EAL has started and before ports are configured. Returns 0 or an errno value: EBUSY when they are taken.
int cdpdk_mbuf_reserve_notes(size_t offset, size_t byte_count);

#endif
