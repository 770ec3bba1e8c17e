// Inner loops that do not reach the speed of the machine in Swift: one body in C vector extensions, compiled for several
// instruction sets, chosen once at run time. Every sum has 16 fixed lanes and one fixed order, and a multiplication is
// fused with an addition only if it is exact, so all instruction sets give the same bits. One exception is sums of products
// below 2^-126: a fused product is not rounded to a subnormal first, and the bf16 instruction treats such numbers as zero.
// The other exception is ck_products and ck_gram of f32, which are fused if the machine supports it: an x86-64 without FMA
// differs from the others in the last bits of a block's sums.
#ifndef UNMASK_CKERNELS_H
#define UNMASK_CKERNELS_H

#include <stdint.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "safetensors files are little-endian, and these kernels read them in place"
#endif

// Storage types of the numbers that a kernel reads; any alignment.
enum { CK_F32 = 0, CK_F16 = 1, CK_BF16 = 2 };

// The one-byte types that are widened by arithmetic.
enum { CK_U8 = 0, CK_I8 = 1, CK_E4M3 = 2, CK_E5M2 = 3, CK_E4M3_FNUZ = 4, CK_E5M2_FNUZ = 5 };

// The maximum number of pairs, or numbers, in one call of a block kernel.
enum { CK_BLOCK = 8192 };

// The formats of ck_blocks: NAME(format, numbers of a block, bytes of a block). The order is that of CK_Q4_0 and so on.
#define CK_BLOCK_CODES(NAME)                                                                                              \
  NAME(q4_0, 32, 18)                                                                                                      \
  NAME(q4_1, 32, 20)                                                                                                      \
  NAME(q5_0, 32, 22)                                                                                                      \
  NAME(q5_1, 32, 24)                                                                                                      \
  NAME(q8_0, 32, 34)                                                                                                      \
  NAME(q8_1, 32, 36)                                                                                                      \
  NAME(q2_k, 256, 84)                                                                                                     \
  NAME(q3_k, 256, 110)                                                                                                    \
  NAME(q4_k, 256, 144)                                                                                                    \
  NAME(q5_k, 256, 176)                                                                                                    \
  NAME(q6_k, 256, 210)                                                                                                    \
  NAME(q8_k, 256, 292)                                                                                                    \
  NAME(iq2_xxs, 256, 66)                                                                                                  \
  NAME(iq2_xs, 256, 74)                                                                                                   \
  NAME(iq2_s, 256, 82)                                                                                                    \
  NAME(iq3_xxs, 256, 98)                                                                                                  \
  NAME(iq3_s, 256, 110)                                                                                                   \
  NAME(iq1_s, 256, 50)                                                                                                    \
  NAME(iq1_m, 256, 56)                                                                                                    \
  NAME(iq4_nl, 32, 18)                                                                                                    \
  NAME(iq4_xs, 256, 136)                                                                                                  \
  NAME(tq1_0, 256, 54)                                                                                                    \
  NAME(tq2_0, 256, 66)                                                                                                    \
  NAME(mxfp4, 32, 17)                                                                                                     \
  NAME(nvfp4, 64, 36)                                                                                                     \
  NAME(q1_0, 128, 18)

enum {
  CK_Q4_0, CK_Q4_1, CK_Q5_0, CK_Q5_1, CK_Q8_0, CK_Q8_1, CK_Q2_K, CK_Q3_K, CK_Q4_K, CK_Q5_K, CK_Q6_K, CK_Q8_K, CK_IQ2_XXS,
  CK_IQ2_XS, CK_IQ2_S, CK_IQ3_XXS, CK_IQ3_S, CK_IQ1_S, CK_IQ1_M, CK_IQ4_NL, CK_IQ4_XS, CK_TQ1_0, CK_TQ2_0, CK_MXFP4, CK_NVFP4,
  CK_Q1_0, CK_BLOCK_FORMATS
};

// The instruction sets a kernel may be compiled for. Not all exist on every machine.
enum { CK_BASELINE = 0, CK_AVX2 = 1, CK_AVX512 = 2, CK_AVX512_BF16 = 3, CK_ISA_COUNT = 4 };

// Sums over pairs (a, b) in which both are finite; the others are omitted and counted.
typedef struct {
  double ab, aa, bb, dd, a, b;  // Σab, Σa², Σb², Σ(a−b)², Σa, Σb
  int64_t equal;                // pairs with a == b
  int64_t omitted;              // pairs with a NaN or an infinity
  int64_t non_finite_a, non_finite_b;
} ck_pair_sums;

// Central moments of the finite numbers of a block: m2 = Σ(x−mean)², and so on.
typedef struct {
  double mean, m2, m3, m4, minimum, maximum;  // +inf and −inf when there is no finite number
  int64_t finite, zeros, nan, infinite;
} ck_moments;

