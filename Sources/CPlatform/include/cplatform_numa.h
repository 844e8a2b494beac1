/// Which memory is near which CPU (libnuma), and on which node pages lie.
#ifndef CPLATFORM_NUMA_H
#define CPLATFORM_NUMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Number of NUMA nodes that the kernel has configured; 1 when it was built without NUMA.
int cplatform_numa_node_count(void);

/// The node `cpu` belongs to, 0 when the kernel was built without NUMA, -1 when there is no such CPU.
int cplatform_numa_node_of_cpu(int cpu);

/// The memory policy of a thread, to be put back.
typedef struct {
    int mode;
    unsigned long nodes[16];
    bool is_known;
} cplatform_memory_policy;

/// The policy of the calling thread; unknown without NUMA.
cplatform_memory_policy cplatform_memory_policy_now(void);

/// From now on pages the calling thread touches first come from `node` as long as it has some (`MPOL_PREFERRED`, see
/// set_mempolicy(2)). Without such a node nothing changes.
void cplatform_prefer_node(int node);

/// Puts a policy back.
void cplatform_restore_policy(cplatform_memory_policy policy);

/// Maps `length` bytes of zeroed memory in pages of its own, which no earlier owner has brought to another node, as the heap
/// may. NULL when there is no memory. Give it back with `cplatform_pages_free`.
void *_Nullable cplatform_pages_allocate(size_t length);

/// Unmaps what `cplatform_pages_allocate` returned, with the same length.
void cplatform_pages_free(void *_Nonnull pages, size_t length);

/// Asks the kernel on which node each page of a process lies (move_pages(2) without moving): a node, or a negative error
/// number, -ENOENT for a page nobody has touched. Returns 0, or an error number.
int cplatform_page_nodes(int process, const uint64_t *_Nonnull addresses, int count, int *_Nonnull nodes);

/// Keeps all memory of the process, now and later, in RAM (mlockall(2)): what is mapped is there at once, so that no page
/// fault is left for the first packet. Returns 0, or an error number.
int cplatform_lock_memory(void);

#endif
