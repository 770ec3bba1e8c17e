#include "CSweeps.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

void sweep_read_signs(const uint8_t *records, size_t layers, sweep_signs *signs) {
  signs->layers = layers;
  for (size_t i = 0; i < layers; i++) {
    const uint8_t *record = records + 17 * i;
    signs->slots[i] = record[0];
    for (int k = 0; k < 2; k++) {
      uint64_t word = 0;
      for (int byte = 7; byte >= 0; byte--) word = word << 8 | record[1 + 8 * k + byte];
      signs->words[k][i] = word;
    }
  }
}

// A word with the signs of the four slots whose bits are set.
static const uint64_t masks[16] = {
    0x0000000000000000, 0x000000000000ffff, 0x00000000ffff0000, 0x00000000ffffffff, 0x0000ffff00000000, 0x0000ffff0000ffff,
    0x0000ffffffff0000, 0x0000ffffffffffff, 0xffff000000000000, 0xffff00000000ffff, 0xffff0000ffff0000, 0xffff0000ffffffff,
    0xffffffff00000000, 0xffffffff0000ffff, 0xffffffffffff0000, 0xffffffffffffffff,
};

// Whether all layers of both parts have the same slots, which most models do.
static int are_uniform(const sweep_signs *a, const sweep_signs *b) {
  const uint8_t first = a->slots[0];
  int equal = first != 0;
  for (size_t i = 0; i < a->layers; i++) equal &= a->slots[i] == first;
  for (size_t j = 0; j < b->layers; j++) equal &= b->slots[j] == first;
  return equal;
}

#define INLINE static inline __attribute__((always_inline))

INLINE sweep_likeness compare(const sweep_signs *own, const sweep_signs *known) {
  const size_t m = own->layers, n = known->layers;
  sweep_likeness result = {0, 0, 0};
  if (!m || !n) return result;
  // By difference of layer numbers: agreeing signs less differing ones, and their number.
  int32_t excess[2 * SWEEP_LAYERS] = {0}, bits[2 * SWEEP_LAYERS] = {0};
  double sum = 0;
  if (are_uniform(own, known)) {
    const uint8_t slots = own->slots[0];
    const uint64_t low = masks[slots & 15], high = masks[slots >> 4];
    const int32_t all = 16 * __builtin_popcount(slots);
    for (size_t i = 0; i < m; i++) {
      const uint64_t first = own->words[0][i], second = own->words[1][i];
      int32_t *diagonal = excess + (i + n);
      int32_t most = -all;
      for (size_t j = 0; j < n; j++) {
        const int32_t found = all - 2 * (__builtin_popcountll((first ^ known->words[0][j]) & low) +
                                         __builtin_popcountll((second ^ known->words[1][j]) & high));
        diagonal[-(ptrdiff_t)j] += found;
        most = found > most ? found : most;
      }
      sum += most;
      result.counted++;
    }
    sum /= sqrt((double)all);
    for (size_t i = 0; i < m; i++) for (size_t j = 0; j < n; j++) bits[i + n - j] += all;
  } else {
    for (size_t i = 0; i < m; i++) {
      // The largest excess for each number of shared slots.
      int32_t most[9];
      for (int k = 0; k < 9; k++) most[k] = INT32_MIN;
      for (size_t j = 0; j < n; j++) {
        const unsigned shared = own->slots[i] & known->slots[j];
        if (!shared) continue;
        const int slots = __builtin_popcount(shared);
        const int32_t found = 16 * slots - 2 * (__builtin_popcountll((own->words[0][i] ^ known->words[0][j]) & masks[shared & 15]) +
                                                __builtin_popcountll((own->words[1][i] ^ known->words[1][j]) & masks[shared >> 4]));
        excess[i + n - j] += found, bits[i + n - j] += 16 * slots;
        most[slots] = found > most[slots] ? found : most[slots];
      }
      double best = -INFINITY;
      for (int k = 1; k < 9; k++) if (most[k] != INT32_MIN) best = fmax(best, most[k] / sqrt(16.0 * k));
      if (best > -INFINITY) sum += best, result.counted++;
    }
  }
  for (size_t k = 0; k < m + n; k++) if (bits[k]) result.in_order = fmax(result.in_order, excess[k] / sqrt((double)bits[k]));
  if (result.counted) result.best = sum / (double)result.counted;
  return result;
}

INLINE int32_t product(const int8_t *a, const int8_t *b, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += (int32_t)a[i] * b[i];
  return sum;
}

static sweep_likeness compare_baseline(const sweep_signs *a, const sweep_signs *b) { return compare(a, b); }
static int32_t product_baseline(const int8_t *a, const int8_t *b, size_t count) { return product(a, b, count); }

static sweep_likeness (*chosen_compare)(const sweep_signs *, const sweep_signs *) = compare_baseline;
static int32_t (*chosen_product)(const int8_t *, const int8_t *, size_t) = product_baseline;

#if defined(__x86_64__)
__attribute__((target("avx2,popcnt"))) static sweep_likeness compare_avx2(const sweep_signs *a, const sweep_signs *b) { return compare(a, b); }
__attribute__((target("avx2,popcnt"))) static int32_t product_avx2(const int8_t *a, const int8_t *b, size_t count) {
  return product(a, b, count);
}

static void choose(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt")) return;
  chosen_compare = compare_avx2, chosen_product = product_avx2;
}
#else
static void choose(void) {}
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;

sweep_likeness sweep_compare_signs(const sweep_signs *own, const sweep_signs *known) {
  pthread_once(&once, choose);
  return chosen_compare(own, known);
}

int32_t sweep_product(const int8_t *a, const int8_t *b, size_t count) {
  pthread_once(&once, choose);
  return chosen_product(a, b, count);
}
