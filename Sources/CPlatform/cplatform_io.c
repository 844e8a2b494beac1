#define _GNU_SOURCE
#include "cplatform_io.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>

struct cplatform_io_ring {
    struct io_uring uring;
};

int cplatform_io_ring_open(uint32_t entries, cplatform_io_ring **ring) {
    cplatform_io_ring *made = calloc(1, sizeof *made);
    if (!made) return -ENOMEM;
    int result = io_uring_queue_init(entries, &made->uring, 0);
    if (result < 0) {
        free(made);
        return result;
    }
    *ring = made;
    return 0;
}

void cplatform_io_ring_close(cplatform_io_ring *ring) {
    io_uring_queue_exit(&ring->uring);
    free(ring);
}

/// An entry that the kernel did not take stays in the submission queue and would be submitted twice by a retry, so it
/// is given back by moving the tail; no SQPOLL thread reads the queue behind our back.
static int submit(cplatform_io_ring *ring, struct io_uring_sqe *entry, uint64_t tag) {
    io_uring_sqe_set_data64(entry, tag);
    int taken = io_uring_submit(&ring->uring);
    if (taken == 1) return 0;
    ring->uring.sq.sqe_tail--;
    *ring->uring.sq.ktail = ring->uring.sq.sqe_tail;
    return taken < 0 ? taken : -EAGAIN;
}

int cplatform_io_ring_write_durable(
    cplatform_io_ring *ring, int descriptor, const void *bytes, uint32_t length, uint64_t offset, uint64_t tag) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring->uring);
    if (!entry) return -EAGAIN;
    io_uring_prep_write(entry, descriptor, bytes, length, offset);
    entry->rw_flags = RWF_DSYNC;
    return submit(ring, entry, tag);
}

int cplatform_io_ring_allocate(cplatform_io_ring *ring, int descriptor, uint64_t length, uint64_t tag) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring->uring);
    if (!entry) return -EAGAIN;
    io_uring_prep_fallocate(entry, descriptor, 0, 0, (off_t)length);
    return submit(ring, entry, tag);
}

int cplatform_io_ring_sync(cplatform_io_ring *ring, int descriptor, uint64_t tag) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring->uring);
    if (!entry) return -EAGAIN;
    io_uring_prep_fsync(entry, descriptor, 0);
    return submit(ring, entry, tag);
}

int cplatform_io_ring_poll(cplatform_io_ring *ring, cplatform_io_completion *completion) {
    struct io_uring_cqe *entry;
    if (io_uring_peek_cqe(&ring->uring, &entry) != 0) return 0;
    completion->tag = io_uring_cqe_get_data64(entry);
    completion->result = entry->res;
    io_uring_cqe_seen(&ring->uring, entry);
    return 1;
}

int cplatform_file_create(int directory, const char *name, int direct) {
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | (direct ? O_DIRECT : 0);
    int descriptor = openat(directory, name, flags, 0640);
    return descriptor < 0 ? -errno : descriptor;
}

int cplatform_file_allocate(int descriptor, uint64_t length) {
    return fallocate(descriptor, 0, 0, (off_t)length) == 0 ? 0 : -errno;
}
