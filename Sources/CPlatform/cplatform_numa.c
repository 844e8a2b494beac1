#define _GNU_SOURCE
#include "cplatform_numa.h"

#include <numa.h>
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

void *cplatform_pages_allocate(size_t length, int node) {
    void *pages = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return NULL;
    // The policy must stand before the first touch: that is when the kernel chooses the page's node.
    if (node >= 0 && numa_available() >= 0 && node <= numa_max_node()) numa_tonode_memory(pages, length, node);
    return pages;
}

void cplatform_pages_free(void *pages, size_t length) { munmap(pages, length); }
