// All products of a few rows with each other, read in their stored form. Included once for every instruction set.
//
// For up to CK_GRAM_ROWS rows, memory is the limit. Widening them into a block first, as ck_products requires, costs as much as
// the products. Here a tile of up to 4 × 4 sums stays in registers, and each number is widened when it is loaded, in every tile
// that uses it (2 or 3 tiles for 8 rows: the columns of one call stay in the nearest cache).
//
// For f16 and f32, a lane takes every sixteenth column; for bf16, every sixteenth column with even index and then with odd index.
// Lanes and order are fixed. A product of narrow numbers is exact, so fusing does not change their results (for f32 it does, see
// CKernels.h). The error is that of ck_products: at most 131 u Σ|ab| = 7.8e-6 Σ|ab| for 2048 columns, 1e-8 for weights; the same
// for Σa.

// Rows across a tile of products: as many as fit in 32 registers, or in 16.
#if CK_HALVES == 1
#define CK_GRAM_ACROSS 4
#else
#define CK_GRAM_ACROSS 2
#endif

// Vector `step` of the two vectors that hold 32 numbers.
CK_INLINE CK(vec) CK(gram_load_bf16)(const uint8_t *p, int step, int half) {
  CK(uvec) both;
  __builtin_memcpy(&both, p + half * 32, sizeof both);
  return (CK(vec))(step == 0 ? both << 16 : both & 0xffff0000u);
}
CK_INLINE CK(vec) CK(gram_load_f16)(const uint8_t *p, int step, int half) { return CK(load_f16)(p + step * 32 + half * 16); }
CK_INLINE CK(vec) CK(gram_load_f32)(const uint8_t *p, int step, int half) { return CK(load_f32)(p + step * 64 + half * 32); }

