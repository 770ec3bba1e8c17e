#define _GNU_SOURCE
#include "CMappingGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#if defined(__linux__)
#include <sys/vfs.h>
#endif
#include <unistd.h>

// A mapping. The handler reads it without a lock while other threads add and remove mappings. `version` is odd while the other
// fields change. A read is valid only if the version was even and equal before and after it (a seqlock).
typedef struct {
  atomic_uint version;
  _Atomic uintptr_t base;  // 0 when free
  atomic_size_t length;
  _Atomic int64_t lost;
  atomic_int descriptor;  // for a file that is read; -1 for a mapped file
  int32_t next;  // the next free slot; protected by the lock
} slot;

// Slots are allocated in blocks that are never moved or freed, so that the handler may read them at any time.
enum { BLOCK = 1024 };
static _Atomic(slot *) blocks[MG_MOST / BLOCK];
static atomic_int used = 0;  // number of slots that were ever in use
static int32_t first_free = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int catches_bus = 0, catches_segment = 0;
static atomic_int is_allowed = 0;
static size_t page_size = 0;
static struct sigaction before_bus, before_segment;

static slot *at(int32_t number) { return atomic_load_explicit(&blocks[number / BLOCK], memory_order_acquire) + number % BLOCK; }

static void set(slot *s, uintptr_t base, size_t length, int descriptor) {
  atomic_fetch_add_explicit(&s->version, 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  atomic_store_explicit(&s->base, base, memory_order_relaxed);
  atomic_store_explicit(&s->length, length, memory_order_relaxed);
  atomic_store_explicit(&s->lost, -1, memory_order_relaxed);
  atomic_store_explicit(&s->descriptor, descriptor, memory_order_relaxed);
  atomic_fetch_add_explicit(&s->version, 1, memory_order_release);
}

// A consistent copy of the fields of a slot that the handler needs.
typedef struct {
  slot *of;
  uintptr_t base;
  size_t length;
  size_t whole;  // includes the rest of the last page, which the kernel may access
  int descriptor;
} mapping;

// Finds the mapping that contains `address`; returns 0 if there is none.
static int find(uintptr_t address, mapping *found) {
  int32_t count = atomic_load_explicit(&used, memory_order_acquire);
  for (int32_t i = 0; i < count; i++) {
    slot *s = at(i);
    unsigned version = atomic_load_explicit(&s->version, memory_order_acquire);
    uintptr_t base = atomic_load_explicit(&s->base, memory_order_relaxed);
    size_t length = atomic_load_explicit(&s->length, memory_order_relaxed);
    int descriptor = atomic_load_explicit(&s->descriptor, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    if (version % 2 != 0 || version != atomic_load_explicit(&s->version, memory_order_relaxed)) continue;
    size_t whole = (length + page_size - 1) / page_size * page_size;
    if (base == 0 || address < base || address - base >= whole) continue;
    *found = (mapping){s, base, length, whole, descriptor};
    return 1;
  }
  return 0;
}

// Records that the bytes from `offset` on are lost. It runs before the zeros are mapped: no thread may read an unrecorded zero.
static void note(slot *s, size_t offset) {
  int64_t lost = atomic_load_explicit(&s->lost, memory_order_relaxed);
  while ((lost < 0 || lost > (int64_t)offset) &&
         !atomic_compare_exchange_weak_explicit(&s->lost, &lost, (int64_t)offset, memory_order_seq_cst, memory_order_relaxed)) {
  }
}

// Maps zeros over a page and all later pages of the mapping. Data read from the mapping are invalid anyway, so a lost file
// causes one fault and not one for each of its pages.
static int replace(const mapping *m, size_t offset) {
  note(m->of, offset);
  void *zeros = mmap((void *)(m->base + offset), m->whole - offset, PROT_READ,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return zeros != MAP_FAILED;
}

// MARK: Files that are read

#if defined(__linux__)
// The blocks in memory, as a ring in the order in which they were loaded; address 0 for an empty entry. A block may be in it
// twice (two threads requested it) or may already be released: then it is evicted too early, which only costs another read.
static struct {
  uintptr_t address;
  size_t length;
} ring[MG_BLOCKS];
static size_t oldest = 0;
// The handler takes this lock. This is safe: the handler runs when a thread accesses a block, and a thread that holds the lock
// accesses none.
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;

// Frees the memory at `address` but keeps the address range reserved.
static int vacate(uintptr_t address, size_t length) {
  void *none = mmap((void *)address, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return none != MAP_FAILED;
}

// Reserves an address range of `length` bytes, aligned for large pages.
static void *reserve(size_t length, int protection) {
  char *place = mmap(NULL, length + MG_BLOCK, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) return NULL;
  size_t before = (MG_BLOCK - (uintptr_t)place % MG_BLOCK) % MG_BLOCK;
  if (before > 0) munmap(place, before);
  munmap(place + before + length, MG_BLOCK - before);
  return place + before;
}

// Reads `count` bytes from `offset` on; returns the number of bytes read before the file ended or a read failed.
static size_t read_all(int descriptor, char *to, size_t count, size_t offset) {
  size_t done = 0;
  while (done < count) {
    ssize_t got = pread(descriptor, to + done, count - done, (off_t)(offset + done));
    if (got > 0) done += (size_t)got;
    else if (got == 0 || errno != EINTR) break;
  }
  return done;
}

// Loads the block that contains `address`. It is read into other memory and then moved as a whole, so that no thread sees a
// partial block.
static int fill(const mapping *m, uintptr_t address) {
  size_t offset = (address - m->base) / MG_BLOCK * MG_BLOCK;
  size_t room = m->whole - offset < MG_BLOCK ? m->whole - offset : MG_BLOCK;
  size_t wanted = m->length - offset < room ? m->length - offset : room;
  int64_t lost = atomic_load_explicit(&m->of->lost, memory_order_seq_cst);
  // After the server is lost, later blocks are not requested: each request could wait for a minute.
  if (lost >= 0 && (size_t)lost <= offset) return replace(m, offset);
  void *fresh = reserve(room, PROT_READ | PROT_WRITE);
  if (fresh == NULL) return replace(m, offset);
  // Memory in large pages is provided four times as fast, and moves in one piece.
  madvise(fresh, room, MADV_HUGEPAGE);
  size_t got = read_all(m->descriptor, fresh, wanted, offset);
  if (got < wanted) note(m->of, (offset + got) / page_size * page_size);
  mprotect(fresh, room, PROT_READ);
  pthread_mutex_lock(&ring_lock);
  int moved = mremap(fresh, room, room, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)(m->base + offset)) != MAP_FAILED;
  if (moved) {
    if (ring[oldest].address != 0 && ring[oldest].address != m->base + offset) vacate(ring[oldest].address, ring[oldest].length);
    ring[oldest].address = m->base + offset;
    ring[oldest].length = room;
    oldest = (oldest + 1) % MG_BLOCKS;
  }
  pthread_mutex_unlock(&ring_lock);
  if (!moved) munmap(fresh, room);
  return moved || replace(m, offset);
}
#else
static int fill(const mapping *m, uintptr_t address) {
  (void)m, (void)address;
  return 0;
}
#endif

// MARK: The handler

static void handle(int number, siginfo_t *info, void *context) {
  (void)context;
  int saved = errno;
  uintptr_t address = (uintptr_t)info->si_addr;
  // A signal that a process sent has no address.
  int is_fault = info->si_code > 0 && info->si_code != SI_USER, is_ours = 0;
  mapping m;
  if (is_fault && find(address, &m)) {
    if (m.descriptor >= 0) is_ours = fill(&m, address);
    else if (number == SIGBUS) is_ours = replace(&m, (address - m.base) / page_size * page_size);
  }
  if (!is_ours) {
    // The instruction faults again after the return, and then the previous handler runs.
    sigaction(number, number == SIGBUS ? &before_bus : &before_segment, NULL);
    if (!is_fault) raise(number);
  }
  errno = saved;
}

static int catch(int number, struct sigaction *before) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handle;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  return sigaction(number, &action, before) == 0;
}

// SIGSEGV is caught only once there are files that are read instead of mapped.
static int install(int reads) {
  if (page_size == 0) page_size = (size_t)sysconf(_SC_PAGESIZE);
  if (!atomic_load(&is_allowed)) return !reads;
  if (!catches_bus) catches_bus = catch(SIGBUS, &before_bus);
  if (reads && !catches_segment) catches_segment = catch(SIGSEGV, &before_segment);
  return catches_bus && (!reads || catches_segment);
}

// Returns a free slot, or -1.
static int32_t take(void) {
  int32_t number = first_free;
  if (number >= 0) {
    first_free = at(number)->next;
    return number;
  }
  number = atomic_load_explicit(&used, memory_order_relaxed);
  if (number == MG_MOST) return -1;
  if (number % BLOCK == 0) {
    slot *block = calloc(BLOCK, sizeof(slot));
    if (block == NULL) return -1;
    atomic_store_explicit(&blocks[number / BLOCK], block, memory_order_release);
  }
  atomic_store_explicit(&used, number + 1, memory_order_release);
  return number;
}

static int32_t enter(const void *base, size_t length, int descriptor) {
  pthread_mutex_lock(&lock);
  int32_t number = install(descriptor >= 0) ? take() : -1;
  if (number >= 0) set(at(number), (uintptr_t)base, length, descriptor);
  pthread_mutex_unlock(&lock);
  return number;
}

void mg_allow(void) { atomic_store(&is_allowed, 1); }

int32_t mg_enter(const void *base, size_t length) { return enter(base, length, -1); }

#if defined(__linux__)
int mg_can_read(void) { return atomic_load(&is_allowed); }

uint32_t mg_file_system(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (uint32_t)status.f_type : 0;
}

void *mg_enter_read(int descriptor, size_t length, int32_t *number) {
  // The file was opened with O_NONBLOCK because of pipes; for a slow server, reads must block.
  fcntl(descriptor, F_SETFL, 0);
  size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (length + page - 1) / page * page;
  void *base = reserve(whole, PROT_NONE);
  if (base == NULL) return NULL;
  *number = enter(base, length, descriptor);
  if (*number >= 0) return base;
  munmap(base, whole);
  return NULL;
}

void mg_drop(int32_t number, size_t offset, size_t length) {
  vacate(atomic_load_explicit(&at(number)->base, memory_order_relaxed) + offset, length);
}

// Removes the blocks of a file from the ring, because its address range may be reused.
static void forget(uintptr_t base, size_t length) {
  pthread_mutex_lock(&ring_lock);
  for (size_t i = 0; i < MG_BLOCKS; i++) {
    if (ring[i].address >= base && ring[i].address - base < length) ring[i].address = 0;
  }
  pthread_mutex_unlock(&ring_lock);
}
#else
int mg_can_read(void) { return 0; }

uint32_t mg_file_system(int descriptor) {
  (void)descriptor;
  return 0;
}

void *mg_enter_read(int descriptor, size_t length, int32_t *number) {
  (void)descriptor, (void)length, (void)number;
  return NULL;
}

void mg_drop(int32_t number, size_t offset, size_t length) { (void)number, (void)offset, (void)length; }

static void forget(uintptr_t base, size_t length) { (void)base, (void)length; }
#endif

void mg_leave(int32_t number) {
  pthread_mutex_lock(&lock);
  slot *s = at(number);
  if (atomic_load_explicit(&s->descriptor, memory_order_relaxed) >= 0) {
    forget(atomic_load_explicit(&s->base, memory_order_relaxed), atomic_load_explicit(&s->length, memory_order_relaxed));
  }
  set(s, 0, 0, -1);
  s->next = first_free;
  first_free = number;
  pthread_mutex_unlock(&lock);
}

int64_t mg_lost(int32_t number) { return atomic_load_explicit(&at(number)->lost, memory_order_seq_cst); }
