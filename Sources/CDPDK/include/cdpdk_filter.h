/// Capture filters: libpcap's language, run by libpcap's own interpreter on the polling thread.
///
/// DPDK could turn such programs into machine code (`rte_bpf_convert`, `rte_bpf_get_jit`), but the code that 22.11.11 makes
/// of some of them (`ether multicast`) reads wild addresses; the interpreter checks every one.
#ifndef CDPDK_FILTER_H
#define CDPDK_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/// One instruction of the classic Berkeley packet filter, in the layout of `struct bpf_insn`.
struct cdpdk_filter_instruction {
    uint16_t code;
    uint8_t jump_true, jump_false;
    uint32_t operand;
};

/// Most instructions a program may have (libpcap's BPF_MAXINSNS).
enum { CDPDK_FILTER_INSTRUCTION_LIMIT = 4096 };

/// Compiles a filter expression (pcap-filter(7)) for Ethernet frames. EAL need not run. May ask the resolver for names.
/// Returns the number of instructions, or -1 with libpcap's reason in `message`.
int cdpdk_filter_compile(const char *_Nonnull expression, uint32_t snap_length,
                         struct cdpdk_filter_instruction *_Nonnull instructions, unsigned capacity,
                         char *_Nonnull message, unsigned message_capacity);

/// Checks a program (`bpf_validate`) and keeps a copy. Returns the filter, or NULL with an errno value in `*error_number`.
void *_Nullable cdpdk_filter_load(const struct cdpdk_filter_instruction *_Nonnull instructions, unsigned count,
                                  int *_Nonnull error_number);

void cdpdk_filter_free(void *_Nullable filter);

struct rte_mbuf;
/// Whether the filter lets a frame pass. Any thread.
bool cdpdk_filter_accepts(const void *_Nonnull filter, const struct rte_mbuf *_Nonnull frame);

#endif
