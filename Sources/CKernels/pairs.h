// The pair pass: reading two tensors once gives all the sums that cosine, Pearson, distance and equality need.
// Included once for every instruction set and pair of stored types; CK_A and CK_B are f32, f16 or bf16.
//
// Error. With u = 2^-24, a sum of a lane in f32 has been rounded at most three times in its run of four and twice when
// four runs are joined; a product with an f32 side is rounded once more before. So ab, aa, bb, Σa, Σb are within γ = 6u of
// Σ|terms| (f64 adds 1e-13), and Σ|ab| ≤ ‖a‖‖b‖, Σ|a| ≤ √n‖a‖. Hence, to first order,
//   cosine:          γ from ab, γ/2 from each norm:  2γ = 7.2e-7;
//   centred cosine:  with both means below δ = 1/8 of the root mean square in every block (else it is computed in f64), and so
//                    overall, by Cauchy and Schwarz: 2γ(1+2δ)/(1−δ²) = 2.6γ = 9.1e-7;
//   relative L2:     (a−b)² is rounded three times and then gathered: 8u, ‖a−b‖ 4u, with ‖a‖ 7u = 4.2e-7 of the value.
// If some blocks of a tensor use f32 and others, with means above δ, use f64, the centred bound is 6.6γ = 2.4e-6.
// These bounds hold for worst-case data (all roundings in one direction); weights show 1e-8.
//
// Measured on an EPYC of the Zen 5 family, one thread, GB/s of both sides together, data in L2, after the first form
// (16 lanes, two runs of four, everything unfused):
//                                         bf16·bf16           f16·f16        f32·f32        bf16·f32
//                                     AVX-512  AVX2  SSE2   AVX-512  AVX2   AVX-512 AVX2   AVX-512 AVX2
//   first form                           29     16    8.2      28     15       83    39       33    18
//   fused where exact, bf16 by parity    40     20    8.7      32     17       87    39       54    28
//   four runs between two carries        47     22    9.1      39     19       95    43       61    32
//   half the lanes at a time (not 512)    -     25     14       -     20        -    47        -    33
//   f64 throughout (`exact`)             11      6    3.0      10      5       24    12       17     9
// Streaming from memory, bf16·bf16: plain reading (a sum of u64) 31-34, AVX-512 34, AVX2 22. Rejected: prefetching 2 KB ahead
// (29 instead of 35: the hardware does it better).

// Loads two vectors of each side, in the same order for both.
CK_INLINE void CK_PAIR(load)(const uint8_t *a, const uint8_t *b, CK(vec) x[2], CK(vec) y[2]) {
#if CK_BOTH_BF16
  // The numbers with even index of 32, then those with odd index: one operation per vector.
  CK(load_bf16_apart)(a, x);
  CK(load_bf16_apart)(b, y);
#else
  x[0] = CK_LOAD_A(a), x[1] = CK_LOAD_A(a + CK_BYTES_A);
  y[0] = CK_LOAD_B(b), y[1] = CK_LOAD_B(b + CK_BYTES_B);
#endif
}

// Σ over four vectors of each side, in f32.
CK_INLINE CK(run) CK_PAIR(run)(const uint8_t *a, const uint8_t *b, CK(ivec) *equal) {
  CK(vec) x[2], y[2], d;
  CK_PAIR(load)(a, b, x, y);
  CK(run) r;
  d = x[0] - y[0], *equal -= x[0] == y[0];
  r.ab = x[0] * y[0], r.aa = x[0] * x[0], r.bb = y[0] * y[0], r.dd = d * d, r.a = x[0], r.b = y[0];
#pragma clang loop unroll(full)
  for (int step = 1; step < 4; step++) {
    if (step == 2) CK_PAIR(load)(a + 2 * CK_BYTES_A, b + 2 * CK_BYTES_B, x, y);
    CK(vec) p = x[step & 1], q = y[step & 1];
    d = p - q, *equal -= p == q;
    r.ab = CK_ADD_AB(p, q, r.ab), r.aa = CK_ADD_AA(p, r.aa), r.bb = CK_ADD_BB(q, r.bb);
    r.dd += d * d, r.a += p, r.b += q;
  }
  return r;
}

