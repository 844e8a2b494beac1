#include "cplatform_clock.h"

#include <string.h>
#include <sys/timex.h>

long cplatform_clock_error(void) {
    struct timex state;
    memset(&state, 0, sizeof state);
    if (adjtimex(&state) < 0 || (state.status & STA_UNSYNC) != 0) return -1;
    return state.esterror;
}
