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
  // By difference of layer numbers, m - 1 for none: agreeing signs less differing ones.
  int32_t excess[2 * SWEEP_LAYERS];
  memset(excess, 0, (m + n) * sizeof *excess);
  double sum = 0;
  if (are_uniform(own, known)) {
    const uint8_t slots = own->slots[0];
    const uint64_t low = masks[slots & 15], high = masks[slots >> 4];
    const int32_t all = 16 * __builtin_popcount(slots);
    for (size_t i = 0; i < m; i++) {
      const uint64_t first = own->words[0][i], second = own->words[1][i];
      int32_t *diagonal = excess + (m - 1 - i);
      int32_t most = -all;
      for (size_t j = 0; j < n; j++) {
        const int32_t found = all - 2 * ((int32_t)__builtin_popcountll((first ^ known->words[0][j]) & low) +
                                         (int32_t)__builtin_popcountll((second ^ known->words[1][j]) & high));
        diagonal[j] += found;
        most = found > most ? found : most;
      }
      sum += most;
    }
    result.counted = m;
    sum /= sqrt((double)all);
    for (size_t k = 0; k + 1 < m + n; k++) {
      if (excess[k] <= 0) continue;
      const size_t left = k + 1, right = m + n - 1 - k, shorter = m < n ? m : n;
      const size_t pairs = left < right ? (left < shorter ? left : shorter) : (right < shorter ? right : shorter);
      result.in_order = fmax(result.in_order, excess[k] / sqrt((double)all * (double)pairs));
    }
  } else {
    int32_t bits[2 * SWEEP_LAYERS];
    memset(bits, 0, (m + n) * sizeof *bits);
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
        excess[m - 1 - i + j] += found, bits[m - 1 - i + j] += 16 * slots;
        most[slots] = found > most[slots] ? found : most[slots];
      }
      double best = -INFINITY;
      for (int k = 1; k < 9; k++) if (most[k] != INT32_MIN) best = fmax(best, most[k] / sqrt(16.0 * k));
      if (best > -INFINITY) sum += best, result.counted++;
    }
    for (size_t k = 0; k + 1 < m + n; k++) if (excess[k] > 0) result.in_order = fmax(result.in_order, excess[k] / sqrt((double)bits[k]));
  }
  if (result.counted) result.best = sum / (double)result.counted;
  return result;
}

INLINE double deviations(int32_t excess, int32_t bits) { return excess > 0 ? excess / sqrt((double)bits) : 0; }

// Differing signs of `pairs` layers, and the signs that were compared.
INLINE void differing(const sweep_table *table, size_t a, size_t b, size_t pairs, uint8_t uniform, int32_t *different, int32_t *bits) {
  const uint64_t *x = table->words + 2 * a, *y = table->words + 2 * b;
  int32_t sum = 0;
  if (uniform) {
    const uint64_t low = masks[uniform & 15], high = masks[uniform >> 4];
    for (size_t k = 0; k < 2 * pairs; k += 2) {
      sum += (int32_t)__builtin_popcountll((x[k] ^ y[k]) & low);
      sum += (int32_t)__builtin_popcountll((x[k + 1] ^ y[k + 1]) & high);
    }
    *bits = 16 * __builtin_popcount(uniform) * (int32_t)pairs;
  } else {
    int32_t all = 0;
    for (size_t k = 0; k < pairs; k++) {
      const unsigned shared = table->slots[a + k] & table->slots[b + k];
      all += 16 * __builtin_popcount(shared);
      sum += (int32_t)__builtin_popcountll((x[2 * k] ^ y[2 * k]) & masks[shared & 15]);
      sum += (int32_t)__builtin_popcountll((x[2 * k + 1] ^ y[2 * k + 1]) & masks[shared >> 4]);
    }
    *bits = all;
  }
  *different = sum;
}

INLINE double aligned(const sweep_table *table, size_t own, size_t known) {
  const size_t m = table->starts[own + 1] - table->starts[own], n = table->starts[known + 1] - table->starts[known], pairs = m < n ? m : n;
  const uint8_t uniform = table->uniform[own] == table->uniform[known] ? table->uniform[own] : 0;
  double best = 0;
  for (int atEnd = 0; atEnd <= (m != n); atEnd++) {
    const size_t a = table->starts[own] + (atEnd ? m - pairs : 0), b = table->starts[known] + (atEnd ? n - pairs : 0), half = pairs / 2;
    int32_t different[2], bits[2];
    differing(table, a, b, half, uniform, different, bits);
    differing(table, a + half, b + half, pairs - half, uniform, different + 1, bits + 1);
    const int32_t first = bits[0] - 2 * different[0], second = bits[1] - 2 * different[1];
    best = fmax(best, fmax(deviations(first + second, bits[0] + bits[1]), fmax(deviations(first, bits[0]), deviations(second, bits[1]))));
  }
  return best;
}

