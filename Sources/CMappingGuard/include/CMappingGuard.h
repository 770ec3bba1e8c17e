// Lost pages of mapped files. A file that is cut while it is mapped, or whose disk or server fails, has pages that cannot be
// read: to touch one is SIGBUS, which ends the process. The guard catches it where the page is of a mapping that was entered
// here: it puts zeros in the place of what is lost and writes down where, the reading goes on, and whoever uses the numbers
// asks whether they are worth anything. A SIGBUS from anywhere else goes to whom it went before.
#ifndef UNMASK_CMAPPINGGUARD_H
#define UNMASK_CMAPPINGGUARD_H

#include <stddef.h>
#include <stdint.h>

// The most mappings at a time: more than Linux gives a process (vm.max_map_count, 65,530).
enum { MG_MOST = 1 << 16 };

// Guards `length` > 0 bytes of a read-only private mapping at `base`; installs the handler at the first call. Returns the number by which the
// other calls know it, or -1 when MG_MOST are guarded or the system refuses. Takes a lock.
int32_t mg_enter(const void *base, size_t length);
// Ends it; to be called before the mapping is removed, when no thread reads it any more. Takes a lock.
void mg_leave(int32_t number);
// Offset of the first lost page that was touched, a multiple of the page size; -1 when none was. From there to the end of the
// mapping every byte may have become zero.
int64_t mg_lost(int32_t number);

#endif
