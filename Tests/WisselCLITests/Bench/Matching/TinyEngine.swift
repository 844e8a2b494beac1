/// An engine in C that holds no book: it acknowledges what it is told. What differs is chosen by macros.
enum TinyEngine {
    static let source = """
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>

        typedef struct { uint64_t word[8]; } report;
        typedef struct {
            void *(*create)(uint32_t);
            int (*push)(void *, const report *);
            uint32_t (*drain)(void *, report *, uint32_t);
            void (*flush)(void *);
            void (*destroy)(void *);
        } transport;

        static const transport *queue;
        static void *handle;
        static uint64_t prepared, delivered;

        #ifdef OWN_QUEUE
        static report *waiting;
        static uint64_t put, got, room;
        static void *create(uint32_t capacity) { room = capacity; return waiting = malloc(capacity * sizeof(report)); }
        static int push(void *h, const report *r) { waiting[put++ % room] = *r; return 1; }
        static uint32_t drain(void *h, report *out, uint32_t most) {
            uint32_t n = 0;
            while (n < most && got < put) out[n++] = waiting[got++ % room];
            return n;
        }
        static void nothing(void *h) {}
        static const transport own = {create, push, drain, nothing, nothing};
        const transport *engine_get_transport(void) { return &own; }
        #endif

        static void say(uint64_t kind, const uint64_t *message, uint64_t price) {
            report r = {{kind, message[1], message[0], price, 10, 0, 0, 0}};
            delivered++;
            queue->push(handle, &r);
        }

        void engine_init(uint64_t seed, const transport *t, void *h) { queue = t; handle = h; }
        void engine_shutdown(void) {}
        void engine_flush(void) {
        #ifdef PREBUILD
            if (prepared != delivered) abort();
        #endif
        }
        #ifdef PREBUILD
        void engine_prebuild(uint8_t kind, const void *message) { prepared++; }
        #endif
        void engine_on_new_order(const uint64_t *m) {
        #ifdef FALLS
            abort();
        #endif
        #ifdef WRONG_PRICE
            say(0, m, m[2] + (m[0] == 5000));
        #else
            say(0, m, m[2]);
        #endif
        }
        void engine_on_cancel(const uint64_t *m) {
        #ifdef SILENT_ON_CANCEL
            if (m[0] == 3000) return;
        #endif
            say(2, m, 7);
        }
        #ifndef WITHOUT_MODIFY
        void engine_on_modify(const uint64_t *m) { say(3, m, m[2]); }
        #endif
        """
}
