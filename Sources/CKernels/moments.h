// Mean and central moments of a block of doubles, in two passes over data that is in cache. Included once for every
// instruction set. NaN and infinities are omitted and counted.

static void CK(moments)(const double *values, int64_t count, ck_moments *out) {
  double rest[8];
  const int64_t whole = count / 8, steps = (count + 7) / 8;
  // The last vector is padded with NaN, which are later subtracted from the NaN count.
  for (int i = 0; i < 8; i++) rest[i] = __builtin_nan("");
  __builtin_memcpy(rest, values + 8 * whole, (size_t)(count - 8 * whole) * sizeof *values);
  f64x8 sum = {0}, least = {0}, most = {0};
  least += __builtin_inf(), most -= __builtin_inf();
  i64x8 finite = {0}, zeros = {0}, nan = {0};
  for (int64_t i = 0; i < steps; i++) {
    f64x8 x;
    __builtin_memcpy(&x, i < whole ? values + 8 * i : rest, sizeof x);
    i64x8 is_finite = ((i64x8)x & 0x7ff0000000000000) != 0x7ff0000000000000;
    finite -= is_finite, nan -= x != x, zeros -= x == 0;
    sum += (f64x8)((i64x8)x & is_finite);
    i64x8 less = (x < least) & is_finite, more = (x > most) & is_finite;
    least = (f64x8)(((i64x8)x & less) | ((i64x8)least & ~less));
    most = (f64x8)(((i64x8)x & more) | ((i64x8)most & ~more));
  }
  const f64x8 zero = {0};
  out->finite = CK(total_i64)(finite), out->zeros = CK(total_i64)(zeros);
  out->nan = CK(total_i64)(nan) - (8 * steps - count);
  out->infinite = count - out->finite - out->nan;
  out->minimum = least[0], out->maximum = most[0];
  for (int i = 1; i < 8; i++) {
    if (least[i] < out->minimum) out->minimum = least[i];
    if (most[i] > out->maximum) out->maximum = most[i];
  }
  const double mean = out->finite ? CK(total)(sum, zero) / (double)out->finite : 0;
  f64x8 d1 = {0}, d2 = {0}, d3 = {0}, d4 = {0};
  for (int64_t i = 0; i < steps; i++) {
    f64x8 x;
    __builtin_memcpy(&x, i < whole ? values + 8 * i : rest, sizeof x);
    i64x8 is_finite = ((i64x8)x & 0x7ff0000000000000) != 0x7ff0000000000000;
    f64x8 d = (f64x8)((i64x8)(x - mean) & is_finite), dd = d * d;
    d1 += d, d2 += dd, d3 += dd * d, d4 += dd * dd;
  }
  // The rounded mean has the error Σd/n. The moments are corrected for it (m2 exactly, the others to first order).
  const double n = out->finite ? (double)out->finite : 1, e = CK(total)(d1, zero) / n, s2 = CK(total)(d2, zero);
  const double s3 = CK(total)(d3, zero);
  out->mean = mean + e;
  out->m2 = s2 - n * e * e;
  out->m3 = s3 - 3 * e * s2;
  out->m4 = CK(total)(d4, zero) - 4 * e * s3;
}

// Adds the square of each f32 to a sum of its own. The square is exact, so a fused and a plain sum are the same.
static void CK(add_squares)(const float *values, int64_t count, double *sums) {
  for (int64_t i = 0; i < count; i++) sums[i] += (double)values[i] * (double)values[i];
}

static void CK(sum_and_squares)(const float *values, int64_t count, double *sums) {
  f64x8 sum[2] = {{0}}, squares[2] = {{0}};
  float rest[16] = {0};
  const int64_t whole = count / 16;
  __builtin_memcpy(rest, values + 16 * whole, (size_t)(count - 16 * whole) * sizeof *values);
  for (int64_t i = 0; i <= whole; i++) {
    const uint8_t *p = (const uint8_t *)(i < whole ? values + 16 * i : rest);
    f32x16 v = CK_LOAD_16(f32, p, 4);
    f64x8 low = CK(low)(v), high = CK(high)(v);
    sum[0] += low, sum[1] += high, squares[0] += low * low, squares[1] += high * high;
  }
  sums[0] = CK(total)(sum[0], sum[1]), sums[1] = CK(total)(squares[0], squares[1]);
}
