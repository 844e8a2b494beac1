/// The process's own output, which Swift sees as a mutable global and refuses to touch.
#ifndef CPLATFORM_PROCESS_H
#define CPLATFORM_PROCESS_H

#include <stdio.h>

/// Makes standard output leave line by line, also into a pipe, so that a program that reads ours sees each line when it
/// is printed. Call it before anything is printed.
static inline void cplatform_line_buffer_output(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

#endif
