/// CRC-64 of ISA-L, the checksum of journal blocks.
#ifndef CPLATFORM_CRC64_H
#define CPLATFORM_CRC64_H

#include <stddef.h>
#include <stdint.h>

/// CRC-64/XZ (ECMA-182 polynomial, reflected, inverted in and out) of `length` bytes at `bytes`.
/// The check value of the nine bytes "123456789" is 0x995dc9bbdf1939fa. Never reads past `length`.
uint64_t cplatform_crc64(const void *bytes, size_t length);

#endif
