#define _GNU_SOURCE
#include "cplatform_interface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int name_request(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    size_t length = strlen(name);
    if (length == 0) return ENODEV;
    if (length >= IFNAMSIZ) return ENAMETOOLONG;
    memcpy(request->ifr_name, name, length);
    return 0;
}

/// Runs one request on a throw-away socket, because the socket fixes the network namespace.
static int run_request(unsigned long code, struct ifreq *request) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno;
    int error_number = ioctl(descriptor, code, request) == 0 ? 0 : errno;
    close(descriptor);
    return error_number;
}

static int set_address(const char *name, unsigned long code, uint32_t value) {
    struct ifreq request;
    int error_number = name_request(&request, name);
    if (error_number != 0) return error_number;
    struct sockaddr_in internet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(value)};
    memcpy(&request.ifr_addr, &internet, sizeof internet);
    return run_request(code, &request);
}

int cplatform_interface_set_ipv4(const char *name, uint32_t address, uint32_t netmask) {
    int error_number = set_address(name, SIOCSIFADDR, address);
    return error_number != 0 ? error_number : set_address(name, SIOCSIFNETMASK, netmask);
}

int cplatform_interface_set_mtu(const char *name, int mtu) {
    struct ifreq request;
    int error_number = name_request(&request, name);
    if (error_number != 0) return error_number;
    request.ifr_mtu = mtu;
    return run_request(SIOCSIFMTU, &request);
}

int cplatform_interface_set_transmit_queue_length(const char *name, int packets) {
    struct ifreq request;
    int error_number = name_request(&request, name);
    if (error_number != 0) return error_number;
    request.ifr_qlen = packets;
    return run_request(SIOCSIFTXQLEN, &request);
}

int cplatform_interface_set_up(const char *name, bool up) {
    struct ifreq request;
    int error_number = name_request(&request, name);
    if (error_number != 0) return error_number;
    error_number = run_request(SIOCGIFFLAGS, &request);
    if (error_number != 0) return error_number;
    if (up) {
        request.ifr_flags |= IFF_UP;
    } else {
        request.ifr_flags = (short)(request.ifr_flags & ~IFF_UP);
    }
    return run_request(SIOCSIFFLAGS, &request);
}

int cplatform_interface_index(const char *name, int *index) {
    struct ifreq request;
    int error_number = name_request(&request, name);
    if (error_number != 0) return error_number;
    error_number = run_request(SIOCGIFINDEX, &request);
    if (error_number == 0) *index = request.ifr_ifindex;
    return error_number;
}

int cplatform_unshare_network(void) {
    if (unshare(CLONE_NEWNET) != 0) return errno;
    return cplatform_interface_set_up("lo", true);
}
