/// Copies of the frames a queue pair receives and sends, for a capture that runs beside the node.
///
/// The polling thread copies into a byte ring of ordinary memory; one control thread takes the records out. Nothing of
/// DPDK's memory is used, so a capture can neither exhaust a pool nor depend on how EAL was started. `rte_pdump` cannot
/// do this inside a process (it refuses to be enabled by the primary), stamps with a clock of its own, and records a frame
/// again each time the driver did not take it; here a frame counts as sent when the driver has taken it.
#ifndef CDPDK_CAPTURE_H
#define CDPDK_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Directions, numbered like the lowest two bits of pcapng's `epb_flags`.
enum { CDPDK_CAPTURE_INBOUND = 1, CDPDK_CAPTURE_OUTBOUND = 2 };

struct cdpdk_capture_request {
    /// What `cdpdk_filter_load` made, or NULL for every frame. Stays the caller's and must outlive the capture.
    const void *_Nullable filter;
    /// Bytes of the ring, a power of two of at least a page.
    uint64_t ring_bytes;
    /// Bytes kept of a frame at most.
    uint32_t snap_length;
    /// Sum of directions.
    uint32_t directions;
    /// Stamps are ticks of the time-stamp counter; otherwise nanoseconds of CLOCK_MONOTONIC.
    bool stamps_ticks;
};

/// A frame in the ring; its bytes follow, padded to a multiple of 8.
struct cdpdk_capture_record {
    uint64_t stamp;
    uint32_t original_length;
    uint32_t captured_length;
    uint32_t direction;
    uint32_t reserved;
};

struct cdpdk_capture_counts {
    /// Frames in the directions asked for.
    uint64_t seen;
    /// Frames among them that the filter let pass.
    uint64_t accepted;
    /// Frames among those that found the ring full.
    uint64_t dropped;
};

// `pair` is a `struct cdpdk_queue_pair *`. One control thread calls these; the pair's polling thread goes on meanwhile.

/// Begins. Returns 0 or an errno value: EBUSY when a capture of the pair runs or has not been let go of yet.
int cdpdk_capture_start(void *_Nonnull pair, const struct cdpdk_capture_request *_Nonnull request);

/// The oldest record, or NULL. Valid until `cdpdk_capture_release`.
const struct cdpdk_capture_record *_Nullable cdpdk_capture_peek(void *_Nonnull pair);
void cdpdk_capture_release(void *_Nonnull pair);

struct cdpdk_capture_counts cdpdk_capture_counts(const void *_Nonnull pair);

/// Asks the polling thread to copy no more. What it copied stays to be taken.
void cdpdk_capture_stop(void *_Nonnull pair);

/// Whether the polling thread can no longer be inside a copy: it has begun two receptions since the stop.
bool cdpdk_capture_is_quiet(const void *_Nonnull pair);

/// Gives the ring back. Only when quiet.
void cdpdk_capture_finish(void *_Nonnull pair);

/// Gives back all that captures left behind. Only when no thread polls the pair any more.
void cdpdk_capture_discard(void *_Nonnull pair);

// For the queue functions, on the polling thread.

struct cdpdk_tap;
struct rte_mbuf;
void cdpdk_tap_received(struct cdpdk_tap *_Nonnull tap, struct rte_mbuf *_Nonnull *_Nonnull frames, uint16_t count);
uint16_t cdpdk_tap_transmit(struct cdpdk_tap *_Nonnull tap, uint16_t port, uint16_t queue,
                            struct rte_mbuf *_Nonnull *_Nonnull frames, uint16_t count);

#endif