// The maximum number of columns in one call of ck_products.
enum { CK_PRODUCT_COLUMNS = 2048 };

// The maximum number of rows in one call of ck_gram.
enum { CK_GRAM_ROWS = 16 };

// Rows of f32, `stride` numbers apart (equal for both sides), each to be multiplied by a scale.
typedef struct {
  const float *values;
  const double *scales;
  int64_t count, stride;
} ck_rows;

// Rows of bf16, `stride` numbers apart (equal for both sides, a multiple of 32).
typedef struct {
  const uint16_t *values;
  int64_t count, stride;
} ck_bf16_rows;

// The data to prefetch into the cache: `bytes` from each of `rows` addresses; row and at give the current position.
// A wrong address does no harm.
typedef struct {
  const uintptr_t *addresses;
  int64_t rows, bytes, row, at;
} ck_ahead;

// A quantised matrix whose 32-bit words hold codes of `bits` ∈ {2, 3, 4, 8}, with zeros and scales; any alignment.
// GPTQ: codes [inputs·bits/32][outputs], for each output a little-endian stream down its column; zeros [groups][outputs·bits/32],
// a stream along the row. AWQ: 4 bits, codes [inputs][outputs/8], zeros [groups][outputs/8]; in each word of eight outputs, the
// even ones come first. outputs·bits and inputs·bits are multiples of 32. W[output][input] = (code − zero) · scale.
typedef struct {
  const void *codes;
  const void *zeros;       // NULL: the middle code
  const void *scales;      // [groups][outputs] of scale_type, CK_F32, CK_F16 or CK_BF16
  const void *groups;      // 32-bit numbers, one an input; NULL: input / group
  int64_t inputs, outputs, group, group_count;
  int32_t bits, is_awq, scale_type;
  int32_t zero_offset;     // added to a stored zero point, modulo 2^bits
} ck_words;

// Rows (outputs) and columns (inputs) of a matrix, and the destination of their numbers: rows are `stride` numbers apart.
typedef struct {
  int64_t row, rows, column, columns;
  float *values;
  int64_t stride;
} ck_rectangle;

// The best instruction set of this machine, and whether a given set can run on it. The environment variable UNMASK_ISA (baseline, avx2,
// avx512, avx512-bf16), read once, limits the first: for benchmarks, and to compare the results of two sets.
int ck_best_isa(void);
int ck_isa_runs(int isa);

// Sums of `count` ≤ CK_BLOCK pairs: single precision in short runs, accumulated in double precision. They are computed again in
// double precision throughout when the result shows that this was not accurate enough (see pairs.h).
void ck_pair_block(int type_a, const void *a, int type_b, const void *b, int64_t count, ck_pair_sums *sums);
// Sums of pairs of doubles, in double precision throughout.
void ck_pair_block_f64(const double *a, const double *b, int64_t count, ck_pair_sums *sums);
// Moments of `count` ≤ CK_BLOCK doubles.
void ck_moments_block(const double *values, int64_t count, ck_moments *moments);
// Σx and Σx² of f32, in double precision: sums[0] and sums[1].
void ck_sum_and_squares(const float *values, int64_t count, double *sums);
// Adds x² to each of `count` sums. The square of an f32 is exact in double precision, so every instruction set gives the same bits.
void ck_add_squares(const float *values, int64_t count, double *sums);
// The largest magnitude of finite f32; 0 for none. (Magnitudes have the same order as their bits.)
float ck_largest_magnitude(const float *values, int64_t count);
// The highest number above zero of each row and each column of a row-major matrix of up to 2^31 columns, as the bits of an f32;
// 0 for none. With `absolute`, signs are ignored. place[i] is the first column with the highest number of row i, or −1.
void ck_highest(
    const float *scores, int64_t rows, int64_t columns, int absolute, int32_t *row, int32_t *place, int32_t *column);
