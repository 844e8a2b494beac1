/// Streaming decompression of Zstandard (RFC 8878), for capture files.
#ifndef CPLATFORM_ZSTD_H
#define CPLATFORM_ZSTD_H

#include <stddef.h>

/// The state of one stream; one thread at a time.
typedef struct cplatform_zstd cplatform_zstd;

/// The first four bytes of a Zstandard frame, read little endian.
#define CPLATFORM_ZSTD_MAGIC 0xFD2FB528u

/// A new stream, or NULL when memory is short. Windows above 8 MiB (compression levels up to 19 stay within) are
/// refused while decompressing, so a frame header cannot ask for more memory than that.
cplatform_zstd *cplatform_zstd_create(void);

/// Ends the stream and gives its memory back; NULL is allowed.
void cplatform_zstd_free(cplatform_zstd *stream);

/// Decompresses from `input` to `output` until one of them is used up; concatenated frames follow each other.
/// Inside a frame an empty input flushes what the stream still holds; between frames the input must not be empty.
/// `consumed` and `produced` get the bytes read and written; `in_frame` gets 1 while a frame has more to come, else 0.
/// Returns NULL, or a constant English text that names the damage.
const char *cplatform_zstd_decompress(cplatform_zstd *stream, const void *input, size_t input_size, size_t *consumed,
                                      void *output, size_t output_size, size_t *produced, int *in_frame);

#endif
