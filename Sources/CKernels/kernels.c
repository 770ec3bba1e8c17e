#include "CKernels.h"

#include "block_tables.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
// Functions that return vectors are always inlined, so how a vector is returned does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float f32x16 __attribute__((vector_size(64)));
typedef double f64x8 __attribute__((vector_size(64)));
typedef double f64x4 __attribute__((vector_size(32)));
typedef _Float16 f16x16 __attribute__((vector_size(32)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef int8_t i8x16 __attribute__((vector_size(16)));
typedef int64_t i64x8 __attribute__((vector_size(64)));
typedef float f32x8 __attribute__((vector_size(32)));
typedef _Float16 f16x8 __attribute__((vector_size(16)));
typedef uint16_t u16x8 __attribute__((vector_size(16)));
typedef uint32_t u32x8 __attribute__((vector_size(32)));
typedef int32_t i32x8 __attribute__((vector_size(32)));

typedef struct {
  void (*pair[3][3])(const uint8_t *, const uint8_t *, int64_t, int, ck_pair_sums *);
  void (*pair_f64)(const double *, const double *, int64_t, ck_pair_sums *);
  void (*moments)(const double *, int64_t, ck_moments *);
  void (*sum_and_squares)(const float *, int64_t, double *);
  void (*add_squares)(const float *, int64_t, double *);
  float (*largest_magnitude)(const float *, int64_t);
  void (*highest)(const float *, int64_t, int64_t, int32_t, int32_t *, int32_t *, int32_t *);
  void (*widen_f32[3])(const uint8_t *, int64_t, float *);
  void (*widen_f64[3])(const uint8_t *, int64_t, double *);
  void (*widen_bytes)(int, const uint8_t *, int64_t, float *);
  void (*widen_row[3])(const uint8_t *, int64_t, uintptr_t, float *, double *);
  void (*products)(const ck_rows *, const ck_rows *, int64_t, int, double *, ck_ahead *);
  void (*gram[3])(const uint8_t *const *, int64_t, int64_t, int64_t, double *, double *);
  void (*stream)(int, const uint8_t *, int64_t, int64_t, int64_t, float *);
  void (*scale_groups)(float *, int64_t, int64_t, int64_t, const float *, const float *);
  void (*affine_groups)(float *, int64_t, int64_t, int64_t, const float *, const float *);
  void (*words)(const ck_words *, const ck_rectangle *);
  void (*blocks[CK_BLOCK_FORMATS])(const uint8_t *, int64_t, float *);
} ck_kernels;

typedef struct {
  void (*copy)(const uint8_t *, int64_t, uintptr_t, uint8_t *, double *);
  void (*products)(const ck_bf16_rows *, const ck_bf16_rows *, int64_t, double *, ck_ahead *);
} ck_bf16_kernels;

// The pairs of a group are summed in single precision (four runs of four per lane) and then carried over to double precision.
#define CK_GROUP (16 * 16)

// The distance, in word rows, between the decoded rows and the prefetched rows.
#define CK_WORD_ROWS_AHEAD 16

// Whether sums with single-precision runs are accurate enough. They are not when
// - one is not finite: a NaN or an infinity is in the data, or a square has overflowed;
// - a norm is so small that squares may have underflowed: below 2^-80 the loss, at most 2^-136, could matter;
// - a mean is above an eighth of the root mean square: the centred cosine would lose its precision in the subtraction.
static int ck_pair_is_sound(const ck_pair_sums *s, int64_t count) {
  const double n = (double)count;
  // x − x is not 0 for infinities and NaN; a NaN fails every comparison.
  return s->ab - s->ab == 0 && s->dd - s->dd == 0 && s->aa >= 0x1p-80 && s->bb >= 0x1p-80 &&
         64 * s->a * s->a <= n * s->aa && 64 * s->b * s->b <= n * s->bb;
}

#define CK_OWN(name) CK(name)
#define CK_HAS_BF16 0
#define CK_INLINE static inline __attribute__((always_inline))
#define CK_JOIN(prefix, name) prefix##name

#if defined(__x86_64__)

typedef __bf16 bf16x32 __attribute__((vector_size(64)));

#define CK(name) CK_JOIN(baseline_, name)
#define CK_HAS_F16 0
#define CK_HALVES 2
#define CK_FUSED(p, q, sum) ((p) * (q) + (sum))
#include "isa.h"
#undef CK
#undef CK_HAS_F16
#undef CK_FUSED

#define CK_HAS_F16 1
#define CK_FUSED(p, q, sum) __builtin_elementwise_fma(p, q, sum)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define CK(name) CK_JOIN(avx2_, name)
#include "isa.h"
#undef CK
#undef CK_HALVES
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), apply_to = function)
#define CK(name) CK_JOIN(avx512_, name)
#define CK_HALVES 1
#include "isa.h"
#pragma clang attribute pop

