#define _GNU_SOURCE
#include "CInternalFault.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <ucontext.h>
#endif

// All that the handler uses is here before it is needed: it may allocate nothing and take no lock.
static char report[4000];
static size_t report_length;
static atomic_flag busy = ATOMIC_FLAG_INIT;
static char stack[1 << 16];

#if defined(__linux__)
extern char __executable_start[];
extern char etext[];
#endif

static const char *what(int number) {
  switch (number) {
    case SIGILL:
    case SIGTRAP: return "an internal check failed (trap)";
    case SIGABRT: return "the program gave up (abort)";
    case SIGSEGV: return "an invalid memory access (segmentation fault)";
    case SIGBUS: return "a memory access that the system rejected (bus error)";
    case SIGFPE: return "an arithmetic error (division by zero)";
    default: return "a forbidden system call";
  }
}

static size_t append(char *line, size_t length, const char *text) {
  size_t count = strlen(text);
  memcpy(line + length, text, count);
  return length + count;
}

static size_t append_hexadecimal(char *line, size_t length, uintptr_t value) {
  int shift = (int)(8 * sizeof value) - 4;
  while (shift > 0 && (value >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) line[length++] = "0123456789abcdef"[(value >> shift) & 15];
  return length;
}

// Where the program was, counted from its start: what `addr2line` wants. 0 when it was in a library or the system does not tell.
static uintptr_t place(void *context) {
#if defined(__linux__) && defined(__x86_64__)
  uintptr_t at = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__linux__) && defined(__aarch64__)
  uintptr_t at = (uintptr_t)((ucontext_t *)context)->uc_mcontext.pc;
#else
  (void)context;
  return 0;
#endif
#if defined(__linux__)
  uintptr_t first = (uintptr_t)__executable_start;
  return at >= first && at < (uintptr_t)etext ? at - first : 0;
#endif
}

static void say(const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(STDERR_FILENO, text, length);
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}

static void handle(int number, siginfo_t *info, void *context) {
  (void)info;
  // Of threads that fail together one speaks.
  if (atomic_flag_test_and_set(&busy)) {
    for (;;) pause();
  }
  char line[200];
  size_t length = append(line, 0, "unmask: internal error: ");
  length = append(line, length, what(number));
  uintptr_t at = place(context);
  if (at != 0) {
    length = append(line, length, " at unmask+0x");
    length = append_hexadecimal(line, length, at);
  }
  line[length++] = '\n';
  say(line, length);
  say(report, report_length);
  _exit(70);
}

void if_install(const char *text) {
  report_length = strlen(text) < sizeof report ? strlen(text) : sizeof report;
  memcpy(report, text, report_length);
  // A stack that overflowed has no room for the handler.
  stack_t other;
  memset(&other, 0, sizeof other);
  other.ss_sp = stack;
  other.ss_size = sizeof stack;
  sigaltstack(&other, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handle;
  sigfillset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  static const int signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGSYS};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}
