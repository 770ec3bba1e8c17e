#include "CMappingGuard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// A mapping. The handler reads it without a lock while other threads enter and leave: `version` is odd while the rest is being
// changed, and what was read counts only when the version was even and the same before and after (a seqlock).
typedef struct {
  atomic_uint version;
  _Atomic uintptr_t base;  // 0 when free
  atomic_size_t length;
  _Atomic int64_t lost;
  int32_t next;  // the next free slot; for the holder of the lock
} slot;

// Slots come in blocks that are never moved or given back, so that the handler may look at them at any time.
enum { BLOCK = 1024 };
static _Atomic(slot *) blocks[MG_MOST / BLOCK];
static atomic_int used = 0;  // slots that were ever handed out
static int32_t first_free = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int installed = 0;
static size_t page_size = 0;
static struct sigaction before;

static slot *at(int32_t number) { return atomic_load_explicit(&blocks[number / BLOCK], memory_order_acquire) + number % BLOCK; }

static void set(slot *s, uintptr_t base, size_t length) {
  atomic_fetch_add_explicit(&s->version, 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  atomic_store_explicit(&s->base, base, memory_order_relaxed);
  atomic_store_explicit(&s->length, length, memory_order_relaxed);
  atomic_store_explicit(&s->lost, -1, memory_order_relaxed);
  atomic_fetch_add_explicit(&s->version, 1, memory_order_release);
}

// Puts zeros over `address` and all that follows it in its mapping; 0 when it is in none. The rest of the mapping goes with it,
// since nothing that was read from it counts any more: one fault for a lost file, and not one for each of its pages.
static int replace(uintptr_t address) {
  int32_t count = atomic_load_explicit(&used, memory_order_acquire);
  for (int32_t i = 0; i < count; i++) {
    slot *s = at(i);
    unsigned version = atomic_load_explicit(&s->version, memory_order_acquire);
    uintptr_t base = atomic_load_explicit(&s->base, memory_order_relaxed);
    size_t length = atomic_load_explicit(&s->length, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    if (version % 2 != 0 || version != atomic_load_explicit(&s->version, memory_order_relaxed)) continue;
    // Mappings end with a page: a kernel may touch what is behind the last byte.
    size_t whole = (length + page_size - 1) / page_size * page_size;
    if (base == 0 || address < base || address - base >= whole) continue;
    size_t offset = (address - base) / page_size * page_size;
    // First the note, then the zeros: no thread may read a zero that is not noted yet.
    int64_t lost = atomic_load_explicit(&s->lost, memory_order_relaxed);
    while ((lost < 0 || lost > (int64_t)offset) &&
           !atomic_compare_exchange_weak_explicit(&s->lost, &lost, (int64_t)offset, memory_order_seq_cst, memory_order_relaxed)) {
    }
    void *zeros = mmap((void *)(base + offset), whole - offset, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return zeros != MAP_FAILED;
  }
  return 0;
}

static void handle(int number, siginfo_t *info, void *context) {
  (void)context;
  int saved = errno;
  // A signal that a process sent has no address.
  int is_fault = info->si_code > 0 && info->si_code != SI_USER;
  if (!is_fault || !replace((uintptr_t)info->si_addr)) {
    // Not ours. The instruction faults again when this returns, and then meets who was here before.
    sigaction(number, &before, NULL);
    if (!is_fault) raise(number);
  }
  errno = saved;
}

static int install(void) {
  if (installed) return 1;
  page_size = (size_t)sysconf(_SC_PAGESIZE);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handle;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  installed = sigaction(SIGBUS, &action, &before) == 0;
  return installed;
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

int32_t mg_enter(const void *base, size_t length) {
  pthread_mutex_lock(&lock);
  int32_t number = install() ? take() : -1;
  if (number >= 0) set(at(number), (uintptr_t)base, length);
  pthread_mutex_unlock(&lock);
  return number;
}

void mg_leave(int32_t number) {
  pthread_mutex_lock(&lock);
  slot *s = at(number);
  set(s, 0, 0);
  s->next = first_free;
  first_free = number;
  pthread_mutex_unlock(&lock);
}

int64_t mg_lost(int32_t number) { return atomic_load_explicit(&at(number)->lost, memory_order_seq_cst); }