// Exact widening of `count` numbers; ck_widen_bytes takes CK_U8 to CK_E5M2_FNUZ.
void ck_widen_f32(int type, const void *bytes, int64_t count, float *values);
void ck_widen_f64(int type, const void *bytes, int64_t count, double *values);
void ck_widen_bytes(int type, const void *bytes, int64_t count, float *values);
// Widening of one row with Σx and Σx²: sums[0] and sums[1]. They are not finite, or too small, outside the range of f32.
// It also prefetches the bytes at `ahead` into the cache; 0 or a wrong address does no harm.
void ck_widen_row(int type, const void *bytes, int64_t count, uintptr_t ahead, float *values, double *sums);
// Adds A·Bᵀ over `columns` ≤ CK_PRODUCT_COLUMNS, a multiple of 16, to the row-major sums[a.count][b.count]; with `lower` ≠ 0 at
// least those on and below the diagonal. `ahead` may be NULL.
void ck_products(const ck_rows *a, const ck_rows *b, int64_t columns, int lower, double *sums, ck_ahead *ahead);
// Copies a row of `count` ≤ CK_PRODUCT_COLUMNS numbers, with zeros up to a multiple of 64, and computes Σx and Σx² in f32 runs:
// sums[0] and sums[1]. They are not finite if a number is not; numbers below 2^-126 may count as zero. `ahead` as above.
void ck_copy_bf16(const void *bytes, int64_t count, uintptr_t ahead, uint16_t *values, double *sums);
// Adds A·Bᵀ over `columns` ≤ CK_PRODUCT_COLUMNS, a multiple of 32, to the row-major sums[a.count][b.count]; products below 2^-126 may
// count as zero. `ahead` may be NULL.
void ck_products_bf16(const ck_bf16_rows *a, const ck_bf16_rows *b, int64_t columns, double *sums, ck_ahead *ahead);
// Adds the products of `count` ≤ CK_GRAM_ROWS rows over the numbers first ..< first + columns, at most CK_PRODUCT_COLUMNS, to the
// entries on and below the diagonal of the row-major products[count][count], and their sums to sums[count]. Each row is the
// address of its stored numbers; all have one type.
void ck_gram(
    int type, const void *const *rows, int64_t count, int64_t first, int64_t columns, double *products, double *sums);
// `count` codes from index `first` on, of a little-endian stream of codes of 1 to 8 bits in `size` bytes, as numbers.
void ck_stream(int bits, const void *bytes, int64_t size, int64_t first, int64_t count, float *values);
// Four-bit codes by a table: pairs[2·b] and pairs[2·b + 1] are the values of the two codes of byte b.
void ck_nibbles(const float *pairs, const void *bytes, int64_t first, int64_t count, float *values);
// values[i] = (values[i] − zero) · scale, where the i-th value has index first + i in a row, and scales[0] belongs to the
// group of `group` columns that contains `first`; zeros likewise, or NULL.
void ck_scale_groups(float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *zeros);
// values[i] = values[i] · scale + offset, with scales and offsets by group as above.
void ck_affine_groups(
    float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *offsets);
// Decodes `count` blocks of the format CK_Q4_0 … CK_Q1_0, at any alignment.
void ck_blocks(int format, const void *bytes, int64_t count, float *values);
// The numbers and the bytes of a block.
int ck_block_numbers(int format);
int ck_block_bytes(int format);
// Decodes a rectangle of a matrix of words; it must be inside the matrix.
void ck_unpack_words(const ck_words *matrix, const ck_rectangle *rectangle);

// For tests and benchmarks: these kernels on a given instruction set, which the machine must support. `exact` ≠ 0 skips the
// single-precision attempt.
void ck_pair_block_on(
    int isa, int exact, int type_a, const void *a, int type_b, const void *b, int64_t count, ck_pair_sums *sums);
void ck_pair_block_f64_on(int isa, const double *a, const double *b, int64_t count, ck_pair_sums *sums);
void ck_moments_block_on(int isa, const double *values, int64_t count, ck_moments *moments);
void ck_sum_and_squares_on(int isa, const float *values, int64_t count, double *sums);
void ck_add_squares_on(int isa, const float *values, int64_t count, double *sums);
float ck_largest_magnitude_on(int isa, const float *values, int64_t count);
void ck_highest_on(
    int isa, const float *scores, int64_t rows, int64_t columns, int absolute, int32_t *row, int32_t *place, int32_t *column);
void ck_widen_f32_on(int isa, int type, const void *bytes, int64_t count, float *values);
void ck_widen_f64_on(int isa, int type, const void *bytes, int64_t count, double *values);
void ck_widen_bytes_on(int isa, int type, const void *bytes, int64_t count, float *values);
void ck_widen_row_on(int isa, int type, const void *bytes, int64_t count, uintptr_t ahead, float *values, double *sums);
void ck_gram_on(
    int isa, int type, const void *const *rows, int64_t count, int64_t first, int64_t columns, double *products, double *sums);
void ck_products_on(int isa, const ck_rows *a, const ck_rows *b, int64_t columns, int lower, double *sums, ck_ahead *ahead);
void ck_copy_bf16_on(int isa, const void *bytes, int64_t count, uintptr_t ahead, uint16_t *values, double *sums);
void ck_products_bf16_on(
    int isa, const ck_bf16_rows *a, const ck_bf16_rows *b, int64_t columns, double *sums, ck_ahead *ahead);
void ck_stream_on(int isa, int bits, const void *bytes, int64_t size, int64_t first, int64_t count, float *values);
void ck_scale_groups_on(
    int isa, float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *zeros);
void ck_affine_groups_on(
    int isa, float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *offsets);
void ck_blocks_on(int isa, int format, const void *bytes, int64_t count, float *values);
void ck_unpack_words_on(int isa, const ck_words *matrix, const ck_rectangle *rectangle);

#endif
