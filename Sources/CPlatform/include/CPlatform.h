/// What Swift cannot say: CPU affinity, NUMA, time-stamp counter, pause, prefetch, CRC-64, direct I/O, interfaces.
/// One header per topic; every symbol carries the prefix `cplatform_`.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include "cplatform_clock.h"
#include "cplatform_cpu.h"
#include "cplatform_crc64.h"
#include "cplatform_interface.h"
#include "cplatform_io.h"
#include "cplatform_numa.h"
#include "cplatform_process.h"
#include "cplatform_thread.h"
#include "cplatform_wait.h"
#include "cplatform_zstd.h"

#endif
