#include "cplatform_zstd.h"

#include <zstd.h>

_Static_assert(CPLATFORM_ZSTD_MAGIC == ZSTD_MAGICNUMBER, "the frame magic is part of the format");

cplatform_zstd *cplatform_zstd_create(void) {
    ZSTD_DStream *stream = ZSTD_createDStream();
    if (stream == NULL) return NULL;
    if (ZSTD_isError(ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23))) {
        ZSTD_freeDStream(stream);
        return NULL;
    }
    return (cplatform_zstd *)stream;
}

void cplatform_zstd_free(cplatform_zstd *stream) {
    ZSTD_freeDStream((ZSTD_DStream *)stream);
}

const char *cplatform_zstd_decompress(cplatform_zstd *stream, const void *input, size_t input_size, size_t *consumed,
                                      void *output, size_t output_size, size_t *produced, int *in_frame) {
    ZSTD_inBuffer in = {input, input_size, 0};
    ZSTD_outBuffer out = {output, output_size, 0};
    do {
        size_t result = ZSTD_decompressStream((ZSTD_DStream *)stream, &out, &in);
        if (ZSTD_isError(result)) return ZSTD_getErrorName(result);
        *in_frame = result != 0;
    } while (out.pos < out.size && in.pos < in.size);
    *consumed = in.pos;
    *produced = out.pos;
    return NULL;
}
