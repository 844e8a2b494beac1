/// Which memory is near which CPU (libnuma), and pages on a chosen node.
#ifndef CPLATFORM_NUMA_H
#define CPLATFORM_NUMA_H

#include <stddef.h>

/// Number of NUMA nodes that the kernel has configured; 1 when it was built without NUMA.
int cplatform_numa_node_count(void);

/// The node `cpu` belongs to, 0 when the kernel was built without NUMA, -1 when there is no such CPU.
int cplatform_numa_node_of_cpu(int cpu);

/// Maps `length` bytes of zeroed, page-aligned memory, on `node` as long as it has room (preferred, not strict);
/// `node` below 0 leaves the choice to the kernel. Returns NULL with errno set when it fails.
/// Give it back with `cplatform_pages_free`.
void *cplatform_pages_allocate(size_t length, int node);

/// Unmaps what `cplatform_pages_allocate` returned, with the same length.
void cplatform_pages_free(void *pages, size_t length);

#endif
