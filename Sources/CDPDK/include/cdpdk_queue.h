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
    /// Numbers of the last rest asked for and answered; by the functions below only, atomically.
    uint32_t asked_rest;
    uint32_t answered_rest;
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

// A port must not be stopped while a thread is in one of its bursts. So the control thread asks the queue pair to rest;
// the polling thread sees that at its next burst, answers, and from then on leaves the driver alone: it receives nothing
// and sends nothing, until the pair is let go. Allocating and freeing touch the pool only and go on.

/// Asks the pair to rest, under a number it was not asked under before, or lets it go with 0. Control thread.
void cdpdk_queue_ask_rest(void *_Nonnull context, uint32_t number);

/// Whether the polling thread has answered the question of this number. Control thread.
int cdpdk_queue_rests(const void *_Nonnull context, uint32_t number);

/// Gives `count` buffers back. Any thread.
void cdpdk_queue_free(void *_Nonnull context, void *_Nonnull buffers, ptrdiff_t count);

#endif