#define CK_GRAM(type, size)                                                                                                \
  /* Adds the products of m rows with n others. */                                                                         \
  CK_INLINE void CK(gram_across_##type)(                                                                                   \
      const int m, const int n, const uint8_t *const *a, const uint8_t *const *b, int64_t first, int64_t end, double *out, \
      int64_t stride) {                                                                                                    \
    f64x8 total[2] = {{0}};                                                                                                \
    _Pragma("clang loop unroll(full)") for (int half = 0; half < CK_HALVES; half++) {                                      \
      CK(vec) sum[16] = {{0}};                                                                                             \
      _Pragma("clang loop unroll(disable)") for (int64_t k = first * (size); k < end * (size); k += 32 * (size)) {          \
        _Pragma("clang loop unroll(full)") for (int step = 0; step < 2; step++) {                                          \
          CK(vec) y[4];                                                                                                    \
          _Pragma("clang loop unroll(full)") for (int j = 0; j < n; j++) y[j] = CK(gram_load_##type)(b[j] + k, step, half); \
          _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                                 \
            CK(vec) x = CK(gram_load_##type)(a[i] + k, step, half);                                                        \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < n; j++) sum[4 * i + j] = CK_FUSED(x, y[j], sum[4 * i + j]); \
          }                                                                                                                \
        }                                                                                                                  \
      }                                                                                                                    \
      total[0] += CK(lanes_of_8)(sum), total[1] += CK(lanes_of_8)(sum + 8);                                                \
    }                                                                                                                      \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                                       \
      _Pragma("clang loop unroll(full)") for (int j = 0; j < n; j++) out[i * stride + j] += total[i / 2][4 * (i & 1) + j];  \
    }                                                                                                                      \
  }                                                                                                                        \
  /* Adds the products of m rows with themselves, on and below the diagonal, and their sums. */                            \
  CK_INLINE void CK(gram_within_##type)(                                                                                   \
      const int m, const uint8_t *const *a, int64_t first, int64_t end, double *out, int64_t stride, double *sums) {       \
    f64x8 total[2] = {{0}};                                                                                                \
    _Pragma("clang loop unroll(full)") for (int half = 0; half < CK_HALVES; half++) {                                      \
      CK(vec) sum[16] = {{0}};                                                                                             \
      _Pragma("clang loop unroll(disable)") for (int64_t k = first * (size); k < end * (size); k += 32 * (size)) {          \
        _Pragma("clang loop unroll(full)") for (int step = 0; step < 2; step++) {                                          \
          CK(vec) x[4];                                                                                                    \
          _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                                 \
            x[i] = CK(gram_load_##type)(a[i] + k, step, half);                                                             \
            sum[i] += x[i];                                                                                                \
            _Pragma("clang loop unroll(full)") for (int j = 0; j <= i; j++) {                                              \
              sum[4 + i * (i + 1) / 2 + j] = CK_FUSED(x[i], x[j], sum[4 + i * (i + 1) / 2 + j]);                           \
            }                                                                                                              \
          }                                                                                                                \
        }                                                                                                                  \
      }                                                                                                                    \
      total[0] += CK(lanes_of_8)(sum), total[1] += CK(lanes_of_8)(sum + 8);                                                \
    }                                                                                                                      \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                                       \
      sums[i] += total[0][i];                                                                                              \
      _Pragma("clang loop unroll(full)") for (int j = 0; j <= i; j++) {                                                    \
        const int place = 4 + i * (i + 1) / 2 + j;                                                                         \
        out[i * stride + j] += total[place / 8][place % 8];                                                                \
      }                                                                                                                    \
    }                                                                                                                      \
  }                                                                                                                        \
  static void CK(gram_part_##type)(                                                                                        \
      const uint8_t *const *rows, int64_t count, int64_t first, int64_t end, double *products, double *sums) {             \
    for (int64_t i = 0; i < count; i += 4) {                                                                               \
      double *out = products + i * count;                                                                                  \
      const int64_t m = count - i < 4 ? count - i : 4;                                                                     \
      for (int64_t j = 0; j < i; j += 4) {                                                                                 \
        for (int64_t r = 0; r < m; r += CK_GRAM_ACROSS) {                                                                  \
          const uint8_t *const *some = rows + i + r;                                                                       \
          switch (m - r < CK_GRAM_ACROSS ? m - r : CK_GRAM_ACROSS) {                                                       \
            case 1: CK(gram_across_##type)(1, 4, some, rows + j, first, end, out + r * count + j, count); break;           \
            case 2: CK(gram_across_##type)(2, 4, some, rows + j, first, end, out + r * count + j, count); break;           \
            case 3: CK(gram_across_##type)(3, 4, some, rows + j, first, end, out + r * count + j, count); break;           \
            case 4: CK(gram_across_##type)(4, 4, some, rows + j, first, end, out + r * count + j, count); break;           \
          }                                                                                                                \
        }                                                                                                                  \
      }                                                                                                                    \
      switch (m) {                                                                                                         \
        case 1: CK(gram_within_##type)(1, rows + i, first, end, out + i, count, sums + i); break;                          \
        case 2: CK(gram_within_##type)(2, rows + i, first, end, out + i, count, sums + i); break;                          \
        case 3: CK(gram_within_##type)(3, rows + i, first, end, out + i, count, sums + i); break;                          \
        case 4: CK(gram_within_##type)(4, rows + i, first, end, out + i, count, sums + i); break;                          \
      }                                                                                                                    \
    }                                                                                                                      \
  }                                                                                                                        \
  static void CK(gram_##type)(                                                                                             \
      const uint8_t *const *rows, int64_t count, int64_t first, int64_t columns, double *products, double *sums) {         \
    const int64_t whole = columns / 32 * 32, left = columns - whole;                                                       \
    if (whole != 0) CK(gram_part_##type)(rows, count, first, first + whole, products, sums);                               \
    if (left != 0) {                                                                                                       \
      uint8_t rest[CK_GRAM_ROWS][32 * (size)] = {{0}};                                                                     \
      const uint8_t *places[CK_GRAM_ROWS];                                                                                 \
      for (int64_t i = 0; i < count; i++) {                                                                                \
        __builtin_memcpy(rest[i], rows[i] + (first + whole) * (size), (size_t)(left * (size)));                            \
        places[i] = rest[i];                                                                                               \
      }                                                                                                                    \
      CK(gram_part_##type)(places, count, 0, 32, products, sums);                                                          \
    }                                                                                                                      \
  }

CK_GRAM(f32, 4)
CK_GRAM(f16, 2)
CK_GRAM(bf16, 2)

#undef CK_GRAM
#undef CK_GRAM_ACROSS
