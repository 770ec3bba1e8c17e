// Products of a few long rows, for which OpenBLAS is slow. Included once for every instruction set.
//
// A lane of a vector takes every sixteenth column, so rows are read at their stored position, without packing. A tile of
// 4 × CK_TILE sums (24 of AVX-512's 32 registers) needs 4 + CK_TILE loads per step, so loads do not limit the
// multiplications. Three rounds of pairwise additions reduce the lanes of one tile, for eight sums at once; then the sums are
// joined and accumulated in f64. Lanes and order are fixed; fused and unfused results differ only for f32 (see CKernels.h).
//
// Error of one call: a lane sums columns / 16 ≤ 128 products in f32 and is rounded three times more, so 131 u Σ|ab|
// = 7.8e-6 Σ|ab| for worst-case data; 1e-8 for weights.
//
// Measured on an EPYC of the Zen 5 family, one thread, GFLOP/s, rows × rows × 2048 in L2 (a register loop of FMAs: 240):
//                                     22    24    32    48    64
//   this, AVX-512, at its best       229   238   234   239   239     (170-210 on a loaded machine)
//   OpenBLAS 0.3.21, its choice       44     -    80    91    95     (it treats Zen 5 as a Haswell)
//   OpenBLAS 0.3.21, SkylakeX         48     -    95   125   137     (4096 × 4096 × 4096: 208)
// Rejected: the loop over columns unrolled by the compiler (registers spill: 60-130); a branch per step to choose the prefetch
// address (100); rows whose distance is a multiple of 4 KB (they evict each other: 62-122), so the stride is 16 more.

#if CK_HALVES == 1
#define CK_TILE 6
#else
#define CK_TILE 3
#endif

