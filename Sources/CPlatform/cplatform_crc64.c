#include "cplatform_crc64.h"

#include <isa-l/crc64.h>

uint64_t cplatform_crc64(const void *bytes, size_t length) {
    return crc64_ecma_refl(0, bytes, length);
}