// With VDPBF16PS, everything except the products of bf16 is as with AVX-512.
#undef CK_OWN
#undef CK_HAS_BF16
#define CK_OWN(name) CK_JOIN(avx512_bf16_, name)
#define CK_HAS_BF16 1
#pragma clang attribute push(__attribute__((target("avx512bf16,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), apply_to = function)
#include "bf16.h"
#pragma clang attribute pop
#undef CK

static const ck_kernels *const ck_all[CK_ISA_COUNT] = {&baseline_kernels, &avx2_kernels, &avx512_kernels, &avx512_kernels};
static const ck_bf16_kernels *const ck_all_bf16[CK_ISA_COUNT] = {
    &baseline_bf16_kernels, &avx2_bf16_kernels, &avx512_bf16_kernels, &avx512_bf16_bf16_kernels};

int ck_isa_runs(int isa) {
  switch (isa) {
    case CK_BASELINE: return 1;
    case CK_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    case CK_AVX512:
      return ck_isa_runs(CK_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    case CK_AVX512_BF16: return ck_isa_runs(CK_AVX512) && __builtin_cpu_supports("avx512bf16");
    default: return 0;
  }
}

#else

// The arm64 baseline includes vectors and the conversion of f16.
#define CK(name) CK_JOIN(baseline_, name)
#define CK_HALVES 2
#if defined(__aarch64__)
#define CK_HAS_F16 1
#define CK_FUSED(p, q, sum) __builtin_elementwise_fma(p, q, sum)
#else
#define CK_HAS_F16 0
#define CK_FUSED(p, q, sum) ((p) * (q) + (sum))
#endif
#include "isa.h"
#undef CK

static const ck_kernels *const ck_all[CK_ISA_COUNT] = {&baseline_kernels};
static const ck_bf16_kernels *const ck_all_bf16[CK_ISA_COUNT] = {&baseline_bf16_kernels};

int ck_isa_runs(int isa) { return isa == CK_BASELINE; }

#endif

// The last set that UNMASK_ISA permits. An unknown name permits all.
static int ck_last_isa(void) {
  static const char *const names[CK_ISA_COUNT] = {"baseline", "avx2", "avx512", "avx512-bf16"};
  const char *wanted = getenv("UNMASK_ISA");
  for (int isa = 0; wanted && isa < CK_ISA_COUNT; isa++) {
    if (strcmp(wanted, names[isa]) == 0) return isa;
  }
  return CK_ISA_COUNT - 1;
}

int ck_best_isa(void) {
  static int best = -1;  // Threads that race to set it set the same value.
  int known = __atomic_load_n(&best, __ATOMIC_RELAXED);
  if (known < 0) {
    known = ck_last_isa();
    while (!ck_isa_runs(known)) known--;
    __atomic_store_n(&best, known, __ATOMIC_RELAXED);
  }
  return known;
}

void ck_pair_block_on(
    int isa, int exact, int type_a, const void *a, int type_b, const void *b, int64_t count, ck_pair_sums *sums) {
  ck_all[isa]->pair[type_a][type_b](a, b, count, exact, sums);
}

void ck_pair_block_f64_on(int isa, const double *a, const double *b, int64_t count, ck_pair_sums *sums) {
  ck_all[isa]->pair_f64(a, b, count, sums);
}

void ck_moments_block_on(int isa, const double *values, int64_t count, ck_moments *moments) {
  ck_all[isa]->moments(values, count, moments);
}

void ck_sum_and_squares_on(int isa, const float *values, int64_t count, double *sums) {
  ck_all[isa]->sum_and_squares(values, count, sums);
}

void ck_add_squares_on(int isa, const float *values, int64_t count, double *sums) {
  ck_all[isa]->add_squares(values, count, sums);
}

float ck_largest_magnitude_on(int isa, const float *values, int64_t count) {
  return ck_all[isa]->largest_magnitude(values, count);
}

void ck_highest_on(
    int isa, const float *scores, int64_t rows, int64_t columns, int absolute, int32_t *row, int32_t *place, int32_t *column) {
  ck_all[isa]->highest(scores, rows, columns, absolute ? 0x7fffffff : -1, row, place, column);
}

void ck_widen_f32_on(int isa, int type, const void *bytes, int64_t count, float *values) {
  ck_all[isa]->widen_f32[type](bytes, count, values);
}

void ck_widen_f64_on(int isa, int type, const void *bytes, int64_t count, double *values) {
  ck_all[isa]->widen_f64[type](bytes, count, values);
}

void ck_widen_bytes_on(int isa, int type, const void *bytes, int64_t count, float *values) {
  ck_all[isa]->widen_bytes(type, bytes, count, values);
}

void ck_widen_row_on(int isa, int type, const void *bytes, int64_t count, uintptr_t ahead, float *values, double *sums) {
  ck_all[isa]->widen_row[type](bytes, count, ahead, values, sums);
}

void ck_products_on(int isa, const ck_rows *a, const ck_rows *b, int64_t columns, int lower, double *sums, ck_ahead *ahead) {
  ck_ahead nothing = {0};
  ck_all[isa]->products(a, b, columns, lower, sums, ahead ? ahead : &nothing);
}

void ck_gram_on(
    int isa, int type, const void *const *rows, int64_t count, int64_t first, int64_t columns, double *products, double *sums) {
  ck_all[isa]->gram[type]((const uint8_t *const *)rows, count, first, columns, products, sums);
}

void ck_copy_bf16_on(int isa, const void *bytes, int64_t count, uintptr_t ahead, uint16_t *values, double *sums) {
  ck_all_bf16[isa]->copy(bytes, count, ahead, (uint8_t *)values, sums);
}

void ck_products_bf16_on(
    int isa, const ck_bf16_rows *a, const ck_bf16_rows *b, int64_t columns, double *sums, ck_ahead *ahead) {
  ck_ahead nothing = {0};
  ck_all_bf16[isa]->products(a, b, columns, sums, ahead ? ahead : &nothing);
}

void ck_stream_on(int isa, int bits, const void *bytes, int64_t size, int64_t first, int64_t count, float *values) {
  ck_all[isa]->stream(bits, bytes, size, first, count, values);
}

void ck_scale_groups_on(
    int isa, float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *zeros) {
  ck_all[isa]->scale_groups(values, count, first, group, scales, zeros);
}

void ck_affine_groups_on(
    int isa, float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *offsets) {
  ck_all[isa]->affine_groups(values, count, first, group, scales, offsets);
}

void ck_unpack_words_on(int isa, const ck_words *matrix, const ck_rectangle *rectangle) {
  ck_all[isa]->words(matrix, rectangle);
}

void ck_blocks_on(int isa, int format, const void *bytes, int64_t count, float *values) {
  ck_all[isa]->blocks[format](bytes, count, values);
}

void ck_pair_block(int type_a, const void *a, int type_b, const void *b, int64_t count, ck_pair_sums *sums) {
  ck_pair_block_on(ck_best_isa(), 0, type_a, a, type_b, b, count, sums);
}

void ck_pair_block_f64(const double *a, const double *b, int64_t count, ck_pair_sums *sums) {
  ck_pair_block_f64_on(ck_best_isa(), a, b, count, sums);
}

void ck_moments_block(const double *values, int64_t count, ck_moments *moments) {
  ck_moments_block_on(ck_best_isa(), values, count, moments);
}

void ck_sum_and_squares(const float *values, int64_t count, double *sums) {
  ck_sum_and_squares_on(ck_best_isa(), values, count, sums);
}

void ck_add_squares(const float *values, int64_t count, double *sums) {
  ck_add_squares_on(ck_best_isa(), values, count, sums);
}

float ck_largest_magnitude(const float *values, int64_t count) {
  return ck_largest_magnitude_on(ck_best_isa(), values, count);
}

void ck_highest(
    const float *scores, int64_t rows, int64_t columns, int absolute, int32_t *row, int32_t *place, int32_t *column) {
  ck_highest_on(ck_best_isa(), scores, rows, columns, absolute, row, place, column);
}

void ck_widen_f32(int type, const void *bytes, int64_t count, float *values) {
  ck_widen_f32_on(ck_best_isa(), type, bytes, count, values);
}

void ck_widen_f64(int type, const void *bytes, int64_t count, double *values) {
  ck_widen_f64_on(ck_best_isa(), type, bytes, count, values);
}

void ck_widen_bytes(int type, const void *bytes, int64_t count, float *values) {
  ck_widen_bytes_on(ck_best_isa(), type, bytes, count, values);
}

void ck_widen_row(int type, const void *bytes, int64_t count, uintptr_t ahead, float *values, double *sums) {
  ck_widen_row_on(ck_best_isa(), type, bytes, count, ahead, values, sums);
}

void ck_products(const ck_rows *a, const ck_rows *b, int64_t columns, int lower, double *sums, ck_ahead *ahead) {
  ck_products_on(ck_best_isa(), a, b, columns, lower, sums, ahead);
}

void ck_gram(
    int type, const void *const *rows, int64_t count, int64_t first, int64_t columns, double *products, double *sums) {
  ck_gram_on(ck_best_isa(), type, rows, count, first, columns, products, sums);
}

void ck_copy_bf16(const void *bytes, int64_t count, uintptr_t ahead, uint16_t *values, double *sums) {
  ck_copy_bf16_on(ck_best_isa(), bytes, count, ahead, values, sums);
}

void ck_products_bf16(const ck_bf16_rows *a, const ck_bf16_rows *b, int64_t columns, double *sums, ck_ahead *ahead) {
  ck_products_bf16_on(ck_best_isa(), a, b, columns, sums, ahead);
}

void ck_stream(int bits, const void *bytes, int64_t size, int64_t first, int64_t count, float *values) {
  ck_stream_on(ck_best_isa(), bits, bytes, size, first, count, values);
}

void ck_scale_groups(float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *zeros) {
  ck_scale_groups_on(ck_best_isa(), values, count, first, group, scales, zeros);
}

void ck_affine_groups(
    float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *offsets) {
  ck_affine_groups_on(ck_best_isa(), values, count, first, group, scales, offsets);
}

void ck_unpack_words(const ck_words *matrix, const ck_rectangle *rectangle) {
  ck_unpack_words_on(ck_best_isa(), matrix, rectangle);
}

void ck_blocks(int format, const void *bytes, int64_t count, float *values) {
  ck_blocks_on(ck_best_isa(), format, bytes, count, values);
}

#define CK_NUMBERS(name, numbers, bytes) numbers,
#define CK_BYTES(name, numbers, bytes) bytes,

int ck_block_numbers(int format) {
  static const int numbers[] = {CK_BLOCK_CODES(CK_NUMBERS)};
  return numbers[format];
}

int ck_block_bytes(int format) {
  static const int bytes[] = {CK_BLOCK_CODES(CK_BYTES)};
  return bytes[format];
}

void ck_nibbles(const float *pairs, const void *bytes, int64_t first, int64_t count, float *values) {
  const uint8_t *p = (const uint8_t *)bytes + (first >> 1);
  int64_t i = 0;
  if (count > 0 && (first & 1)) values[i++] = pairs[2 * *p++ + 1];
  for (; i + 2 <= count; i += 2) __builtin_memcpy(values + i, pairs + 2 * *p++, 2 * sizeof *values);
  if (i < count) values[i] = pairs[2 * *p];
}
