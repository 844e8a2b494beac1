/// Flow rules: which received frames a device puts into which queue (DPDK Programmer's Guide, "Generic flow API").
#ifndef CDPDK_FLOW_H
#define CDPDK_FLOW_H

#include <stdbool.h>
#include <stdint.h>

/// What a rule catches, and the queues it sends that to.
struct cdpdk_flow_rule {
    /// 0 is the highest.
    uint32_t priority;
    /// Whether every frame is meant, or UDP over IPv4 to the address and port below.
    bool matches_everything;
    uint32_t destination_address; // host byte order
    uint16_t destination_port; // host byte order
    /// One queue, or frames are spread over several by their hash.
    uint16_t first_queue, last_queue;
};

// Control path. `reason` receives the driver's sentence, or the error number's where the driver gives none.

/// Asks whether the device would take the rule; nothing is changed. Returns 0 or a positive error number.
int cdpdk_flow_validate(uint16_t port, const struct cdpdk_flow_rule *rule, char *reason, unsigned capacity);

/// Makes the rule. Returns its handle, or NULL with `*error_number` set.
void *cdpdk_flow_create(uint16_t port, const struct cdpdk_flow_rule *rule, int *error_number, char *reason,
                        unsigned capacity);

/// Takes a rule back. Returns 0 or a positive error number.
int cdpdk_flow_destroy(uint16_t port, void *flow, char *reason, unsigned capacity);

#endif
