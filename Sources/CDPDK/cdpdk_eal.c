#define _GNU_SOURCE
#include "cdpdk_eal.h"

#include <errno.h>
#include <pthread.h>
#include <rte_common.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_version.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>

int cdpdk_eal_init(int argc, char **argv) {
    cpu_set_t before;
    int unknown = pthread_getaffinity_np(pthread_self(), sizeof before, &before);
    rte_errno = 0;
    int result = rte_eal_init(argc, argv);
    int error_number = result >= 0 ? 0 : (rte_errno != 0 ? rte_errno : EINVAL);
    if (unknown == 0) (void)pthread_setaffinity_np(pthread_self(), sizeof before, &before);
    return error_number;
}

int cdpdk_eal_cleanup(void) { return -rte_eal_cleanup(); }

const char *cdpdk_version(void) { return rte_version(); }

const char *cdpdk_header_version(void) {
    return RTE_STR(RTE_VER_YEAR) "." RTE_STR(RTE_VER_MONTH) "." RTE_STR(RTE_VER_MINOR);
}

const char *cdpdk_address_mode(void) {
    switch (rte_eal_iova_mode()) {
    case RTE_IOVA_PA: return "physical";
    case RTE_IOVA_VA: return "virtual";
    default: return "undecided";
    }
}

const char *cdpdk_driver_folder(void) { return RTE_EAL_PMD_PATH; }

const char *cdpdk_error_text(int error_number) { return rte_strerror(error_number); }

int cdpdk_thread_register(void) {
    if (rte_thread_register() == 0) return 0;
    return rte_errno != 0 ? rte_errno : EINVAL;
}

void cdpdk_thread_unregister(void) { rte_thread_unregister(); }

void cdpdk_thread_adopt_lcore(int lcore) { RTE_PER_LCORE(_lcore_id) = lcore < 0 ? LCORE_ID_ANY : (unsigned)lcore; }

int cdpdk_thread_lcore(void) {
    unsigned lcore = rte_lcore_id();
    return lcore == LCORE_ID_ANY ? -1 : (int)lcore;
}

int cdpdk_lowest_allowed_cpu(void) {
    cpu_set_t allowed;
    if (pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) != 0) return -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed)) return cpu;
    }
    return -1;
}

int cdpdk_maximum_lcores(void) { return RTE_MAX_LCORE; }

int cdpdk_device_add(const char *bus, const char *name, const char *arguments) {
    return -rte_eal_hotplug_add(bus, name, arguments);
}

int cdpdk_device_remove(const char *bus, const char *name) { return -rte_eal_hotplug_remove(bus, name); }

void cdpdk_ignore_unhandled_sigio(void) {
    struct sigaction current;
    if (sigaction(SIGIO, NULL, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0) return;
    if (current.sa_handler != SIG_DFL) return;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGIO, &ignore, NULL);
}
