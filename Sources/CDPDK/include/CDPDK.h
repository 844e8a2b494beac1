/// The only home of `rte_*.h`.
#ifndef CDPDK_H
#define CDPDK_H
#include <rte_config.h>
#include <rte_eal.h>
#endif