// Sums of neighbouring lanes of x and y, alternating; then of neighbouring pairs of lanes; then of quarters of eight.
#if CK_HALVES == 1
CK_INLINE CK(vec) CK(join_1)(CK(vec) x, CK(vec) y) {
  return __builtin_shufflevector(x, y, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30) +
         __builtin_shufflevector(x, y, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
}
CK_INLINE CK(vec) CK(join_2)(CK(vec) x, CK(vec) y) {
  return __builtin_shufflevector(x, y, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
         __builtin_shufflevector(x, y, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
CK_INLINE CK(vec) CK(join_4)(CK(vec) x, CK(vec) y) {
  return __builtin_shufflevector(x, y, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27) +
         __builtin_shufflevector(x, y, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
}
#else
CK_INLINE CK(vec) CK(join_1)(CK(vec) x, CK(vec) y) {
  return __builtin_shufflevector(x, y, 0, 8, 2, 10, 4, 12, 6, 14) + __builtin_shufflevector(x, y, 1, 9, 3, 11, 5, 13, 7, 15);
}
CK_INLINE CK(vec) CK(join_2)(CK(vec) x, CK(vec) y) {
  return __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13) + __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15);
}
CK_INLINE CK(vec) CK(join_4)(CK(vec) x, CK(vec) y) {
  return __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
}
#endif

// The sum of the lanes of each of eight vectors.
CK_INLINE f64x8 CK(lanes_of_8)(const CK(vec) s[8]) {
  CK(vec) r = CK(join_4)(
      CK(join_2)(CK(join_1)(s[0], s[1]), CK(join_1)(s[2], s[3])), CK(join_2)(CK(join_1)(s[4], s[5]), CK(join_1)(s[6], s[7])));
#if CK_HALVES == 1
  return CK(low)(r) + CK(high)(r);
#else
  return __builtin_convertvector(r, f64x8);
#endif
}

// Adds a tile of m × n sums, each times the scales of its rows.
CK_INLINE void CK(product_tile)(
    const int m, const int n, const float *a, const float *b, int64_t stride, int64_t columns, const double *scale_a,
    const double *scale_b, double *sums, int64_t sums_stride, ck_ahead *ahead) {
  f64x8 total[4] = {{0}};
#pragma clang loop unroll(full)
  for (int half = 0; half < CK_HALVES; half++) {
    CK(vec) sum[4][8] = {{{0}}};
    const float *p = a + half * 8, *q = b + half * 8;
    for (int64_t start = 0; start < columns; start += 512) {
      const int64_t end = start + 512 < columns ? start + 512 : columns;
      // The lines to prefetch in these steps: one line of a run per step, or always the same line when there are no more.
      // Numbers, because an address to prefetch need not be in an object, or may be wrong.
      uintptr_t line = (uintptr_t)a, line_step = 0;
      if (ahead->row < ahead->rows) {
        line = ahead->addresses[ahead->row] + (uintptr_t)ahead->at;
        line_step = 64;
        ahead->at += 64 * (512 / 16);
        if (ahead->at >= ahead->bytes) ahead->at = 0, ahead->row++;
      }
#pragma clang loop unroll(disable)
      for (int64_t k = start; k < end; k += 16) {
        __builtin_prefetch((const void *)line, 0, 2);
        line += line_step;
        CK(vec) y[CK_TILE];
#pragma clang loop unroll(full)
        for (int j = 0; j < n; j++) __builtin_memcpy(&y[j], q + j * stride + k, sizeof y[j]);
#pragma clang loop unroll(full)
        for (int i = 0; i < m; i++) {
          CK(vec) x;
          __builtin_memcpy(&x, p + i * stride + k, sizeof x);
#pragma clang loop unroll(full)
          for (int j = 0; j < n; j++) sum[i][j] = CK_FUSED(x, y[j], sum[i][j]);
        }
      }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < m; i++) total[i] += CK(lanes_of_8)(sum[i]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < m; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < n; j++) sums[i * sums_stride + j] += total[i][j] * (scale_a[i] * scale_b[j]);
  }
}

#define CK_SIZE(m, n) \
  case 8 * (m) + (n): CK(product_tile)(m, n, a, b, stride, columns, scale_a, scale_b, sums, sums_stride, ahead); break;
#if CK_HALVES == 1
#define CK_SIZES(m) CK_SIZE(m, 1) CK_SIZE(m, 2) CK_SIZE(m, 3) CK_SIZE(m, 4) CK_SIZE(m, 5) CK_SIZE(m, 6)
#else
#define CK_SIZES(m) CK_SIZE(m, 1) CK_SIZE(m, 2) CK_SIZE(m, 3)
#endif

static void CK(product_tiles)(
    int64_t m, int64_t n, const float *a, const float *b, int64_t stride, int64_t columns, const double *scale_a,
    const double *scale_b, double *sums, int64_t sums_stride, ck_ahead *ahead) {
  switch (8 * m + n) { CK_SIZES(1) CK_SIZES(2) CK_SIZES(3) CK_SIZES(4) }
}

static void CK(products)(const ck_rows *a, const ck_rows *b, int64_t columns, int lower, double *sums, ck_ahead *ahead) {
  // The smaller set of rows stays in the nearest cache while the loop reads the other rows.
  for (int64_t j = 0; j < b->count; j += CK_TILE) {
    const int64_t n = b->count - j < CK_TILE ? b->count - j : CK_TILE;
    for (int64_t i = lower ? j / 4 * 4 : 0; i < a->count; i += 4) {
      const int64_t m = a->count - i < 4 ? a->count - i : 4;
      CK(product_tiles)(
          m, n, a->values + i * a->stride, b->values + j * b->stride, a->stride, columns, a->scales + i, b->scales + j,
          sums + i * b->count + j, b->count, ahead);
    }
  }
}

#undef CK_TILE
#undef CK_SIZE
#undef CK_SIZES

// Widens a row and sums it and its squares: f32 over sixteen numbers per lane, f64 beyond. It also prefetches as many bytes at
// `ahead`: rows are far apart, and the hardware prefetcher starts again with each row (44 rows of 1024 bf16 numbers at a
// time, 4.4 GB, two threads: 0.33 s without, 0.19 s with the row after next).
#define CK_WIDEN_ROW(type, bytes)                                                                              \
  static void CK(widen_row_##type)(                                                                            \
      const uint8_t *p, int64_t count, uintptr_t ahead, float *out, double *sums) {                            \
    const uintptr_t line = ahead ? ahead : (uintptr_t)p;                                                       \
    f64x8 sum = {0}, squares = {0};                                                                            \
    int64_t i = 0;                                                                                             \
    while (i + 16 <= count) {                                                                                  \
      const int64_t end = count - i < 256 ? i + (count - i) / 16 * 16 : i + 256;                               \
      f32x16 s = {0}, q = {0};                                                                                 \
      for (; i < end; i += 16) {                                                                               \
        f32x16 v = CK_LOAD_16(type, p + i * (bytes / 16), bytes / 16);                                         \
        __builtin_prefetch((const void *)(line + (uintptr_t)i * (bytes / 16)), 0, 3);                          \
        __builtin_memcpy(out + i, &v, sizeof v);                                                               \
        s += v;                                                                                                \
        q = v * v + q;                                                                                         \
      }                                                                                                        \
      sum += CK(low)(s) + CK(high)(s), squares += CK(low)(q) + CK(high)(q);                                    \
    }                                                                                                          \
    const f64x8 zero = {0};                                                                                    \
    sums[0] = CK(total)(sum, zero), sums[1] = CK(total)(squares, zero);                                        \
    if (i < count) {                                                                                           \
      uint8_t rest[bytes] = {0};                                                                               \
      double last[2];                                                                                          \
      __builtin_memcpy(rest, p + i * (bytes / 16), (size_t)((count - i) * (bytes / 16)));                      \
      f32x16 v = CK_LOAD_16(type, rest, bytes / 16);                                                           \
      __builtin_memcpy(out + i, &v, (size_t)(count - i) * sizeof *out);                                        \
      CK(sum_and_squares)(out + i, count - i, last);                                                           \
      sums[0] += last[0], sums[1] += last[1];                                                                  \
    }                                                                                                          \
  }

CK_WIDEN_ROW(f32, 64)
CK_WIDEN_ROW(f16, 32)
CK_WIDEN_ROW(bf16, 32)

#undef CK_WIDEN_ROW
