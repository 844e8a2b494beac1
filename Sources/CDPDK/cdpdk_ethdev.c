#include "cdpdk_ethdev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const uint64_t receive_checksum =
    RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_UDP_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM;
static const uint64_t transmit_checksum = RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_UDP_CKSUM;
static const uint64_t scaled_traffic = RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP;

int cdpdk_port_by_name(const char *name, uint16_t *port) { return -rte_eth_dev_get_port_by_name(name, port); }

/// What ethdev itself will accept: drivers name a largest frame, a largest MTU, or one of them.
static uint16_t largest_mtu(const struct rte_eth_dev_info *device) {
    uint32_t overhead = RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN;
    if (device->max_mtu != UINT16_MAX && device->max_rx_pktlen > device->max_mtu)
        overhead = device->max_rx_pktlen - device->max_mtu;
    if (device->max_rx_pktlen <= overhead || device->max_rx_pktlen - overhead >= device->max_mtu) return device->max_mtu;
    return (uint16_t)(device->max_rx_pktlen - overhead);
}

int cdpdk_port_info(uint16_t port, struct cdpdk_port_info *info) {
    struct rte_eth_dev_info device;
    int result = rte_eth_dev_info_get(port, &device);
    if (result != 0) return -result;
    *info = (struct cdpdk_port_info){
        .driver_name = device.driver_name != NULL ? device.driver_name : "unknown",
        .node = rte_eth_dev_socket_id(port),
        .minimum_mtu = device.min_mtu,
        .maximum_mtu = largest_mtu(&device),
        .maximum_receive_queues = device.max_rx_queues,
        .maximum_transmit_queues = device.max_tx_queues,
        .redirection_table_entries = device.reta_size,
        .hash_key_bytes = device.hash_key_size,
        .offers_receive_timestamp = (device.rx_offload_capa & RTE_ETH_RX_OFFLOAD_TIMESTAMP) != 0,
        .offers_receive_checksum = (device.rx_offload_capa & receive_checksum) == receive_checksum,
        .offers_transmit_checksum = (device.tx_offload_capa & transmit_checksum) == transmit_checksum,
        .offers_fast_free = (device.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE) != 0,
        .offers_receive_side_scaling = (device.flow_type_rss_offloads & scaled_traffic) != 0,
    };
    return 0;
}

int cdpdk_port_configure(uint16_t port, const struct cdpdk_port_request *request) {
    struct rte_eth_dev_info device;
    int result = rte_eth_dev_info_get(port, &device);
    if (result != 0) return -result;
    struct rte_eth_conf configuration = {0};
    configuration.rxmode.mtu = request->mtu;
    if (request->receive_checksum) configuration.rxmode.offloads |= receive_checksum;
    if (request->transmit_checksum) configuration.txmode.offloads |= transmit_checksum;
    if (request->fast_free) configuration.txmode.offloads |= RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
    if (request->receive_side_scaling) {
        configuration.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
        configuration.rx_adv_conf.rss_conf.rss_hf = device.flow_type_rss_offloads & scaled_traffic;
        if (request->hash_key_bytes > 0) {
            // Drivers copy the key while they configure.
            configuration.rx_adv_conf.rss_conf.rss_key = (uint8_t *)request->hash_key;
            configuration.rx_adv_conf.rss_conf.rss_key_len = request->hash_key_bytes;
        }
    }
    return -rte_eth_dev_configure(port, request->queue_pairs, request->queue_pairs, &configuration);
}

int cdpdk_port_hash_key(uint16_t port, uint8_t *key, uint8_t capacity, uint8_t *length) {
    uint8_t room[UINT8_MAX];
    struct rte_eth_rss_conf scaling = {.rss_key = room, .rss_key_len = sizeof room};
    int result = rte_eth_dev_rss_hash_conf_get(port, &scaling);
    if (result != 0) return -result;
    *length = scaling.rss_key_len < capacity ? scaling.rss_key_len : capacity;
    if (scaling.rss_key != NULL) memcpy(key, scaling.rss_key, *length);
    return 0;
}

int cdpdk_port_spread(uint16_t port, uint16_t entries, uint16_t first, uint16_t last) {
    struct rte_eth_rss_reta_entry64 table[UINT16_MAX / RTE_ETH_RETA_GROUP_SIZE + 1];
    if (entries == 0 || first > last) return EINVAL;
    memset(table, 0, sizeof table);
    for (unsigned entry = 0; entry < entries; entry++) {
        struct rte_eth_rss_reta_entry64 *group = &table[entry / RTE_ETH_RETA_GROUP_SIZE];
        group->mask |= RTE_BIT64(entry % RTE_ETH_RETA_GROUP_SIZE);
        group->reta[entry % RTE_ETH_RETA_GROUP_SIZE] = (uint16_t)(first + entry % (last - first + 1u));
    }
    return -rte_eth_dev_rss_reta_update(port, table, entries);
}

