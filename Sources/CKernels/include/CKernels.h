// Inner loops that Swift cannot bring to the machine's speed: one body in C vector extensions, compiled for several
// instruction sets, chosen once at run time. Every sum has 16 fixed lanes and one fixed order, and a multiplication is
// fused with an addition only where it is exact, so all instruction sets give the same bits (but for sums of products
// below 2^-126, where what is fused is not rounded to a subnormal first, and what multiplies bf16 takes them for zero). The exception is ck_products of f32, which is fused
// where the machine can: an x86-64 without FMA differs from the others in the last bits of a block's sums.
#ifndef UNMASK_CKERNELS_H
#define UNMASK_CKERNELS_H

#include <stdint.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "safetensors files are little-endian, and these kernels read them in place"
#endif

// How numbers that a kernel reads are stored; any alignment.
enum { CK_F32 = 0, CK_F16 = 1, CK_BF16 = 2 };

// The types of one byte that are widened by arithmetic.
enum { CK_U8 = 0, CK_I8 = 1, CK_E4M3 = 2, CK_E5M2 = 3, CK_E4M3_FNUZ = 4, CK_E5M2_FNUZ = 5 };

// The most pairs, or numbers, of one call of a block kernel.
enum { CK_BLOCK = 8192 };

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

// The most columns of one call of ck_products.
enum { CK_PRODUCT_COLUMNS = 2048 };

// The most rows of one call of ck_gram.
enum { CK_GRAM_ROWS = 16 };

// Rows of f32, `stride` numbers apart (of both sides the same), each to be multiplied by a scale.
typedef struct {
  const float *values;
  const double *scales;
  int64_t count, stride;
} ck_rows;

// Rows of bf16, `stride` numbers apart (of both sides the same, a multiple of 32).
typedef struct {
  const uint16_t *values;
  int64_t count, stride;
} ck_bf16_rows;

// What to read into the cache meanwhile: `bytes` from each of `rows` addresses; row and at say how far it has come.
// A wrong address does no harm.
typedef struct {
  const uintptr_t *addresses;
  int64_t rows, bytes, row, at;
} ck_ahead;

// A quantised matrix whose 32-bit words hold codes of `bits` ∈ {2, 3, 4, 8}, and what they are scaled with; any alignment.
// GPTQ: codes [inputs·bits/32][outputs], each output's a little-endian stream down its column; zeros [groups][outputs·bits/32],
// a stream along the row. AWQ: 4 bits, codes [inputs][outputs/8], zeros [groups][outputs/8], of a word's eight outputs first
// the even ones. outputs·bits and inputs·bits are multiples of 32. W[output][input] = (code − zero) · scale.
typedef struct {
  const void *codes;
  const void *zeros;       // NULL: the middle code
  const void *scales;      // [groups][outputs] of scale_type, CK_F32, CK_F16 or CK_BF16
  const void *groups;      // 32-bit numbers, one an input; NULL: input / group
  int64_t inputs, outputs, group, group_count;
  int32_t bits, is_awq, scale_type;
  int32_t zero_offset;     // added to a stored zero point, modulo 2^bits
} ck_words;

// Rows (outputs) and columns (inputs) of a matrix, and where their numbers go: row after row, `stride` numbers apart.
typedef struct {
  int64_t row, rows, column, columns;
  float *values;
  int64_t stride;
} ck_rectangle;

// The best instruction set of this machine, and whether one can run here.
int ck_best_isa(void);
int ck_isa_runs(int isa);

// Sums of `count` ≤ CK_BLOCK pairs: single precision in short runs, gathered in double precision, and done again in
// double precision throughout when the result says that this was not enough (see pairs.h).
void ck_pair_block(int type_a, const void *a, int type_b, const void *b, int64_t count, ck_pair_sums *sums);
// The same of doubles, in double precision throughout.
void ck_pair_block_f64(const double *a, const double *b, int64_t count, ck_pair_sums *sums);
// Moments of `count` ≤ CK_BLOCK doubles.
void ck_moments_block(const double *values, int64_t count, ck_moments *moments);
// Σx and Σx² of f32, in double precision: sums[0] and sums[1].
void ck_sum_and_squares(const float *values, int64_t count, double *sums);
// The highest number, of those above zero and (with `absolute`) without their signs, of each row and each column of a row-major matrix
// of up to 2^31 columns, as the bits of an f32: 0 for none. place[i] is the first column where row i has its highest, or −1.
void ck_highest(
    const float *scores, int64_t rows, int64_t columns, int absolute, int32_t *row, int32_t *place, int32_t *column);
