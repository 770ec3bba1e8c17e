// Calls kernels of Sources/CKernels on the cases of a file and writes what they give; oracle.py writes the cases and judges the results.
// Built for this machine and for arm64 by scripts/check --arm.
//
//   driver                                 prints "kernel NAME" for each row of the table below and "set NUMBER" for each instruction set
//   driver SET CASES RESULTS [--broken]    SET -1: the kernels as the program calls them; --broken: changes a bit of every result
//
// All numbers of the two files are little-endian i64. A case: the row of the kernel in the table; the place of the bit that --broken
// changes (output, byte); the number of parameters and of buffers; the parameters; and for each buffer its bytes, how many bytes before
// the end of a page it ends, whether it is an output, and its contents. The results are the contents of all outputs, one after another.
//
// The page after each buffer cannot be read, and the bytes around a buffer are checked: a kernel that leaves its buffers is found.
#include "CKernels.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The kernel f of the instruction set, or as the program calls it.
#define ON(f, ...) (set < 0 ? f(__VA_ARGS__) : f##_on(set, __VA_ARGS__))
// The head of a row's function: n are the parameters, b the buffers.
#define ROW(name) static void name(int set, const int64_t *n, void *const *b)
// A parameter that says whether the last buffer exists.
#define IF(given, buffer) ((given) ? (buffer) : NULL)

ROW(pair_block) {
  if (set < 0) {
    ck_pair_block((int)n[1], b[0], (int)n[2], b[1], n[3], b[2]);
  } else {
    ck_pair_block_on(set, (int)n[0], (int)n[1], b[0], (int)n[2], b[1], n[3], b[2]);
  }
}
ROW(pair_block_f64) { ON(ck_pair_block_f64, b[0], b[1], n[0], b[2]); }
ROW(moments_block) { ON(ck_moments_block, b[0], n[0], b[1]); }
ROW(sum_and_squares) { ON(ck_sum_and_squares, b[0], n[0], b[1]); }
ROW(add_squares) { ON(ck_add_squares, b[0], n[0], b[1]); }
ROW(largest_magnitude) { *(float *)b[1] = ON(ck_largest_magnitude, b[0], n[0]); }
ROW(highest) { ON(ck_highest, b[0], n[0], n[1], (int)n[2], b[1], b[2], b[3]); }
ROW(widen_f32) { ON(ck_widen_f32, (int)n[0], b[0], n[1], b[1]); }
ROW(widen_f64) { ON(ck_widen_f64, (int)n[0], b[0], n[1], b[1]); }
ROW(widen_bytes) { ON(ck_widen_bytes, (int)n[0], b[0], n[1], b[1]); }
ROW(widen_row) { ON(ck_widen_row, (int)n[0], b[0], n[1], (uintptr_t)n[2], b[1], b[2]); }
ROW(copy_bf16) { ON(ck_copy_bf16, b[0], n[0], (uintptr_t)n[1], b[1], b[2]); }
ROW(stream) { ON(ck_stream, (int)n[0], b[0], n[1], n[2], n[3], b[1]); }
ROW(scale_groups) { ON(ck_scale_groups, b[0], n[0], n[1], n[2], b[1], IF(n[3], b[2])); }
ROW(affine_groups) { ON(ck_affine_groups, b[0], n[0], n[1], n[2], b[1], b[2]); }
ROW(blocks) { ON(ck_blocks, (int)n[0], b[0], n[1], b[1]); }

// Addresses to prefetch, most of them wrong.
static const uintptr_t nowhere[] = {0, 1, 4096, UINTPTR_MAX, (uintptr_t)nowhere};

ROW(products) {
  const ck_rows p = {b[0], b[1], n[0], n[4]}, q = {b[2], b[3], n[1], n[4]};
  ck_ahead ahead = {nowhere, 5, n[2], 0, 0};
  ON(ck_products, &p, &q, n[2], (int)n[3], b[4], IF(n[5], &ahead));
}
ROW(products_bf16) {
  const ck_bf16_rows p = {b[0], n[0], n[3]}, q = {b[1], n[1], n[3]};
  ck_ahead ahead = {nowhere, 5, n[2], 0, 0};
  ON(ck_products_bf16, &p, &q, n[2], b[2], IF(n[4], &ahead));
}
ROW(gram) { ON(ck_gram, (int)n[0], (const void *const *)b, n[1], n[2], n[3], b[n[1]], b[n[1] + 1]); }
ROW(unpack_words) {
  const ck_words words = {b[0], IF(n[8], b[2]), b[1], IF(n[9], b[3]), n[0], n[1], n[2], n[3], (int32_t)n[4], (int32_t)n[5],
                          (int32_t)n[6], (int32_t)n[7]};
  const ck_rectangle rectangle = {n[10], n[11], n[12], n[13], b[4], n[14]};
  ON(ck_unpack_words, &words, &rectangle);
}

