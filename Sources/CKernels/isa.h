// All kernels for one instruction set. CK(name) forms the names of this copy; CK_HAS_F16 is 1 if the set converts f16.

#include "lanes.h"

// Single-precision sums of a few pairs.
typedef struct {
  CK(vec) ab, aa, bb, dd, a, b;
} CK(run);

CK_INLINE CK(run) CK(both_runs)(CK(run) p, CK(run) q) {
  return (CK(run)){p.ab + q.ab, p.aa + q.aa, p.bb + q.bb, p.dd + q.dd, p.a + q.a, p.b + q.b};
}

// The sums of a block: lanes 0 to 7, then 8 to 15.
typedef struct {
  f64x8 ab[2], aa[2], bb[2], dd[2], a[2], b[2];
  CK(ivec) equal[CK_HALVES];
  i32x16 equal_pairs, omitted, non_finite_a, non_finite_b;
} CK(pair_lanes);
#define CK_LANES CK(pair_lanes)

// Adds the sums of a run to the double-precision sums.
CK_INLINE void CK(carry)(f64x8 sums[2], CK(vec) v, int half) {
#if CK_HALVES == 1
  (void)half;
  sums[0] += CK(low)(v), sums[1] += CK(high)(v);
#else
  sums[half] += __builtin_convertvector(v, f64x8);
#endif
}

CK_INLINE void CK(collect)(const CK_LANES *s, int64_t padding, ck_pair_sums *sums) {
  sums->ab = CK(total)(s->ab[0], s->ab[1]), sums->aa = CK(total)(s->aa[0], s->aa[1]);
  sums->bb = CK(total)(s->bb[0], s->bb[1]), sums->dd = CK(total)(s->dd[0], s->dd[1]);
  sums->a = CK(total)(s->a[0], s->a[1]), sums->b = CK(total)(s->b[0], s->b[1]);
  int64_t equal = CK(total_i32)(s->equal_pairs) - padding;
  for (int half = 0; half < CK_HALVES; half++) equal += __builtin_reduce_add(s->equal[half]);
  sums->equal = equal, sums->omitted = CK(total_i32)(s->omitted);
  sums->non_finite_a = CK(total_i32)(s->non_finite_a), sums->non_finite_b = CK(total_i32)(s->non_finite_b);
}

static int CK(is_zero)(const uint8_t *p, int64_t bytes) {
  uint64_t any = 0;
  int64_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    uint64_t word;
    __builtin_memcpy(&word, p + i, sizeof word);
    any |= word;
  }
  for (; i < bytes; i++) any |= p[i];
  return any == 0;
}

#define CK_NAME_OF_PAIR(a, b, role) CK_NAME_OF_PAIR_(a, b, role)
#define CK_NAME_OF_PAIR_(a, b, role) CK(role##_##a##_##b)
#define CK_LOADER(type) CK_LOADER_(type)
#define CK_LOADER_(type) CK(load_##type)
#define CK_PAIR(role) CK_NAME_OF_PAIR(CK_A, CK_B, role)
#define CK_LOAD_A CK_LOADER(CK_A)
#define CK_LOAD_B CK_LOADER(CK_B)
#define CK_LOAD_ALL(type, p, bytes) CK_LOAD_16(type, p, bytes)
#define CK_LOAD_ALL_A(p) CK_LOAD_ALL(CK_A, p, CK_BYTES_A / 16)
#define CK_LOAD_ALL_B(p) CK_LOAD_ALL(CK_B, p, CK_BYTES_B / 16)

#define CK_A f32
#define CK_A_NARROW 0
#define CK_A_BF16 0
#define CK_BYTES_A 64
#include "pairs_with.h"
#undef CK_A
#undef CK_A_NARROW
#undef CK_BYTES_A
#define CK_A f16
#define CK_A_NARROW 1
#define CK_BYTES_A 32
#include "pairs_with.h"
#undef CK_A
#undef CK_A_BF16
#define CK_A bf16
#define CK_A_BF16 1
#include "pairs_with.h"
#undef CK_A_BF16
#undef CK_A_NARROW
#undef CK_A
#undef CK_BYTES_A

