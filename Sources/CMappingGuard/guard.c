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

// A mapping. The handler reads it without a lock while other threads enter and leave: `version` is odd while the rest is being
// changed, and what was read counts only when the version was even and the same before and after (a seqlock).
typedef struct {
  atomic_uint version;
  _Atomic uintptr_t base;  // 0 when free
  atomic_size_t length;
  _Atomic int64_t lost;
  atomic_int descriptor;  // of a file that is read, -1 for one that is mapped
  int32_t next;  // the next free slot; for the holder of the lock
} slot;

// Slots come in blocks that are never moved or given back, so that the handler may look at them at any time.
enum { BLOCK = 1024 };
static _Atomic(slot *) blocks[MG_MOST / BLOCK];
static atomic_int used = 0;  // slots that were ever handed out
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

// What the handler needs of a slot, at one time.
typedef struct {
  slot *of;
  uintptr_t base;
  size_t length;
  size_t whole;  // with the rest of the last page, which a kernel may touch
  int descriptor;
} mapping;

// The mapping with `address`; 0 when it is in none.
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

// Notes that what follows `offset` is lost. First the note, then the zeros: no thread may read a zero that is not noted yet.
static void note(slot *s, size_t offset) {
  int64_t lost = atomic_load_explicit(&s->lost, memory_order_relaxed);
  while ((lost < 0 || lost > (int64_t)offset) &&
         !atomic_compare_exchange_weak_explicit(&s->lost, &lost, (int64_t)offset, memory_order_seq_cst, memory_order_relaxed)) {
  }
}

// Puts zeros over a page and all that follows it. The rest of the mapping goes with it, since nothing that was read from it
// counts any more: one fault for a lost file, and not one for each of its pages.
static int replace(const mapping *m, size_t offset) {
  note(m->of, offset);
  void *zeros = mmap((void *)(m->base + offset), m->whole - offset, PROT_READ,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return zeros != MAP_FAILED;
}

// MARK: Files that are read

#if defined(__linux__)
// The blocks that are in memory, a ring in the order in which they came; address 0 where there is none. One may be in it twice
// (two threads wanted it) or be given back already: then it goes too early, which costs another read and nothing else.
static struct {
  uintptr_t address;
  size_t length;
} ring[MG_BLOCKS];
static size_t oldest = 0;
// The handler takes this lock. It may: it runs where a thread touched a block, and whoever holds the lock touches none.
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;

// Takes what is at `address` out of memory and leaves the place.
static int vacate(uintptr_t address, size_t length) {
  void *none = mmap((void *)address, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return none != MAP_FAILED;
}

// A place for `length` bytes that begins where a large page may.
static void *reserve(size_t length, int protection) {
  char *place = mmap(NULL, length + MG_BLOCK, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) return NULL;
  size_t before = (MG_BLOCK - (uintptr_t)place % MG_BLOCK) % MG_BLOCK;
  if (before > 0) munmap(place, before);
  munmap(place + before + length, MG_BLOCK - before);
  return place + before;
}

// Reads `count` bytes from `offset` on; how many came until the file ended or failed.
static size_t read_all(int descriptor, char *to, size_t count, size_t offset) {
  size_t done = 0;
  while (done < count) {
    ssize_t got = pread(descriptor, to + done, count - done, (off_t)(offset + done));
    if (got > 0) done += (size_t)got;
    else if (got == 0 || errno != EINTR) break;
  }
  return done;
}

// Brings in the block with `address`. It is read elsewhere and moved to its place whole, so that no thread sees half of it.
static int fill(const mapping *m, uintptr_t address) {
  size_t offset = (address - m->base) / MG_BLOCK * MG_BLOCK;
  size_t room = m->whole - offset < MG_BLOCK ? m->whole - offset : MG_BLOCK;
  size_t wanted = m->length - offset < room ? m->length - offset : room;
  int64_t lost = atomic_load_explicit(&m->of->lost, memory_order_seq_cst);
  // A server that is gone is not asked for each block that follows, with a minute's patience each.
  if (lost >= 0 && (size_t)lost <= offset) return replace(m, offset);
  void *fresh = reserve(room, PROT_READ | PROT_WRITE);
  if (fresh == NULL) return replace(m, offset);
  // Memory that comes in large pages comes four times as fast, and moves as one.
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
    // The instruction faults again when this returns, and then meets who was here before.
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

// Wild accesses are caught where there are files that are read, not before.
static int install(int reads) {
  if (page_size == 0) page_size = (size_t)sysconf(_SC_PAGESIZE);
  if (!atomic_load(&is_allowed)) return !reads;
  if (!catches_bus) catches_bus = catch(SIGBUS, &before_bus);
  if (reads && !catches_segment) catches_segment = catch(SIGSEGV, &before_segment);
  return catches_bus && (!reads || catches_segment);
}

// A slot of nobody, or -1.
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
  // Opened so that a pipe could not hold us up; a server may take its time.
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

// Forgets the blocks of a file whose place somebody else may get.
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
