// Counts calls per thread by standing in front of them: the program defines the functions itself, and the dynamic linker
// prefers a program's own to those of the libraries. What the Swift standard library calls inside itself is bound there
// and not seen. (The runtime's pointers for instruments would see it, but crash in 6.3 when a small string is retained.)
#define _GNU_SOURCE
#include "ccounting.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

static __thread ccounting_counts counts;

ccounting_counts ccounting_now(void) { return counts; }

// The heap

#if __has_feature(address_sanitizer)

bool ccounting_sees_heap(void) { return false; }

#else

// glibc's own names for what is replaced here.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

bool ccounting_sees_heap(void) { return true; }

void *malloc(size_t size) {
    counts.allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    counts.allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    counts.reallocations++;
    return __libc_realloc(memory, size);
}

void free(void *memory) {
    if (memory != NULL) counts.frees++;
    __libc_free(memory);
}

void *memalign(size_t alignment, size_t size) {
    counts.allocations++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    counts.allocations++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    counts.allocations++;
    void *result = __libc_memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}

#endif

// The Swift runtime

/// Defines `name` as: count, then call the runtime's function of that name, found behind ours at the first call.
#define COUNTED(result, name, parameters, arguments, counting)                  \
    result name parameters {                                                    \
        static result(*real) parameters;                                        \
        if (real == NULL) real = (result(*) parameters)dlsym(RTLD_NEXT, #name); \
        counting;                                                               \
        return real arguments;                                                  \
    }

typedef void *object;

COUNTED(object, swift_allocObject, (void const *type, size_t size, size_t mask), (type, size, mask), counts.objects++)

COUNTED(object, swift_retain, (object one), (one), counts.retains++)
COUNTED(object, swift_retain_n, (object one, uint32_t n), (one, n), counts.retains += n)
COUNTED(object, swift_tryRetain, (object one), (one), counts.retains++)
COUNTED(object, swift_bridgeObjectRetain, (object one), (one), counts.retains++)
COUNTED(object, swift_bridgeObjectRetain_n, (object one, uint32_t n), (one, n), counts.retains += n)

COUNTED(void, swift_release, (object one), (one), counts.releases++)
COUNTED(void, swift_release_n, (object one, uint32_t n), (one, n), counts.releases += n)
COUNTED(void, swift_bridgeObjectRelease, (object one), (one), counts.releases++)
COUNTED(void, swift_bridgeObjectRelease_n, (object one, uint32_t n), (one, n), counts.releases += n)
