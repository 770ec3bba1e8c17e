// Products of a few long rows of bf16 in their stored form. Included for every instruction set, and once more for AVX-512 with
// VDPBF16PS: CK(name) is a name of this set, CK_OWN(name) a name of this copy.
//
// Rows are copied next to each other while they are summed (rows of a file are often a multiple of 4 KB apart, and then evict
// each other). Tiles are multiplied as in products.h, with half the bytes. VDPBF16PS adds to each lane first the product of the
// odd, then that of the even numbers of a 32-bit element, each rounded to nearest. The other sets do this in two steps, and
// products of bf16 are exact in f32. So all sets give the same bits, except for numbers below 2^-126, which VDPBF16PS treats as
// zero. The caller checks the squares: when they are not finite, or so small that this matters, it has to widen the rows.
//
// Error as for ck_products: a lane sums columns / 16 ≤ 128 products in f32 and is rounded four times more.
//
// Blocks of 1024 columns, aligned to cache lines and prefetched, are faster than rows multiplied at their stored position in the
// file; half the bytes and VDPBF16PS make it faster than widening. Measurements: Tests/Benchmarks/README.md.

#if CK_HAS_BF16
#define CK_PARTS 1
#else
#define CK_PARTS 2
#endif

// Rows across a tile, as in products.h.
#if CK_HALVES == 1
#define CK_TILE 6
#else
#define CK_TILE 3
#endif

// The part of the 32-bit elements that one step multiplies: all of them, or the odd, then the even numbers.
CK_INLINE CK(vec) CK_OWN(part)(const uint8_t *p, int part) {
  CK(uvec) both;
  __builtin_memcpy(&both, p, sizeof both);
#if CK_HAS_BF16
  (void)part;
  return (CK(vec))both;
#else
  return (CK(vec))(part == 0 ? both & 0xffff0000u : both << 16);
#endif
}

CK_INLINE CK(vec) CK_OWN(add)(CK(vec) x, CK(vec) y, CK(vec) sum) {
#if CK_HAS_BF16
  return __builtin_ia32_dpbf16ps_512(sum, (bf16x32)x, (bf16x32)y);
#else
  return CK_FUSED(x, y, sum);
#endif
}

// Copies 64 numbers, and adds to two runs of their sums and squares.
CK_INLINE void CK_OWN(take)(const uint8_t *p, uint8_t *out, CK(vec) s[2][CK_HALVES], CK(vec) q[2][CK_HALVES]) {
#if CK_HAS_BF16
  const CK(vec) one = (CK(vec))((CK(uvec)){0} + 0x3f803f80u);
#else
  const CK(vec) one = (CK(vec)){0} + 1;
#endif
#pragma clang loop unroll(full)
  for (int run = 0; run < 2; run++) {
#pragma clang loop unroll(full)
    for (int half = 0; half < CK_HALVES; half++) {
      const int64_t at = run * 64 + half * 32;
      CK(uvec) both;
      __builtin_memcpy(&both, p + at, sizeof both);
      __builtin_memcpy(out + at, &both, sizeof both);
#pragma clang loop unroll(full)
      for (int part = 0; part < CK_PARTS; part++) {
        const CK(vec) x = CK_OWN(part)(p + at, part);
        s[run][half] = CK_OWN(add)(x, one, s[run][half]);
        q[run][half] = CK_OWN(add)(x, x, q[run][half]);
      }
    }
  }
}

CK_INLINE double CK_OWN(run_total)(CK(vec) s[2][CK_HALVES]) {
#if CK_HALVES == 1
  const f32x16 v = s[0][0] + s[1][0];
  return CK(total)(CK(low)(v), CK(high)(v));
#else
  return CK(total)(
      __builtin_convertvector(s[0][0] + s[1][0], f64x8), __builtin_convertvector(s[0][1] + s[1][1], f64x8));
#endif
}

static void CK_OWN(copy_bf16)(const uint8_t *p, int64_t count, uintptr_t ahead, uint8_t *out, double *sums) {
  const uintptr_t line = ahead ? ahead : (uintptr_t)p;
  CK(vec) s[2][CK_HALVES] = {{{0}}}, q[2][CK_HALVES] = {{{0}}};
  int64_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __builtin_prefetch((const void *)(line + 2 * (uintptr_t)i), 0, 3);
    __builtin_prefetch((const void *)(line + 2 * (uintptr_t)i + 64), 0, 3);
    CK_OWN(take)(p + 2 * i, out + 2 * i, s, q);
  }
  if (i < count) {
    uint8_t rest[128] = {0};
    __builtin_memcpy(rest, p + 2 * i, (size_t)(count - i) * 2);
    CK_OWN(take)(rest, out + 2 * i, s, q);
  }
  sums[0] = CK_OWN(run_total)(s), sums[1] = CK_OWN(run_total)(q);
}

