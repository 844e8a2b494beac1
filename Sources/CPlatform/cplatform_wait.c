#define _GNU_SOURCE
#include "cplatform_wait.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

int cplatform_wait_readable(int descriptor, uint64_t nanoseconds) {
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
    int count = ppoll(&entry, 1, &time, NULL);
    return count < 0 ? -errno : count;
}
