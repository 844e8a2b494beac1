#define _GNU_SOURCE
#include "cplatform_numa.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int cplatform_numa_node_count(void) {
    if (numa_available() < 0) return 1;
    int count = numa_num_configured_nodes();
    return count < 1 ? 1 : count;
}

int cplatform_numa_node_of_cpu(int cpu) {
    if (cpu < 0) return -1;
    if (numa_available() < 0) return 0;
    return numa_node_of_cpu(cpu);
}

cplatform_memory_policy cplatform_memory_policy_now(void) {
    cplatform_memory_policy now = {0};
    now.is_known =
        numa_available() >= 0 && get_mempolicy(&now.mode, now.nodes, sizeof(now.nodes) * 8, NULL, 0) == 0;
    return now;
}

void cplatform_prefer_node(int node) {
    unsigned long nodes[16] = {0};
    const unsigned long bits = sizeof(nodes) * 8;
    if (node < 0 || numa_available() < 0 || node > numa_max_node() || (unsigned long)node >= bits) return;
    nodes[(unsigned)node / (8 * sizeof(long))] = 1UL << ((unsigned)node % (8 * sizeof(long)));
    set_mempolicy(MPOL_PREFERRED, nodes, bits);
}

void cplatform_restore_policy(cplatform_memory_policy policy) {
    if (policy.is_known) set_mempolicy(policy.mode, policy.nodes, sizeof(policy.nodes) * 8);
}

void *cplatform_pages_allocate(size_t length) {
    void *pages = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void cplatform_pages_free(void *pages, size_t length) { munmap(pages, length); }

int cplatform_page_nodes(int process, const uint64_t *addresses, int count, int *nodes) {
    if (count <= 0) return 0;
    memset(nodes, 0xFF, (size_t)count * sizeof(*nodes));
    return move_pages(process, (unsigned long)count, (void **)(uintptr_t)addresses, NULL, nodes, 0) == 0 ? 0 : errno;
}

int cplatform_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE) == 0 ? 0 : errno; }
