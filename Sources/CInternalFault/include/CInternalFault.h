// What a user sees when the program itself is at fault: three lines and exit code 70 (EX_SOFTWARE), not a backtrace.
#ifndef UNMASK_CINTERNALFAULT_H
#define UNMASK_CINTERNALFAULT_H

// From now on a trap, an abort or a wild access writes one line that says what it was and where in the program, then `report` as it is,
// and ends the process with 70. `report` is copied, up to 4,000 bytes. To be called once, early, by the main thread; a handler that is
// installed later (the guard of mapped files) comes first and hands over what is not its own.
void if_install(const char *report);

#endif