// Exact widening of `count` numbers; ck_widen_bytes takes CK_U8 to CK_E5M2_FNUZ.
void ck_widen_f32(int type, const void *bytes, int64_t count, float *values);
void ck_widen_f64(int type, const void *bytes, int64_t count, double *values);
void ck_widen_bytes(int type, const void *bytes, int64_t count, float *values);
// Widening of one row with Σx and Σx²: sums[0] and sums[1]. Not finite, or too small, where f32 does not reach.
// Meanwhile the bytes at `ahead` are brought into the cache; 0 or a wrong address does no harm.
void ck_widen_row(int type, const void *bytes, int64_t count, uintptr_t ahead, float *values, double *sums);
// Adds A·Bᵀ over `columns` ≤ CK_PRODUCT_COLUMNS, a multiple of 16, to the row-major sums[a.count][b.count]; with `lower` ≠ 0 at
// least those on and below the diagonal. `ahead` may be NULL.
void ck_products(const ck_rows *a, const ck_rows *b, int64_t columns, int lower, double *sums, ck_ahead *ahead);
// Copies a row of `count` ≤ CK_PRODUCT_COLUMNS numbers, with zeros up to a multiple of 64, and takes Σx and Σx² in f32 runs: sums[0] and
// sums[1]. Not finite where a number is not; what is below 2^-126 may count as zero. `ahead` as above.
void ck_copy_bf16(const void *bytes, int64_t count, uintptr_t ahead, uint16_t *values, double *sums);
// Adds A·Bᵀ over `columns` ≤ CK_PRODUCT_COLUMNS, a multiple of 32, to the row-major sums[a.count][b.count]; products below 2^-126 may
// count as zero. `ahead` may be NULL.
void ck_products_bf16(const ck_bf16_rows *a, const ck_bf16_rows *b, int64_t columns, double *sums, ck_ahead *ahead);
// Adds the products of `count` ≤ CK_GRAM_ROWS rows over the numbers first ..< first + columns, at most CK_PRODUCT_COLUMNS, to what lies
// on and below the diagonal of the row-major products[count][count], and their sums to sums[count]. Each row is where its
// numbers are stored, all of one type.
void ck_gram(
    int type, const void *const *rows, int64_t count, int64_t first, int64_t columns, double *products, double *sums);
// Codes `first` and so on of a little-endian stream of codes of 1 to 8 bits in `size` bytes, as numbers.
void ck_stream(int bits, const void *bytes, int64_t size, int64_t first, int64_t count, float *values);
// Four-bit codes by a table: pairs[2·b] and pairs[2·b + 1] are the values of the two codes of byte b.
void ck_nibbles(const float *pairs, const void *bytes, int64_t first, int64_t count, float *values);
// values[i] = (values[i] − zero) · scale, where the i-th value stands at place first + i of a row and scales[0] is that of the
// group of `group` places that `first` is in; zeros likewise, or NULL.
void ck_scale_groups(float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *zeros);
// A rectangle of a matrix of words, which has to lie inside of it.
void ck_unpack_words(const ck_words *matrix, const ck_rectangle *rectangle);

// For tests and benchmarks: the same on a given instruction set, which must be able to run here. `exact` ≠ 0 skips the
// single-precision attempt.
void ck_pair_block_on(
    int isa, int exact, int type_a, const void *a, int type_b, const void *b, int64_t count, ck_pair_sums *sums);
void ck_pair_block_f64_on(int isa, const double *a, const double *b, int64_t count, ck_pair_sums *sums);
void ck_moments_block_on(int isa, const double *values, int64_t count, ck_moments *moments);
void ck_sum_and_squares_on(int isa, const float *values, int64_t count, double *sums);
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
void ck_unpack_words_on(int isa, const ck_words *matrix, const ck_rectangle *rectangle);

#endif
