// What the program was built from, and what it found on this machine.
#ifndef UNMASK_CPROGRAMFACTS_H
#define UNMASK_CPROGRAMFACTS_H

// The commit of the sources; empty where scripts/build did not find one.
const char *pf_commit(void);

// Version and options of OpenBLAS, in its own words; empty where it is not installed or does not say. Opens it, as ob_open does; valid
// until the process ends.
const char *pf_openblas(void);

#endif