int cdpdk_port_adjust_descriptors(uint16_t port, uint16_t *receive, uint16_t *transmit) {
    return -rte_eth_dev_adjust_nb_rx_tx_desc(port, receive, transmit);
}

int cdpdk_port_setup_receive_queue(uint16_t port, uint16_t queue, uint16_t descriptors, int node, void *pool) {
    return -rte_eth_rx_queue_setup(port, queue, descriptors, (unsigned)node, NULL, pool);
}

int cdpdk_port_setup_transmit_queue(uint16_t port, uint16_t queue, uint16_t descriptors, int node) {
    return -rte_eth_tx_queue_setup(port, queue, descriptors, (unsigned)node, NULL);
}

int cdpdk_port_get_mtu(uint16_t port, uint16_t *mtu) { return -rte_eth_dev_get_mtu(port, mtu); }

int cdpdk_port_set_mtu(uint16_t port, uint16_t mtu) { return -rte_eth_dev_set_mtu(port, mtu); }

int cdpdk_port_set_promiscuous(uint16_t port, bool enabled) {
    return -(enabled ? rte_eth_promiscuous_enable(port) : rte_eth_promiscuous_disable(port));
}

int cdpdk_port_set_all_multicast(uint16_t port, bool enabled) {
    return -(enabled ? rte_eth_allmulticast_enable(port) : rte_eth_allmulticast_disable(port));
}

int cdpdk_port_start(uint16_t port) { return -rte_eth_dev_start(port); }

int cdpdk_port_stop(uint16_t port) { return -rte_eth_dev_stop(port); }

int cdpdk_port_close(uint16_t port) { return rte_eth_dev_is_valid_port(port) ? -rte_eth_dev_close(port) : 0; }

int cdpdk_port_mac(uint16_t port, uint64_t *address) {
    struct rte_ether_addr octets;
    int result = rte_eth_macaddr_get(port, &octets);
    if (result != 0) return -result;
    *address = 0;
    for (int i = 0; i < RTE_ETHER_ADDR_LEN; i++) *address = *address << 8 | octets.addr_bytes[i];
    return 0;
}

int cdpdk_port_set_link(uint16_t port, bool up) {
    return -(up ? rte_eth_dev_set_link_up(port) : rte_eth_dev_set_link_down(port));
}

int cdpdk_port_link(uint16_t port, struct cdpdk_link *link) {
    struct rte_eth_link state;
    int result = rte_eth_link_get_nowait(port, &state);
    if (result != 0) return -result;
    link->megabits_per_second = state.link_speed;
    link->up = state.link_status == RTE_ETH_LINK_UP;
    link->full_duplex = state.link_duplex == RTE_ETH_LINK_FULL_DUPLEX;
    return 0;
}

int cdpdk_port_statistics(uint16_t port, struct cdpdk_port_statistics *statistics) {
    struct rte_eth_stats device;
    int result = rte_eth_stats_get(port, &device);
    if (result != 0) return -result;
    *statistics = (struct cdpdk_port_statistics){
        .received_packets = device.ipackets,
        .transmitted_packets = device.opackets,
        .received_bytes = device.ibytes,
        .transmitted_bytes = device.obytes,
        .missed = device.imissed,
        .receive_errors = device.ierrors,
        .transmit_errors = device.oerrors,
        .no_buffer = device.rx_nombuf,
    };
    return 0;
}

int cdpdk_port_reset_statistics(uint16_t port) { return -rte_eth_stats_reset(port); }

int cdpdk_port_try_timesync(uint16_t port) {
    int result = rte_eth_timesync_enable(port);
    if (result == 0) (void)rte_eth_timesync_disable(port);
    return -result;
}

int cdpdk_port_burst_mode(uint16_t port, uint16_t queue, bool receive, char *text, unsigned capacity) {
    struct rte_eth_burst_mode mode;
    memset(&mode, 0, sizeof mode);
    int result = receive ? rte_eth_rx_burst_mode_get(port, queue, &mode) : rte_eth_tx_burst_mode_get(port, queue, &mode);
    if (result != 0) return -result;
    snprintf(text, capacity, "%s", mode.info);
    return 0;
}
