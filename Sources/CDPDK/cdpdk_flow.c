#include "cdpdk_flow.h"

#include <errno.h>
#include <rte_byteorder.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_flow.h>
#include <stdio.h>
#include <string.h>

/// A rule in the shape of `rte_flow`, with the structures its pointers lead to. Filled in place: it points into itself.
struct shape {
    struct rte_flow_attr attributes;
    struct rte_flow_item_ipv4 address, address_mask;
    struct rte_flow_item_udp port, port_mask;
    struct rte_flow_item pattern[4];
    struct rte_flow_action_queue queue;
    struct rte_flow_action_rss scaling;
    uint16_t queues[UINT8_MAX + 1];
    struct rte_flow_action actions[2];
};

static int shape_rule(struct shape *shape, const struct cdpdk_flow_rule *rule) {
    memset(shape, 0, sizeof *shape);
    if (rule->last_queue < rule->first_queue || rule->last_queue - rule->first_queue > UINT8_MAX) return EINVAL;
    shape->attributes.ingress = 1;
    shape->attributes.priority = rule->priority;

    unsigned item = 0;
    shape->pattern[item++].type = RTE_FLOW_ITEM_TYPE_ETH;
    if (!rule->matches_everything) {
        shape->address.hdr.dst_addr = rte_cpu_to_be_32(rule->destination_address);
        shape->address_mask.hdr.dst_addr = UINT32_MAX;
        shape->port.hdr.dst_port = rte_cpu_to_be_16(rule->destination_port);
        shape->port_mask.hdr.dst_port = UINT16_MAX;
        shape->pattern[item++] = (struct rte_flow_item){
            .type = RTE_FLOW_ITEM_TYPE_IPV4, .spec = &shape->address, .mask = &shape->address_mask};
        shape->pattern[item++] =
            (struct rte_flow_item){.type = RTE_FLOW_ITEM_TYPE_UDP, .spec = &shape->port, .mask = &shape->port_mask};
    }
    shape->pattern[item].type = RTE_FLOW_ITEM_TYPE_END;

    if (rule->first_queue == rule->last_queue) {
        shape->queue.index = rule->first_queue;
        shape->actions[0] =
            (struct rte_flow_action){.type = RTE_FLOW_ACTION_TYPE_QUEUE, .conf = &shape->queue};
    } else {
        unsigned count = 0;
        for (unsigned queue = rule->first_queue; queue <= rule->last_queue; queue++)
            shape->queues[count++] = (uint16_t)queue;
        shape->scaling = (struct rte_flow_action_rss){
            .types = RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP, .queue_num = count, .queue = shape->queues};
        shape->actions[0] =
            (struct rte_flow_action){.type = RTE_FLOW_ACTION_TYPE_RSS, .conf = &shape->scaling};
    }
    shape->actions[1].type = RTE_FLOW_ACTION_TYPE_END;
    return 0;
}

static void tell(char *reason, unsigned capacity, int error_number, const struct rte_flow_error *error) {
    const char *text = error->message != NULL ? error->message : rte_strerror(error_number);
    snprintf(reason, capacity, "%s", text);
}

int cdpdk_flow_validate(uint16_t port, const struct cdpdk_flow_rule *rule, char *reason, unsigned capacity) {
    struct shape shape;
    struct rte_flow_error error = {0};
    int result = shape_rule(&shape, rule);
    if (result == 0) result = -rte_flow_validate(port, &shape.attributes, shape.pattern, shape.actions, &error);
    if (result != 0) tell(reason, capacity, result, &error);
    return result;
}

void *cdpdk_flow_create(uint16_t port, const struct cdpdk_flow_rule *rule, int *error_number, char *reason,
                        unsigned capacity) {
    struct shape shape;
    struct rte_flow_error error = {0};
    struct rte_flow *flow = NULL;
    *error_number = shape_rule(&shape, rule);
    if (*error_number == 0) {
        rte_errno = 0;
        flow = rte_flow_create(port, &shape.attributes, shape.pattern, shape.actions, &error);
        if (flow == NULL) *error_number = rte_errno != 0 ? rte_errno : EIO;
    }
    if (*error_number != 0) tell(reason, capacity, *error_number, &error);
    return flow;
}

int cdpdk_flow_destroy(uint16_t port, void *flow, char *reason, unsigned capacity) {
    struct rte_flow_error error = {0};
    int result = -rte_flow_destroy(port, flow, &error);
    if (result != 0) tell(reason, capacity, result, &error);
    return result;
}