// Adds a tile of m × n sums.
CK_INLINE void CK_OWN(bf16_tile)(
    const int m, const int n, const uint8_t *a, const uint8_t *b, int64_t stride, int64_t bytes, double *sums,
    int64_t sums_stride, ck_ahead *ahead) {
  f64x8 total[4] = {{0}};
#pragma clang loop unroll(full)
  for (int half = 0; half < CK_HALVES; half++) {
    CK(vec) sum[4][8] = {{{0}}};
    const uint8_t *p = a + half * 32, *q = b + half * 32;
    for (int64_t start = 0; start < bytes; start += 1024) {
      const int64_t end = start + 1024 < bytes ? start + 1024 : bytes;
      // The lines to prefetch in these steps: two lines of one row per step, or always the same when there are no more.
      uintptr_t line = (uintptr_t)a, line_step = 0;
      if (ahead->row < ahead->rows) {
        line = ahead->addresses[ahead->row] + (uintptr_t)ahead->at;
        line_step = 128;
        ahead->at += 128 * (1024 / 64);
        if (ahead->at >= ahead->bytes) ahead->at = 0, ahead->row++;
      }
#pragma clang loop unroll(disable)
      for (int64_t k = start; k < end; k += 64) {
        __builtin_prefetch((const void *)line, 0, 2);
        __builtin_prefetch((const void *)(line + 64), 0, 2);
        line += line_step;
#pragma clang loop unroll(full)
        for (int part = 0; part < CK_PARTS; part++) {
          // Loaded again for each part: there are too few registers to keep the loaded values.
          __atomic_signal_fence(__ATOMIC_SEQ_CST);
          CK(vec) y[CK_TILE];
#pragma clang loop unroll(full)
          for (int j = 0; j < n; j++) y[j] = CK_OWN(part)(q + j * stride + k, part);
#pragma clang loop unroll(full)
          for (int i = 0; i < m; i++) {
            const CK(vec) x = CK_OWN(part)(p + i * stride + k, part);
#pragma clang loop unroll(full)
            for (int j = 0; j < n; j++) sum[i][j] = CK_OWN(add)(x, y[j], sum[i][j]);
          }
        }
      }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < m; i++) total[i] += CK(lanes_of_8)(sum[i]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < m; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) sums[i * sums_stride + j] += total[i][j];
  }
}

#define CK_SIZE(m, n) \
  case 8 * (m) + (n): CK_OWN(bf16_tile)(m, n, p, q, stride, bytes, out, b->count, ahead); break;
#if CK_HALVES == 1
#define CK_SIZES(m) CK_SIZE(m, 1) CK_SIZE(m, 2) CK_SIZE(m, 3) CK_SIZE(m, 4) CK_SIZE(m, 5) CK_SIZE(m, 6)
#else
#define CK_SIZES(m) CK_SIZE(m, 1) CK_SIZE(m, 2) CK_SIZE(m, 3)
#endif

static void CK_OWN(products_bf16)(
    const ck_bf16_rows *a, const ck_bf16_rows *b, int64_t columns, double *sums, ck_ahead *ahead) {
  const int64_t stride = a->stride * 2, bytes = columns * 2;
  for (int64_t j = 0; j < b->count; j += CK_TILE) {
    const int64_t n = b->count - j < CK_TILE ? b->count - j : CK_TILE;
    for (int64_t i = 0; i < a->count; i += 4) {
      const int64_t m = a->count - i < 4 ? a->count - i : 4;
      const uint8_t *p = (const uint8_t *)a->values + i * stride, *q = (const uint8_t *)b->values + j * stride;
      double *out = sums + i * b->count + j;
      switch (8 * m + n) { CK_SIZES(1) CK_SIZES(2) CK_SIZES(3) CK_SIZES(4) }
    }
  }
}

static const ck_bf16_kernels CK_OWN(bf16_kernels) = {CK_OWN(copy_bf16), CK_OWN(products_bf16)};

#undef CK_PARTS
#undef CK_TILE
#undef CK_SIZE
#undef CK_SIZES
