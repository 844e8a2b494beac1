/// The only home of `rte_*.h`: what Swift needs of DPDK 22.11, one header per topic, prefix `cdpdk_`.
///
/// Swift caps alignment at 16 bytes, so `rte_mbuf`, `rte_mempool` and `rte_eth_fp_ops` do not cross the border; a buffer
/// or a pool is a `void *` here, and accessors are `static inline` so that they melt into the Swift loop.
#ifndef CDPDK_H
#define CDPDK_H

#include "cdpdk_capture.h"
#include "cdpdk_eal.h"
#include "cdpdk_ethdev.h"
#include "cdpdk_filter.h"
#include "cdpdk_flow.h"
#include "cdpdk_mbuf.h"
#include "cdpdk_queue.h"
#include "cdpdk_mempool.h"
#include "cdpdk_ring.h"
#include "cdpdk_telemetry.h"

#endif
