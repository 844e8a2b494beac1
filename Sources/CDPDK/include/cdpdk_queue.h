/// The data path: one receive and one transmit queue of a port, in the shape of a `PacketDevice`'s functions, so that
/// between a stage and the driver there is one indirect call per burst and nothing else.
#ifndef CDPDK_QUEUE_H
#define CDPDK_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct cdpdk_tap;

/// What the functions below take as their context.
struct cdpdk_queue_pair {
    /// An `rte_mempool *`.
    void *_Nonnull pool;
    uint16_t port;
    uint16_t queue;
    /// Looked at once per burst; NULL while nothing was ever captured here. See `cdpdk_capture.h`.
    struct cdpdk_tap *_Nullable tap;
};

/// Frames offered to a driver per call at most.
enum { CDPDK_BURST_LIMIT = 256 };

// `buffers` is an array of `rte_mbuf *`. Only the thread that owns the queue pair calls the first two.

/// Takes up to `count` received frames; returns how many.
ptrdiff_t cdpdk_queue_receive(void *_Nonnull context, void *_Nonnull buffers, ptrdiff_t count);

/// Offers `count` frames; returns how many were taken. The rest stay the caller's.
ptrdiff_t cdpdk_queue_transmit(void *_Nonnull context, void *_Nonnull buffers, ptrdiff_t count);

/// Takes `count` empty buffers from the pool, all or none (0).
ptrdiff_t cdpdk_queue_allocate(void *_Nonnull context, void *_Nonnull buffers, ptrdiff_t count);

/// Gives `count` buffers back. Any thread.
void cdpdk_queue_free(void *_Nonnull context, void *_Nonnull buffers, ptrdiff_t count);

#endif
