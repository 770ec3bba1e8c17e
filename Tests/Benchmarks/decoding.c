// Nanoseconds for a decoded number of every kernel of quantised weights, on one core, on every instruction set of the machine:
// median, least and most of seven. Codes of 16384 × 4096 numbers come from memory, 32 rows at a time go into the caches, as when a
// pair is compared.
// clang -O2 -ISources/CKernels/include Sources/CKernels/kernels.c Tests/Benchmarks/decoding.c -o /tmp/decoding && /tmp/decoding
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernels.h"

enum { INPUTS = 4096, OUTPUTS = 16384, TILE = 32, REPEATS = 7 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static uint32_t any(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (uint32_t)(state >> 20);
}

static uint8_t *any_bytes(size_t count) {
  uint8_t *out = malloc(count + 64);
  if (!out) exit(74);
  for (size_t i = 0; i + 4 <= count; i += 4) {
    uint32_t word = any();
    memcpy(out + i, &word, 4);
  }
  return out;
}

static struct {
  uint8_t *codes, *zeros, *scales;
  uint32_t *groups;
  float *numbers, *out, pairs[512];
} data;

static void words(int isa, int bits, int is_awq, int group, int is_shuffled) {
  ck_words m = {data.codes, data.zeros, data.scales, is_shuffled ? data.groups : NULL, INPUTS, OUTPUTS, group, INPUTS / group, bits,
                is_awq, CK_F16, 1};
  for (int row = 0; row < OUTPUTS; row += TILE) {
    ck_rectangle r = {row, TILE, 0, INPUTS, data.out, INPUTS};
    ck_unpack_words_on(isa, &m, &r);
  }
}

static void rows(int isa, int kind) {
  for (size_t row = 0; row < OUTPUTS; row++) {
    float *out = data.out + row % TILE * INPUTS;
    switch (kind) {
      case 0:
        ck_stream_on(isa, 4, data.codes + row * INPUTS / 2, INPUTS / 2, 0, INPUTS, out);
        ck_scale_groups_on(isa, out, INPUTS, 0, 32, data.numbers, data.numbers);
        break;
      case 1:
        ck_stream_on(isa, 3, data.codes + row * INPUTS * 3 / 8, INPUTS * 3 / 8, 0, INPUTS, out);
        ck_scale_groups_on(isa, out, INPUTS, 0, 32, data.numbers, data.numbers);
        break;
      case 2:
        ck_nibbles(data.pairs, data.codes + row * INPUTS / 2, 0, INPUTS, out);
        ck_scale_groups_on(isa, out, INPUTS, 0, 16, data.numbers, NULL);
        break;
      case 3:
        ck_nibbles(data.pairs, data.codes + row * INPUTS / 2, 0, INPUTS, out);
        ck_scale_groups_on(isa, out, INPUTS, 0, 64, data.numbers, NULL);
        break;
      case 4:
        ck_widen_bytes_on(isa, CK_E4M3, data.codes + row * INPUTS, INPUTS, out);
        ck_scale_groups_on(isa, out, INPUTS, 0, 128, data.numbers, NULL);
        break;
      default:
        ck_widen_bytes_on(isa, CK_I8, data.codes + row * INPUTS, INPUTS, out);
        ck_scale_groups_on(isa, out, INPUTS, 0, INPUTS, data.numbers, NULL);
    }
  }
}

int main(void) {
  static const char *sets[] = {"baseline", "avx2", "avx512"};
  static const char *names[] = {
      "GPTQ 2 bits", "GPTQ 3 bits", "GPTQ 4 bits", "GPTQ 8 bits", "GPTQ 4 bits, group 32", "GPTQ 4 bits, act-order", "AWQ",
      "int4 rows, group 32", "int3 rows, group 32", "NVFP4 (look-up, group 16)", "nf4 (look-up, group 64)", "E4M3, blocks of 128",
      "int8 per channel"};
  const size_t count = (size_t)INPUTS * OUTPUTS;
  data.codes = any_bytes(count), data.zeros = any_bytes(count / 16), data.scales = any_bytes(count / 16);
  data.groups = malloc(INPUTS * sizeof *data.groups), data.numbers = malloc(INPUTS * sizeof(float));
  data.out = aligned_alloc(64, (size_t)TILE * INPUTS * sizeof(float));
  if (!data.groups || !data.numbers || !data.out) return 74;
  for (int i = 0; i < INPUTS; i++) data.groups[i] = any() % (INPUTS / 128), data.numbers[i] = 0.01f * (float)(i % 7 + 1);
  for (int i = 0; i < 512; i++) data.pairs[i] = (float)(i % 16);
  // No infinities and NaN among the f16 scales: what they cost is not the question.
  for (size_t i = 1; i < count / 16; i += 2) data.scales[i] = data.scales[i] % 16 + 0x20;
  for (int isa = 0; isa < CK_ISA_COUNT; isa++) {
    if (!ck_isa_runs(isa)) continue;
    for (int kind = 0; kind < 13; kind++) {
      double seconds[REPEATS];
      for (int i = -1; i < REPEATS; i++) {
        const int bits[] = {2, 3, 4, 8, 4, 4, 4};
        double start = now();
        if (kind < 7) {
          words(isa, bits[kind], kind == 6, kind == 4 ? 32 : 128, kind == 5);
        } else {
          rows(isa, kind - 7);
        }
        if (i >= 0) seconds[i] = (now() - start) / (double)count * 1e9;
      }
      qsort(seconds, REPEATS, sizeof *seconds, ascending);
      printf("%-9s %-26s %.2f (%.2f … %.2f)\n", sets[isa], names[kind], seconds[REPEATS / 2], seconds[0], seconds[REPEATS - 1]);
    }
  }
  return 0;
}