INLINE void align_all(const sweep_table *table, size_t own, double *scores) {
  for (size_t k = 0; k < table->parts; k++) scores[k] = aligned(table, own, k);
}

INLINE size_t shifted(const sweep_layers *own, size_t i, const sweep_layers *known, size_t j, size_t first, size_t step, size_t shifts, int32_t *different) {
  const size_t rows = 16 / step, slots = own->slots;
  size_t shared = 0;
  for (size_t s = 0; s < shifts; s++) different[s] = 0;
  for (size_t slot = 0; slot < slots; slot++) {
    const int32_t x = own->places[i * slots + slot], y = known->places[j * slots + slot];
    if (x < 0 || y < 0) continue;
    const uint32_t *a = own->words + x + first, *b = known->words + y + first;
    shared++;
    for (size_t s = 0; s < shifts; s++) {
      int32_t sum = 0;
      for (size_t row = 0; row < rows; row++) sum += (int32_t)__builtin_popcount(a[step * row] ^ b[step * ((row + s) % rows)]);
      different[s] += sum;
    }
  }
  return shared;
}

INLINE void products(const int8_t *a, const int8_t *b, size_t count, size_t rows, int32_t *found) {
  for (size_t row = 0; row < rows; row++, b += count) {
    int32_t sum = 0;
    // Sixteen products at a time are pairs of 16-bit numbers, which one instruction multiplies and adds.
#if defined(__clang__)
#pragma clang loop vectorize_width(16) interleave_count(2)
#endif
    for (size_t i = 0; i < count; i++) sum += (int32_t)a[i] * b[i];
    found[row] = sum;
  }
}

static sweep_likeness compare_baseline(const sweep_signs *a, const sweep_signs *b) { return compare(a, b); }
static void align_baseline(const sweep_table *table, size_t own, double *scores) { align_all(table, own, scores); }
static size_t shifted_baseline(const sweep_layers *a, size_t i, const sweep_layers *b, size_t j, size_t first, size_t step, size_t shifts, int32_t *found) {
  return shifted(a, i, b, j, first, step, shifts, found);
}
static void products_baseline(const int8_t *a, const int8_t *b, size_t count, size_t rows, int32_t *found) { products(a, b, count, rows, found); }

static sweep_likeness (*chosen_compare)(const sweep_signs *, const sweep_signs *) = compare_baseline;
static void (*chosen_align)(const sweep_table *, size_t, double *) = align_baseline;
static size_t (*chosen_shifted)(const sweep_layers *, size_t, const sweep_layers *, size_t, size_t, size_t, size_t, int32_t *) = shifted_baseline;
static void (*chosen_products)(const int8_t *, const int8_t *, size_t, size_t, int32_t *) = products_baseline;

#if defined(__x86_64__)
__attribute__((target("avx2,popcnt"))) static sweep_likeness compare_avx2(const sweep_signs *a, const sweep_signs *b) { return compare(a, b); }
__attribute__((target("avx2,popcnt"))) static void align_avx2(const sweep_table *table, size_t own, double *scores) {
  align_all(table, own, scores);
}
__attribute__((target("avx2,popcnt"))) static void products_avx2(const int8_t *a, const int8_t *b, size_t count, size_t rows, int32_t *found) {
  products(a, b, count, rows, found);
}
__attribute__((target("avx2,popcnt"))) static size_t shifted_avx2(
    const sweep_layers *a, size_t i, const sweep_layers *b, size_t j, size_t first, size_t step, size_t shifts, int32_t *found) {
  return shifted(a, i, b, j, first, step, shifts, found);
}

static void choose(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt")) return;
  chosen_compare = compare_avx2, chosen_align = align_avx2, chosen_shifted = shifted_avx2, chosen_products = products_avx2;
}
#else
static void choose(void) {}
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;

sweep_likeness sweep_compare_signs(const sweep_signs *own, const sweep_signs *known) {
  pthread_once(&once, choose);
  return chosen_compare(own, known);
}

void sweep_align_all(const sweep_table *table, size_t own, double *scores) {
  pthread_once(&once, choose);
  chosen_align(table, own, scores);
}

size_t sweep_differing(const sweep_layers *own, size_t i, const sweep_layers *known, size_t j, size_t first, size_t step, int32_t *different) {
  pthread_once(&once, choose);
  return chosen_shifted(own, i, known, j, first, step, 1, different);
}

size_t sweep_shifted(const sweep_layers *own, size_t i, const sweep_layers *known, size_t j, size_t first, size_t step, int32_t *different) {
  pthread_once(&once, choose);
  return chosen_shifted(own, i, known, j, first, step, 16 / step, different);
}

void sweep_products(const int8_t *a, const int8_t *b, size_t count, size_t rows, int32_t *found) {
  pthread_once(&once, choose);
  chosen_products(a, b, count, rows, found);
}

int32_t sweep_product(const int8_t *a, const int8_t *b, size_t count) {
  int32_t found;
  sweep_products(a, b, count, 1, &found);
  return found;
}
