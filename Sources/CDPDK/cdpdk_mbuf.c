#include "cdpdk_mbuf.h"

#include <errno.h>
#include <rte_errno.h>
#include <rte_mbuf_dyn.h>

int cdpdk_mbuf_reserve_notes(size_t offset, size_t byte_count) {
    const struct rte_mbuf_dynfield notes = {.name = "wissel_notes", .size = byte_count, .align = 8};
    rte_errno = 0;
    if (rte_mbuf_dynfield_register_offset(&notes, offset) == (int)offset) return 0;
    return rte_errno != 0 ? rte_errno : EBUSY;
}
