// Lost pages of mapped files. A file that is cut while it is mapped, or whose disk or server fails, has pages that cannot be
// read: to touch one is SIGBUS, which ends the process. The guard catches it where the page is of a mapping that was entered
// here: it puts zeros in the place of what is lost and writes down where, the reading goes on, and whoever uses the numbers
// asks whether they are worth anything. A SIGBUS from anywhere else goes to whom it went before.
//
// The same handler serves files that are read and not mapped, as it is better on file systems of the network: their bytes have a
// place in memory, of which nothing is there at first; who touches it is stopped (SIGSEGV) until `pread` has brought the block in.
// Of all such files together MG_BLOCKS blocks are kept, the oldest go first: they come again when they are touched again.
#ifndef UNMASK_CMAPPINGGUARD_H
#define UNMASK_CMAPPINGGUARD_H

#include <stddef.h>
#include <stdint.h>

// The most mappings at a time: more than Linux gives a process (vm.max_map_count, 65,530).
enum { MG_MOST = 1 << 16 };
// Bytes that are read at a time from a file that is not mapped: a large page, and more than the servers of network file systems
// send at once. And how many such blocks are kept: 512 MB, a block of each of 16 models for each of 16 threads.
enum { MG_BLOCK = 1 << 21, MG_BLOCKS = 256 };

// Allows the guard to take SIGBUS and SIGSEGV for the process; before this is called it takes neither, mappings are not guarded, and files
// are not read instead of mapped. The handlers are installed when the first mapping is entered. To be called by a program, not by a library
// for it.
void mg_allow(void);
// Guards `length` > 0 bytes of a read-only private mapping at `base`, if that is allowed. Returns the number by which the
// other calls know it, or -1 when MG_MOST are guarded or the system refuses. Takes a lock.
int32_t mg_enter(const void *base, size_t length);
// Whether files can be read instead of mapped: on this system, and if the guard is allowed.
int mg_can_read(void);
// The number of the file system that an open file is on (statfs(2)); 0 when the system does not tell.
uint32_t mg_file_system(int descriptor);
// A place in memory for `length` > 0 bytes of the file that `descriptor` has open, to be read from it block by block as they are
// touched; `number` is as mg_enter returns it. NULL when there is no room. The descriptor stays open until mg_leave, which comes before munmap.
void *mg_enter_read(int descriptor, size_t length, int32_t *number);
// Gives back `length` bytes from `offset` on, both multiples of the page size, of a file that is read.
void mg_drop(int32_t number, size_t offset, size_t length);
// Ends it; to be called before the mapping is removed, when no thread reads it any more. Takes a lock.
void mg_leave(int32_t number);
// Offset of the first lost page that was touched, a multiple of the page size; -1 when none was. From there to the end of the
// mapping every byte may have become zero.
int64_t mg_lost(int32_t number);

#endif
