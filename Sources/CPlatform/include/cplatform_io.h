/// Asynchronous file I/O through io_uring (liburing), and file calls that Swift does not import from Linux.
#ifndef CPLATFORM_IO_H
#define CPLATFORM_IO_H

#include <stddef.h>
#include <stdint.h>

/// An io_uring with its liburing state. One thread uses it; no call waits for the device.
typedef struct cplatform_io_ring cplatform_io_ring;

/// One finished operation: the tag it was submitted with, and the bytes moved or a negative errno.
typedef struct {
    uint64_t tag;
    int32_t result;
} cplatform_io_completion;

/// Makes a ring for up to `entries` operations in flight. 0, or a negative errno: ENOSYS, EPERM or EACCES where the
/// kernel, `kernel.io_uring_disabled` or a seccomp filter does not allow io_uring.
int cplatform_io_ring_open(uint32_t entries, cplatform_io_ring **ring);

/// Ends the ring and frees it. Operations in flight are waited for by the kernel; their buffers must still exist.
void cplatform_io_ring_close(cplatform_io_ring *ring);

/// Submits a write of `length` bytes at `offset`; it completes when the data and what is needed to find it are on the
/// device (RWF_DSYNC). 0, or a negative errno when it was not taken.
int cplatform_io_ring_write_durable(
    cplatform_io_ring *ring, int descriptor, const void *bytes, uint32_t length, uint64_t offset, uint64_t tag);

/// Submits fallocate(2) of `length` bytes from 0. 0, or a negative errno when it was not taken.
int cplatform_io_ring_allocate(cplatform_io_ring *ring, int descriptor, uint64_t length, uint64_t tag);

/// Submits fsync(2). 0, or a negative errno when it was not taken.
int cplatform_io_ring_sync(cplatform_io_ring *ring, int descriptor, uint64_t tag);

/// Takes one completion if there is one: 1 and `completion` filled, else 0.
int cplatform_io_ring_poll(cplatform_io_ring *ring, cplatform_io_completion *completion);

/// Creates or empties the file `name` in the directory `directory` for writing: close-on-exec, mode 0640.
/// A descriptor, or a negative errno. `direct` adds O_DIRECT.
int cplatform_file_create(int directory, const char *name, int direct);

/// What fallocate(2) of `length` bytes from 0 says: 0 or a negative errno (EOPNOTSUPP where the file system has none).
int cplatform_file_allocate(int descriptor, uint64_t length);

#endif
