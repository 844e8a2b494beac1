#include "cdpdk_filter.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <rte_mbuf.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct cdpdk_filter_instruction) == sizeof(struct bpf_insn), "instruction size");
_Static_assert(offsetof(struct bpf_insn, k) == offsetof(struct cdpdk_filter_instruction, operand), "operand");

int cdpdk_filter_compile(const char *expression, uint32_t snap_length, struct cdpdk_filter_instruction *instructions,
                         unsigned capacity, char *message, unsigned message_capacity) {
    pcap_t *handle = pcap_open_dead(DLT_EN10MB, (int)snap_length);
    if (handle == NULL) {
        snprintf(message, message_capacity, "libpcap could not be opened");
        return -1;
    }
    struct bpf_program program;
    int count = -1;
    if (pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        snprintf(message, message_capacity, "%s", pcap_geterr(handle));
    } else {
        if (program.bf_len > capacity) {
            snprintf(message, message_capacity, "it takes %u instructions, %u are possible", program.bf_len, capacity);
        } else {
            memcpy(instructions, program.bf_insns, program.bf_len * sizeof *instructions);
            count = (int)program.bf_len;
        }
        pcap_freecode(&program);
    }
    pcap_close(handle);
    return count;
}

void *cdpdk_filter_load(const struct cdpdk_filter_instruction *instructions, unsigned count, int *error_number) {
    *error_number = EINVAL;
    // What comes from another process is checked before it runs: every jump and every index, and that it ends.
    if (count == 0 || count > CDPDK_FILTER_INSTRUCTION_LIMIT ||
        !bpf_validate((const struct bpf_insn *)(const void *)instructions, (int)count))
        return NULL;
    void *filter = malloc(count * sizeof *instructions);
    *error_number = filter != NULL ? 0 : ENOMEM;
    if (filter != NULL) memcpy(filter, instructions, count * sizeof *instructions);
    return filter;
}

void cdpdk_filter_free(void *filter) { free(filter); }

bool cdpdk_filter_accepts(const void *filter, const struct rte_mbuf *frame) {
    // Loads beyond the first buffer of a frame that is spread over several end the program: no match.
    return bpf_filter(filter, rte_pktmbuf_mtod(frame, const unsigned char *), rte_pktmbuf_pkt_len(frame),
                      rte_pktmbuf_data_len(frame)) != 0;
}