// Without a form for tests: the same on every set.
ROW(nibbles) { (void)set, ck_nibbles(b[0], b[1], n[0], n[1], b[2]); }
ROW(block_sizes) {
  (void)set, (void)n;
  for (int format = 0; format < CK_BLOCK_FORMATS; format++) {
    ((int32_t *)b[0])[2 * format] = ck_block_numbers(format), ((int32_t *)b[0])[2 * format + 1] = ck_block_bytes(format);
  }
}

static const struct {
  const char *name;
  void (*call)(int set, const int64_t *n, void *const *b);
} kernels[] = {
    {"pair_block", pair_block}, {"pair_block_f64", pair_block_f64}, {"moments_block", moments_block},
    {"sum_and_squares", sum_and_squares}, {"add_squares", add_squares}, {"largest_magnitude", largest_magnitude}, {"highest", highest},
    {"widen_f32", widen_f32}, {"widen_f64", widen_f64}, {"widen_bytes", widen_bytes}, {"widen_row", widen_row},
    {"products", products}, {"copy_bf16", copy_bf16}, {"products_bf16", products_bf16}, {"gram", gram}, {"stream", stream},
    {"nibbles", nibbles}, {"scale_groups", scale_groups}, {"affine_groups", affine_groups}, {"blocks", blocks},
    {"block_sizes", block_sizes}, {"unpack_words", unpack_words},
};
enum { KERNELS = sizeof kernels / sizeof kernels[0], MOST = 24, ROOM = 1 << 21, AROUND = 64, MARK = 0xa5 };

static uint8_t *pages[MOST];  // of each buffer: ROOM bytes and a page that cannot be read
static FILE *cases, *results;
static char place[128];  // for a message: the case and the kernel

static void fail(const char *what) {
  fprintf(stderr, "driver: %s%s\n", place, what);
  exit(1);
}

static void on_fault(int signal) {
  const char *what = signal == SIGILL ? "an instruction that this processor lacks\n" : "reads or writes outside its buffers\n";
  if (write(2, place, strlen(place)) < 0 || write(2, what, strlen(what)) < 0) _exit(4);
  _exit(3);
}

static void take(void *p, size_t bytes) {
  if (fread(p, 1, bytes, cases) != bytes) fail("the file of cases ends too early");
}

static void run(int set, int is_broken, int64_t kernel) {
  int64_t head[4], n[MOST], size[MOST], is_output[MOST];
  void *b[MOST];
  take(head, sizeof head);
  if (kernel < 0 || kernel >= KERNELS || head[2] > MOST || head[3] > MOST) fail("no such case");
  take(n, (size_t)head[2] * sizeof *n);
  for (int64_t i = 0; i < head[3]; i++) {
    int64_t of[3];
    take(of, sizeof of);
    if (of[0] < 0 || of[1] < 0 || of[0] + of[1] + AROUND > ROOM || of[1] > AROUND) fail("a buffer has no room");
    uint8_t *p = pages[i] + ROOM - of[1] - of[0];
    memset(p - AROUND, MARK, AROUND);
    memset(p + of[0], MARK, (size_t)of[1]);
    take(p, (size_t)of[0]);
    b[i] = p, size[i] = of[0], is_output[i] = of[2];
  }
  kernels[kernel].call(set, n, b);
  for (int64_t i = 0, output = 0; i < head[3]; i++) {
    uint8_t *p = b[i];
    for (int k = 1; k <= AROUND; k++) {
      if (p[-k] != MARK) fail("wrote before a buffer");
    }
    for (uint8_t *end = p + size[i]; end < pages[i] + ROOM; end++) {
      if (*end != MARK) fail("wrote behind a buffer");
    }
    if (!is_output[i]) continue;
    if (is_broken && output++ == head[0] && size[i] != 0) p[head[1]] ^= 8;
    if (fwrite(p, 1, (size_t)size[i], results) != (size_t)size[i]) fail("cannot write the results");
  }
}

int main(int count, char **arguments) {
  if (count == 1) {
    for (int i = 0; i < KERNELS; i++) printf("kernel %s\n", kernels[i].name);
    for (int set = 0; set < CK_ISA_COUNT; set++) {
      if (ck_isa_runs(set)) printf("set %d\n", set);
    }
    return 0;
  }
  if (count < 4) fail("see the comment in driver.c");
  cases = fopen(arguments[2], "rb"), results = fopen(arguments[3], "wb");
  if (!cases || !results) fail("cannot open the files");
  for (int i = 0; i < MOST; i++) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    pages[i] = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (pages[i] == MAP_FAILED || mprotect(pages[i] + ROOM, page, PROT_NONE) != 0) fail("no memory");
  }
  signal(SIGSEGV, on_fault), signal(SIGBUS, on_fault), signal(SIGILL, on_fault);
  int64_t kernel;
  for (int i = 0; fread(&kernel, sizeof kernel, 1, cases) == 1; i++) {
    snprintf(place, sizeof place, "case %d, %s: ", i, kernel >= 0 && kernel < KERNELS ? kernels[kernel].name : "?");
    run(atoi(arguments[1]), count > 4, kernel);
  }
  return fclose(results) == 0 ? 0 : 1;
}