static void CK(block_f64)(const double *a, const double *b, int64_t count, ck_pair_sums *sums) {
  CK_LANES s = {0};
  i64x8 equal = {0}, omitted = {0}, non_finite_a = {0}, non_finite_b = {0};
  double rest[2][16] = {{0}};
  const int64_t padding = (16 - count % 16) % 16;
  for (int64_t i = 0; i < count; i += 16) {
    const double *p = a + i, *q = b + i;
    if (count - i < 16) {
      __builtin_memcpy(rest[0], p, (size_t)(count - i) * sizeof *p);
      __builtin_memcpy(rest[1], q, (size_t)(count - i) * sizeof *q);
      p = rest[0], q = rest[1];
    }
#pragma clang loop unroll(full)
    for (int half = 0; half < 2; half++) {
      f64x8 x, y;
      __builtin_memcpy(&x, p + 8 * half, sizeof x);
      __builtin_memcpy(&y, q + 8 * half, sizeof y);
      i64x8 finite_x = ((i64x8)x & 0x7ff0000000000000) != 0x7ff0000000000000;
      i64x8 finite_y = ((i64x8)y & 0x7ff0000000000000) != 0x7ff0000000000000;
      i64x8 both = finite_x & finite_y;
      x = (f64x8)((i64x8)x & both), y = (f64x8)((i64x8)y & both);
      f64x8 d = x - y;
      equal -= (x == y) & both;
      omitted += both + 1, non_finite_a += finite_x + 1, non_finite_b += finite_y + 1;
      s.ab[half] += x * y, s.aa[half] += x * x, s.bb[half] += y * y, s.dd[half] += d * d;
      s.a[half] += x, s.b[half] += y;
    }
  }
  CK(collect)(&s, 0, sums);
  sums->equal = CK(total_i64)(equal) - padding, sums->omitted = CK(total_i64)(omitted);
  sums->non_finite_a = CK(total_i64)(non_finite_a), sums->non_finite_b = CK(total_i64)(non_finite_b);
}

#include "moments.h"
#include "extremes.h"
#include "widening.h"
#include "products.h"
#include "grams.h"
#include "bf16.h"
#include "codes.h"
#include "words.h"
#include "blocks.h"

static const ck_kernels CK(kernels) = {
    {
        {CK(block_f32_f32), CK(block_f32_f16), CK(block_f32_bf16)},
        {CK(block_f16_f32), CK(block_f16_f16), CK(block_f16_bf16)},
        {CK(block_bf16_f32), CK(block_bf16_f16), CK(block_bf16_bf16)},
    },
    CK(block_f64),
    CK(moments),
    CK(sum_and_squares),
    CK(add_squares),
    CK(largest_magnitude),
    CK(highest),
    {CK(widen_f32_to_f32), CK(widen_f16_to_f32), CK(widen_bf16_to_f32)},
    {CK(widen_f32_to_f64), CK(widen_f16_to_f64), CK(widen_bf16_to_f64)},
    CK(widen_bytes),
    {CK(widen_row_f32), CK(widen_row_f16), CK(widen_row_bf16)},
    CK(products),
    {CK(gram_f32), CK(gram_f16), CK(gram_bf16)},
    CK(stream),
    CK(scale_groups),
    CK(affine_groups),
    CK(words),
#define CK_ENTRY(name, numbers, bytes) CK(blocks_##name),
    {CK_BLOCK_CODES(CK_ENTRY)},
#undef CK_ENTRY
};

#undef CK_LANES
#undef CK_NAME_OF_PAIR
#undef CK_NAME_OF_PAIR_
#undef CK_LOADER
#undef CK_LOADER_
#undef CK_PAIR
#undef CK_LOAD_A
#undef CK_LOAD_B
#undef CK_LOAD_ALL
#undef CK_LOAD_ALL_A
#undef CK_LOAD_ALL_B
#undef CK_LOAD_16
