// Lost pages of mapped files. If a file is truncated while it is mapped, or its disk or server fails, some pages cannot be
// read: an access causes SIGBUS, which ends the process. The guard catches SIGBUS for pages of registered mappings. It replaces
// the lost pages by zeros and records their offset, and the reading continues. The caller must then ask whether the data are
// valid. Any other SIGBUS goes to the previous handler.
//
// The same handler serves files that are read and not mapped, which is better on network file systems. Their bytes have a
// reserved address range that is empty at first. An access stops the thread (SIGSEGV) until `pread` has loaded the block.
// MG_BLOCKS blocks of all such files together are kept, and the oldest are evicted first; the next access loads them again.
#ifndef UNMASK_CMAPPINGGUARD_H
#define UNMASK_CMAPPINGGUARD_H

#include <stddef.h>
#include <stdint.h>

// The most mappings at a time: more than Linux gives a process (vm.max_map_count, 65,530).
enum { MG_MOST = 1 << 16 };
// MG_BLOCK: bytes per read from a file that is not mapped; a large page, and more than the servers of network file systems
// send at once. MG_BLOCKS: number of blocks kept; 512 MB, one block of each of 16 models for each of 16 threads.
enum { MG_BLOCK = 1 << 21, MG_BLOCKS = 256 };

// Allows the guard to handle SIGBUS and SIGSEGV for the process. Before this call it handles neither, mappings are not guarded,
// and files are always mapped, not read. The handlers are installed when the first mapping is registered. A program must make
// this decision; a library must not call it for the program.
void mg_allow(void);
// Guards `length` > 0 bytes of a read-only private mapping at `base`, if that is allowed. Returns the number of the mapping for
// the other calls, or -1 when MG_MOST mappings are guarded or the system refuses. Takes a lock.
int32_t mg_enter(const void *base, size_t length);
// Whether files can be read instead of mapped: on this system, and if the guard is allowed.
int mg_can_read(void);
// The type number of the file system of an open file (statfs(2)); 0 when the system does not report it.
uint32_t mg_file_system(int descriptor);
// Reserves an address range for `length` > 0 bytes of the file open at `descriptor`. Blocks are read on first access. `number`
// is set as the result of mg_enter. Returns NULL when there is no room. The descriptor must stay open until mg_leave, which must
// be called before munmap.
void *mg_enter_read(int descriptor, size_t length, int32_t *number);
// Releases `length` bytes from `offset` on, both multiples of the page size, of a file that is read.
void mg_drop(int32_t number, size_t offset, size_t length);
// Stops guarding a mapping. Call it before the mapping is removed, when no thread reads it any more. Takes a lock.
void mg_leave(int32_t number);
// Offset of the first lost page that was accessed, a multiple of the page size; -1 when there is none. From there to the end of
// the mapping, every byte may have become zero.
int64_t mg_lost(int32_t number);

#endif
