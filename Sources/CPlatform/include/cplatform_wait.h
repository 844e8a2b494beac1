/// ppoll(2), which Swift does not import: waiting for a socket with a timeout finer than a millisecond.
#ifndef CPLATFORM_WAIT_H
#define CPLATFORM_WAIT_H

#include <stdint.h>

/// Waits until `descriptor` is readable: 1, or 0 after `nanoseconds`, or a negative errno (EINTR included).
int cplatform_wait_readable(int descriptor, uint64_t nanoseconds);

#endif
