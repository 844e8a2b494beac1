/// What the kernel says of its clock (adjtimex(2)), which Swift does not import.
#ifndef CPLATFORM_CLOCK_H
#define CPLATFORM_CLOCK_H

/// The kernel's estimate of its clock's error in µs while something leads it, or -1 when nothing does.
long cplatform_clock_error(void);

#endif
