/// Ethernet devices: port life cycle on the control path, bursts on the data path.
#ifndef CDPDK_ETHDEV_H
#define CDPDK_ETHDEV_H

#include <rte_ethdev.h>
#include <stdbool.h>
#include <stdint.h>

/// What a port can do, cut from `rte_eth_dev_info` to what is decided on here.
struct cdpdk_port_info {
    const char *driver_name;
    int node; // -1: the device names none
    uint16_t minimum_mtu, maximum_mtu;
    uint16_t maximum_receive_queues, maximum_transmit_queues;
    uint16_t redirection_table_entries; // 0: it has no table that spreads frames over queues
    uint8_t hash_key_bytes; // 0: it takes no key
    bool offers_receive_checksum; // IPv4, UDP and TCP, all three
    bool offers_transmit_checksum; // IPv4 and UDP, both
    bool offers_receive_timestamp;
    bool offers_fast_free;
    bool offers_receive_side_scaling;
};

/// Longest hash key that is asked for.
enum { CDPDK_HASH_KEY_BYTES = 64 };

/// What a port is asked for before its queues are set up.
struct cdpdk_port_request {
    uint16_t queue_pairs;
    uint32_t mtu;
    bool receive_checksum;
    bool transmit_checksum;
    bool fast_free;
    bool receive_side_scaling;
    uint8_t hash_key_bytes; // 0: the driver's own key
    uint8_t hash_key[CDPDK_HASH_KEY_BYTES];
};

/// The counters of `rte_eth_stats` that every driver has.
struct cdpdk_port_statistics {
    uint64_t received_packets, transmitted_packets, received_bytes, transmitted_bytes;
    uint64_t missed, receive_errors, transmit_errors, no_buffer;
};

struct cdpdk_link {
    uint32_t megabits_per_second; // 0xFFFFFFFF: unknown
    bool up, full_duplex;
};

// Control path. Each returns 0 or a positive error number.

int cdpdk_port_by_name(const char *name, uint16_t *port);
int cdpdk_port_info(uint16_t port, struct cdpdk_port_info *info);
int cdpdk_port_configure(uint16_t port, const struct cdpdk_port_request *request);
/// Reads the key in use, up to `capacity` bytes, and how long it is.
int cdpdk_port_hash_key(uint16_t port, uint8_t *key, uint8_t capacity, uint8_t *length);
/// Spreads received frames evenly over the queues `first` … `last`. `entries` is the table's size from the port's info.
int cdpdk_port_spread(uint16_t port, uint16_t entries, uint16_t first, uint16_t last);
/// Fits descriptor counts to the device's limits and alignment.
int cdpdk_port_adjust_descriptors(uint16_t port, uint16_t *receive, uint16_t *transmit);
int cdpdk_port_setup_receive_queue(uint16_t port, uint16_t queue, uint16_t descriptors, int node, void *pool);
int cdpdk_port_setup_transmit_queue(uint16_t port, uint16_t queue, uint16_t descriptors, int node);
int cdpdk_port_get_mtu(uint16_t port, uint16_t *mtu);
int cdpdk_port_set_mtu(uint16_t port, uint16_t mtu);
int cdpdk_port_set_promiscuous(uint16_t port, bool enabled);
int cdpdk_port_set_all_multicast(uint16_t port, bool enabled);
int cdpdk_port_start(uint16_t port);
int cdpdk_port_stop(uint16_t port);
/// Closing a port that is closed already is no error.
int cdpdk_port_close(uint16_t port);
/// Own hardware address: low 48 bits, first octet in bits 47…40.
int cdpdk_port_mac(uint16_t port, uint64_t *address);
/// Takes the link up or down from this side.
int cdpdk_port_set_link(uint16_t port, bool up);
int cdpdk_port_link(uint16_t port, struct cdpdk_link *link);
int cdpdk_port_statistics(uint16_t port, struct cdpdk_port_statistics *statistics);
int cdpdk_port_reset_statistics(uint16_t port);
/// Switches the time synchronisation of PTP on and off again, to see whether the device has it.
int cdpdk_port_try_timesync(uint16_t port);
/// Name of the burst function in use, such as "Vector AVX2", into `text`.
int cdpdk_port_burst_mode(uint16_t port, uint16_t queue, bool receive, char *text, unsigned capacity);

#endif
