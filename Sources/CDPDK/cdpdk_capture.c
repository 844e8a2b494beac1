#define _GNU_SOURCE
#include "cdpdk_capture.h"

#include <errno.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cdpdk_filter.h"
#include "cdpdk_queue.h"

/// A queue pair's capture. Made at the pair's first capture and kept until its port closes, so that a polling thread
/// that still holds the pointer never reads freed memory; the ring comes and goes with each capture.
struct cdpdk_tap {
    // Written by the control thread while `accepting` is 0 and the polling thread is quiet.
    struct cdpdk_capture_request request;
    uint8_t *ring; // mapped twice in a row, so that a record never wraps
    uint64_t stopped_at_epoch;
    uint32_t accepting;

    // The polling thread's: cursors count bytes since the start.
    uint64_t epoch __attribute__((aligned(128)));
    uint64_t tail;
    uint64_t seen_head;
    struct cdpdk_capture_counts counts;

    // The control thread's.
    uint64_t head __attribute__((aligned(128)));
};

static struct cdpdk_tap *tap_of(const void *pair) {
    return __atomic_load_n(&((const struct cdpdk_queue_pair *)pair)->tap, __ATOMIC_ACQUIRE);
}

/// The same memory twice in a row: what is written over the end appears at the beginning.
static uint8_t *map_twice(uint64_t bytes) {
    int file = memfd_create("wissel-capture", MFD_CLOEXEC);
    if (file < 0) return NULL;
    uint8_t *ring = NULL;
    if (ftruncate(file, (off_t)bytes) == 0) {
        uint8_t *room = mmap(NULL, 2 * bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (room != MAP_FAILED) {
            // Populated now: the polling thread must not meet a page fault.
            int flags = MAP_SHARED | MAP_FIXED | MAP_POPULATE;
            if (mmap(room, bytes, PROT_READ | PROT_WRITE, flags, file, 0) != MAP_FAILED &&
                mmap(room + bytes, bytes, PROT_READ | PROT_WRITE, flags, file, 0) != MAP_FAILED) {
                ring = room;
            } else {
                munmap(room, 2 * bytes);
            }
        }
    }
    int error_number = errno;
    close(file);
    errno = error_number;
    return ring;
}

int cdpdk_capture_start(void *context, const struct cdpdk_capture_request *request) {
    struct cdpdk_queue_pair *pair = context;
    struct cdpdk_tap *tap = tap_of(pair);
    // What the last capture could not give back, because the thread gave no sign of life then.
    if (tap != NULL && __atomic_load_n(&tap->accepting, __ATOMIC_RELAXED) == 0 && cdpdk_capture_is_quiet(pair))
        cdpdk_capture_finish(pair);
    if (tap != NULL && tap->ring != NULL) return EBUSY;
    uint8_t *ring = map_twice(request->ring_bytes);
    if (ring == NULL) return errno != 0 ? errno : ENOMEM;
    if (tap == NULL) {
        tap = aligned_alloc(128, sizeof *tap);
        if (tap == NULL) {
            munmap(ring, 2 * request->ring_bytes);
            return ENOMEM;
        }
        memset(tap, 0, sizeof *tap);
    }
    tap->request = *request;
    tap->ring = ring;
    tap->tail = tap->seen_head = tap->head = 0;
    tap->counts = (struct cdpdk_capture_counts){0};
    __atomic_store_n(&tap->accepting, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&pair->tap, tap, __ATOMIC_RELEASE);
    return 0;
}

const struct cdpdk_capture_record *cdpdk_capture_peek(void *pair) {
    struct cdpdk_tap *tap = tap_of(pair);
    if (tap == NULL || tap->ring == NULL) return NULL;
    if (tap->head == __atomic_load_n(&tap->tail, __ATOMIC_ACQUIRE)) return NULL;
    return (const void *)(tap->ring + (tap->head & (tap->request.ring_bytes - 1)));
}

static uint64_t room_for(uint32_t captured_length) {
    return (sizeof(struct cdpdk_capture_record) + captured_length + 7) & ~7ULL;
}

void cdpdk_capture_release(void *pair) {
    const struct cdpdk_capture_record *record = cdpdk_capture_peek(pair);
    if (record == NULL) return;
    struct cdpdk_tap *tap = tap_of(pair);
    __atomic_store_n(&tap->head, tap->head + room_for(record->captured_length), __ATOMIC_RELEASE);
}

struct cdpdk_capture_counts cdpdk_capture_counts(const void *pair) {
    struct cdpdk_capture_counts counts = {0};
    const struct cdpdk_tap *tap = tap_of(pair);
    if (tap == NULL) return counts;
    counts.seen = __atomic_load_n(&tap->counts.seen, __ATOMIC_RELAXED);
    counts.accepted = __atomic_load_n(&tap->counts.accepted, __ATOMIC_RELAXED);
    counts.dropped = __atomic_load_n(&tap->counts.dropped, __ATOMIC_RELAXED);
    return counts;
}

void cdpdk_capture_stop(void *pair) {
    struct cdpdk_tap *tap = tap_of(pair);
    if (tap == NULL || __atomic_load_n(&tap->accepting, __ATOMIC_RELAXED) == 0) return;
    __atomic_store_n(&tap->accepting, 0, __ATOMIC_SEQ_CST);
    tap->stopped_at_epoch = __atomic_load_n(&tap->epoch, __ATOMIC_SEQ_CST);
}

bool cdpdk_capture_is_quiet(const void *pair) {
    const struct cdpdk_tap *tap = tap_of(pair);
    if (tap == NULL || tap->ring == NULL) return true;
    // The first reception after the stop may have looked before it; when the second begins, the first is over, and with
    // it every transmission of the same thread that looked earlier.
    return __atomic_load_n(&tap->epoch, __ATOMIC_ACQUIRE) - tap->stopped_at_epoch >= 2;
}

/// The tap stays where a thread may still look; without a ring it accepts nothing.
void cdpdk_capture_finish(void *pair) {
    struct cdpdk_tap *tap = tap_of(pair);
    if (tap == NULL || tap->ring == NULL) return;
    munmap(tap->ring, 2 * tap->request.ring_bytes);
    tap->ring = NULL;
}

void cdpdk_capture_discard(void *context) {
    struct cdpdk_queue_pair *pair = context;
    cdpdk_capture_finish(pair);
    free(tap_of(pair));
    __atomic_store_n(&pair->tap, NULL, __ATOMIC_RELEASE);
}

// MARK: On the polling thread

static uint64_t stamp_now(const struct cdpdk_tap *tap) {
    if (tap->request.stamps_ticks) return rte_rdtsc();
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000ULL + (uint64_t)time.tv_nsec;
}

static void count(uint64_t *counter, uint64_t amount) { __atomic_store_n(counter, *counter + amount, __ATOMIC_RELAXED); }

/// What copying one frame did; applied when it is known that the frame counts.
struct outcome {
    uint64_t tail;
    uint8_t accepted, dropped;
};

/// Copies a frame behind `tail`, unpublished.
static struct outcome copy(struct cdpdk_tap *tap, uint64_t tail, const struct rte_mbuf *frame, uint32_t direction,
                           uint64_t stamp) {
    const struct cdpdk_capture_request *request = &tap->request;
    if (request->filter != NULL && !cdpdk_filter_accepts(request->filter, frame)) return (struct outcome){tail, 0, 0};
    uint32_t length = rte_pktmbuf_pkt_len(frame);
    uint32_t kept = length < request->snap_length ? length : request->snap_length;
    uint64_t room = room_for(kept);
    if (tail + room - tap->seen_head > request->ring_bytes) {
        tap->seen_head = __atomic_load_n(&tap->head, __ATOMIC_ACQUIRE);
        if (tail + room - tap->seen_head > request->ring_bytes) return (struct outcome){tail, 1, 1};
    }
    struct cdpdk_capture_record *record = (void *)(tap->ring + (tail & (request->ring_bytes - 1)));
    *record = (struct cdpdk_capture_record){
        .stamp = stamp, .original_length = length, .captured_length = kept, .direction = direction};
    // Frames over several buffers are copied piece by piece; one piece is the rule.
    uint8_t *destination = (uint8_t *)(record + 1);
    for (uint32_t done = 0; frame != NULL && done < kept; frame = frame->next) {
        uint32_t part = rte_pktmbuf_data_len(frame);
        if (part > kept - done) part = kept - done;
        memcpy(destination + done, rte_pktmbuf_mtod(frame, const void *), part);
        done += part;
    }
    return (struct outcome){tail + room, 1, 0};
}

void cdpdk_tap_received(struct cdpdk_tap *tap, struct rte_mbuf **frames, uint16_t frame_count) {
    __atomic_store_n(&tap->epoch, tap->epoch + 1, __ATOMIC_RELEASE);
    if (__atomic_load_n(&tap->accepting, __ATOMIC_ACQUIRE) == 0 || frame_count == 0) return;
    if ((tap->request.directions & CDPDK_CAPTURE_INBOUND) == 0) return;
    uint64_t stamp = stamp_now(tap), tail = tap->tail, accepted = 0, dropped = 0;
    for (uint16_t index = 0; index < frame_count; index++) {
        struct outcome outcome = copy(tap, tail, frames[index], CDPDK_CAPTURE_INBOUND, stamp);
        tail = outcome.tail;
        accepted += outcome.accepted;
        dropped += outcome.dropped;
    }
    count(&tap->counts.seen, frame_count);
    count(&tap->counts.accepted, accepted);
    count(&tap->counts.dropped, dropped);
    __atomic_store_n(&tap->tail, tail, __ATOMIC_RELEASE);
}

uint16_t cdpdk_tap_transmit(struct cdpdk_tap *tap, uint16_t port, uint16_t queue, struct rte_mbuf **frames,
                            uint16_t frame_count) {
    if (__atomic_load_n(&tap->accepting, __ATOMIC_ACQUIRE) == 0 ||
        (tap->request.directions & CDPDK_CAPTURE_OUTBOUND) == 0)
        return rte_eth_tx_burst(port, queue, frames, frame_count);
    // Once the driver has a frame its buffer may be gone, so frames are copied before and published after: those it took.
    struct outcome outcomes[CDPDK_BURST_LIMIT];
    uint64_t stamp = stamp_now(tap), tail = tap->tail, accepted = 0, dropped = 0;
    for (uint16_t index = 0; index < frame_count; index++) {
        outcomes[index] = copy(tap, tail, frames[index], CDPDK_CAPTURE_OUTBOUND, stamp);
        tail = outcomes[index].tail;
    }
    uint16_t taken = rte_eth_tx_burst(port, queue, frames, frame_count);
    for (uint16_t index = 0; index < taken; index++) {
        accepted += outcomes[index].accepted;
        dropped += outcomes[index].dropped;
    }
    count(&tap->counts.seen, taken);
    count(&tap->counts.accepted, accepted);
    count(&tap->counts.dropped, dropped);
    if (taken > 0) __atomic_store_n(&tap->tail, outcomes[taken - 1].tail, __ATOMIC_RELEASE);
    return taken;
}