// Σ over groups of CK_GROUP pairs. Within a group a lane sees sixteen pairs, in four runs of four.
static void CK_PAIR(fast)(const uint8_t *a, const uint8_t *b, int64_t groups, CK_LANES *out) {
  CK_LANES s = *out;
  for (int64_t g = 0; g < groups; g++) {
#pragma clang loop unroll(full)
    for (int half = 0; half < CK_HALVES; half++) {
      // The second half of 16 numbers, or of 32 numbers that are split by parity.
      const uint8_t *p = a + half * (CK_BOTH_BF16 ? CK_BYTES_A : CK_BYTES_A / 2);
      const uint8_t *q = b + half * (CK_BOTH_BF16 ? CK_BYTES_B : CK_BYTES_B / 2);
      CK(run) r0, r1, r2, r3;
      r0 = CK_PAIR(run)(p, q, &s.equal[half]);
      r1 = CK_PAIR(run)(p + 4 * CK_BYTES_A, q + 4 * CK_BYTES_B, &s.equal[half]);
      r0 = CK(both_runs)(r0, r1);
      r2 = CK_PAIR(run)(p + 8 * CK_BYTES_A, q + 8 * CK_BYTES_B, &s.equal[half]);
      r3 = CK_PAIR(run)(p + 12 * CK_BYTES_A, q + 12 * CK_BYTES_B, &s.equal[half]);
      r0 = CK(both_runs)(r0, CK(both_runs)(r2, r3));
      CK(carry)(s.ab, r0.ab, half), CK(carry)(s.aa, r0.aa, half), CK(carry)(s.bb, r0.bb, half);
      CK(carry)(s.dd, r0.dd, half), CK(carry)(s.a, r0.a, half), CK(carry)(s.b, r0.b, half);
    }
    a += CK_GROUP / 16 * CK_BYTES_A, b += CK_GROUP / 16 * CK_BYTES_B;
  }
  *out = s;
}

// Computes the sums in f64 throughout, without pairs that contain a NaN or an infinity. `steps` vectors of 16 pairs.
static void CK_PAIR(exact)(const uint8_t *a, const uint8_t *b, int64_t steps, CK_LANES *out) {
  CK_LANES s = *out;
  for (int64_t i = 0; i < steps; i++) {
    f32x16 x = CK_LOAD_ALL_A(a), y = CK_LOAD_ALL_B(b);
    a += CK_BYTES_A, b += CK_BYTES_B;
    i32x16 finite_x = ((i32x16)x & 0x7f800000) != 0x7f800000, finite_y = ((i32x16)y & 0x7f800000) != 0x7f800000;
    i32x16 both = finite_x & finite_y;
    x = (f32x16)((i32x16)x & both), y = (f32x16)((i32x16)y & both);
    s.equal_pairs -= (x == y) & both;
    s.omitted += both + 1, s.non_finite_a += finite_x + 1, s.non_finite_b += finite_y + 1;
    f64x8 x0 = CK(low)(x), x1 = CK(high)(x), y0 = CK(low)(y), y1 = CK(high)(y), d0 = x0 - y0, d1 = x1 - y1;
    s.ab[0] += x0 * y0, s.aa[0] += x0 * x0, s.bb[0] += y0 * y0, s.dd[0] += d0 * d0, s.a[0] += x0, s.b[0] += y0;
    s.ab[1] += x1 * y1, s.aa[1] += x1 * x1, s.bb[1] += y1 * y1, s.dd[1] += d1 * d1, s.a[1] += x1, s.b[1] += y1;
  }
  *out = s;
}

static void CK_PAIR(block)(const uint8_t *a, const uint8_t *b, int64_t count, int exact, ck_pair_sums *sums) {
  const int64_t groups = count / CK_GROUP, rest = count % CK_GROUP;
  // The remaining pairs go into a group padded with zeros; the zeros only add equal pairs.
  uint8_t rest_a[CK_GROUP / 16 * CK_BYTES_A], rest_b[CK_GROUP / 16 * CK_BYTES_B];
  if (rest != 0) {
    __builtin_memset(rest_a, 0, sizeof rest_a);
    __builtin_memset(rest_b, 0, sizeof rest_b);
    __builtin_memcpy(rest_a, a + groups * (CK_GROUP / 16) * CK_BYTES_A, (size_t)(rest * (CK_BYTES_A / 16)));
    __builtin_memcpy(rest_b, b + groups * (CK_GROUP / 16) * CK_BYTES_B, (size_t)(rest * (CK_BYTES_B / 16)));
  }
  const int64_t padding = rest != 0 ? CK_GROUP - rest : 0;
  if (!exact) {
    CK_LANES lanes = {0};
    CK_PAIR(fast)(a, b, groups, &lanes);
    if (rest != 0) CK_PAIR(fast)(rest_a, rest_b, 1, &lanes);
    CK(collect)(&lanes, padding, sums);
    if (ck_pair_is_sound(sums, count)) return;
    // Only zeros, as in padding: the sums are exact.
    if (sums->aa == 0 && sums->bb == 0 && CK(is_zero)(a, count * CK_BYTES_A / 16) &&
        CK(is_zero)(b, count * CK_BYTES_B / 16)) {
      return;
    }
  }
  CK_LANES lanes = {0};
  CK_PAIR(exact)(a, b, groups * (CK_GROUP / 16), &lanes);
  if (rest != 0) CK_PAIR(exact)(rest_a, rest_b, CK_GROUP / 16, &lanes);
  CK(collect)(&lanes, padding, sums);
}
