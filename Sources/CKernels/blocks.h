// Blocks of the GGUF format to f32. Included once for every instruction set.
//
// A block is a fixed count of numbers with common scales. CK_BLOCK_CODES below names each format with its numbers and bytes; the
// comment at a format gives the order of its bytes, where h is an f16 and all words are little-endian. The numbers are computed
// in the order of operations of ggml's reference, so they are equal to its numbers in every bit: code times scale is exact, and
// a minimum is added or subtracted with one rounding.

// An f16 at any alignment; see load_f16.
CK_INLINE float CK(half_at)(const uint8_t *p) {
  uint16_t h;
  __builtin_memcpy(&h, p, sizeof h);
  uint32_t magnitude = (uint32_t)(h & 0x7fff) << 13;
  float v;
  __builtin_memcpy(&v, &magnitude, sizeof v);
  v *= 0x1p112f;
  uint32_t bits;
  __builtin_memcpy(&bits, &v, sizeof bits);
  if (magnitude >= 0x0f800000) bits |= 0x7f800000;
  bits |= (uint32_t)(h & 0x8000) << 16;
  __builtin_memcpy(&v, &bits, sizeof v);
  return v;
}

CK_INLINE uint16_t CK(u16_at)(const uint8_t *p) {
  uint16_t v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CK_INLINE uint32_t CK(u32_at)(const uint8_t *p) {
  uint32_t v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CK_INLINE u8x16 CK(bytes_16)(const uint8_t *p) {
  u8x16 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// The numbers of sixteen small codes, minus `zero`.
CK_INLINE f32x16 CK(codes_16)(u8x16 codes, int zero) {
  return __builtin_convertvector(__builtin_convertvector(codes, i32x16) - zero, f32x16);
}

CK_INLINE void CK(put_16)(float *out, f32x16 v) { __builtin_memcpy(out, &v, sizeof v); }
CK_INLINE void CK(put_8)(float *out, f32x8 v) { __builtin_memcpy(out, &v, sizeof v); }

// Sixteen bits, the lowest first, as 16 in each lane where set.
CK_INLINE u8x16 CK(fifth_bits)(uint32_t bits) {
  const u8x16 lane = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8_t low = (uint8_t)bits, high = (uint8_t)(bits >> 8);
  const u8x16 both = {low, low, low, low, low, low, low, low, high, high, high, high, high, high, high, high};
  return (u8x16)((both & lane) != 0) & 16;
}

// h d; 16 bytes: number i in the low half of byte i, number 16 + i in the high half
CK_INLINE void CK(q4_0)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  const u8x16 q = CK(bytes_16)(p + 2);
  CK(put_16)(out, d * CK(codes_16)(q & 15, 8));
  CK(put_16)(out + 16, d * CK(codes_16)(q >> 4, 8));
}

// h d, h m; codes as in Q4_0
CK_INLINE void CK(q4_1)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p), m = CK(half_at)(p + 2);
  const u8x16 q = CK(bytes_16)(p + 4);
  CK(put_16)(out, d * CK(codes_16)(q & 15, 0) + m);
  CK(put_16)(out + 16, d * CK(codes_16)(q >> 4, 0) + m);
}

// h d; a word with the fifth bits; codes as in Q4_0
CK_INLINE void CK(q5_0)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  const uint32_t fifth = CK(u32_at)(p + 2);
  const u8x16 q = CK(bytes_16)(p + 6);
  CK(put_16)(out, d * CK(codes_16)((q & 15) | CK(fifth_bits)(fifth), 16));
  CK(put_16)(out + 16, d * CK(codes_16)((q >> 4) | CK(fifth_bits)(fifth >> 16), 16));
}

// h d, h m; a word with the fifth bits; codes as in Q4_0
CK_INLINE void CK(q5_1)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p), m = CK(half_at)(p + 2);
  const uint32_t fifth = CK(u32_at)(p + 4);
  const u8x16 q = CK(bytes_16)(p + 8);
  CK(put_16)(out, d * CK(codes_16)((q & 15) | CK(fifth_bits)(fifth), 0) + m);
  CK(put_16)(out + 16, d * CK(codes_16)((q >> 4) | CK(fifth_bits)(fifth >> 16), 0) + m);
}

CK_INLINE void CK(scaled_bytes)(const uint8_t *p, int count, float d, float *out) {
  for (int i = 0; i < count; i += 16) CK(put_16)(out + i, d * __builtin_convertvector((i8x16)CK(bytes_16)(p + i), f32x16));
}

// h d; 32 signed bytes
CK_INLINE void CK(q8_0)(const uint8_t *p, float *out) { CK(scaled_bytes)(p + 2, 32, CK(half_at)(p), out); }

// h d, h sum (not used); 32 signed bytes
CK_INLINE void CK(q8_1)(const uint8_t *p, float *out) { CK(scaled_bytes)(p + 4, 32, CK(half_at)(p), out); }

// f32 d; 256 signed bytes; 16 sums (not used)
CK_INLINE void CK(q8_k)(const uint8_t *p, float *out) {
  float d;
  __builtin_memcpy(&d, p, sizeof d);
  CK(scaled_bytes)(p + 4, 256, d, out);
}

// h d; 128 bits
CK_INLINE void CK(q1_0)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int i = 0; i < 128; i += 16) {
    const u8x16 set = CK(fifth_bits)(CK(u16_at)(p + 2 + i / 8));
    CK(put_16)(out + i, d * CK(codes_16)(set >> 3, 1));
  }
}

// 16 bytes of scales, minimums in the high half; 64 bytes of codes; h d, h m
CK_INLINE void CK(q2_k)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p + 80), m = CK(half_at)(p + 82);
  for (int g = 0; g < 16; g++) {
    // Each run of 32 bytes holds four runs of 32 numbers, at bits 0, 2, 4 and 6.
    const u8x16 q = (CK(bytes_16)(p + 16 + 32 * (g / 8) + 16 * (g % 2)) >> (uint8_t)(g / 2 % 4 * 2)) & 3;
    const float scale = d * (float)(p[g] & 15), least = m * (float)(p[g] >> 4);
    CK(put_16)(out + 16 * g, scale * CK(codes_16)(q, 0) - least);
  }
}

// 32 bytes of third bits; 64 bytes of codes as in Q2_K; 12 bytes of 16 scales of 6 bits; h d
CK_INLINE void CK(q3_k)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p + 108);
  const uint8_t *scales = p + 96;
  for (int g = 0; g < 16; g++) {
    const int low = g < 8 ? scales[g] & 15 : scales[g - 8] >> 4, high = scales[8 + g % 4] >> (g / 4 * 2) & 3;
    const float scale = d * (float)((low | high << 4) - 32);
    const u8x16 q = (CK(bytes_16)(p + 32 + 32 * (g / 8) + 16 * (g % 2)) >> (uint8_t)(g / 2 % 4 * 2)) & 3;
    const u8x16 third = (CK(bytes_16)(p + 16 * (g % 2)) >> (uint8_t)(g / 2)) & 1;
    CK(put_16)(out + 16 * g, scale * CK(codes_16)(q | third << 2, 4));
  }
}

// The scale and the minimum of group g in the 12 bytes of Q4_K and Q5_K, 6 bits each.
CK_INLINE void CK(scale_and_least)(const uint8_t *scales, int g, float d, float m, float found[2]) {
  const int k = g % 4;
  const int scale = g < 4 ? scales[k] & 63 : (scales[8 + k] & 15) | (scales[k] >> 2 & 48);
  const int least = g < 4 ? scales[4 + k] & 63 : (scales[8 + k] >> 4) | (scales[4 + k] >> 2 & 48);
  found[0] = d * (float)scale, found[1] = m * (float)least;
}

// h d, h m; 12 bytes of 8 scales and 8 minimums; 128 bytes: each 32 hold 32 numbers in the low halves and 32 in the high ones
CK_INLINE void CK(q4_k)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p), m = CK(half_at)(p + 2);
  for (int g = 0; g < 8; g++) {
    float by[2];
    CK(scale_and_least)(p + 4, g, d, m, by);
    for (int i = 0; i < 32; i += 16) {
      const u8x16 q = (CK(bytes_16)(p + 16 + 32 * (g / 2) + i) >> (uint8_t)(g % 2 * 4)) & 15;
      CK(put_16)(out + 32 * g + i, by[0] * CK(codes_16)(q, 0) - by[1]);
    }
  }
}

// h d, h m; 12 bytes as in Q4_K; 32 bytes of fifth bits, bit g for group g; 128 bytes as in Q4_K
CK_INLINE void CK(q5_k)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p), m = CK(half_at)(p + 2);
  for (int g = 0; g < 8; g++) {
    float by[2];
    CK(scale_and_least)(p + 4, g, d, m, by);
    for (int i = 0; i < 32; i += 16) {
      const u8x16 q = (CK(bytes_16)(p + 48 + 32 * (g / 2) + i) >> (uint8_t)(g % 2 * 4)) & 15;
      const u8x16 fifth = (CK(bytes_16)(p + 16 + i) >> (uint8_t)g) & 1;
      CK(put_16)(out + 32 * g + i, by[0] * CK(codes_16)(q | fifth << 4, 0) - by[1]);
    }
  }
}

// 128 bytes with the low 4 bits, 64 with the high 2, 16 signed scales, h d
CK_INLINE void CK(q6_k)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p + 208);
  for (int g = 0; g < 16; g++) {
    // Four runs of 32 numbers lie in 64 bytes of low bits and 32 of high ones.
    const int run = g / 2, half = run / 4, within = run % 4, i = g % 2 * 16;
    const u8x16 low = (CK(bytes_16)(p + 64 * half + 32 * (within % 2) + i) >> (uint8_t)(within / 2 * 4)) & 15;
    const u8x16 high = (CK(bytes_16)(p + 128 + 32 * half + i) >> (uint8_t)(2 * within)) & 3;
    const float scale = d * (float)(int8_t)p[192 + g];
    CK(put_16)(out + 16 * g, scale * CK(codes_16)(low | high << 4, 32));
  }
}

// Ternary digits: the digit at each power of 3 is the high byte of 3 · (code · power mod 256).
CK_INLINE f32x16 CK(digits)(u8x16 codes) {
  return CK(codes_16)(__builtin_convertvector((__builtin_convertvector(codes, u16x16) * 3) >> 8, u8x16), 1);
}

// 32 bytes of 5 digits, 16 bytes of 5 digits, 4 bytes of 4 digits; h d
CK_INLINE void CK(tq1_0)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p + 52);
  uint8_t power = 1;
  for (int k = 0; k < 5; k++, power = (uint8_t)(power * 3)) {
    for (int i = 0; i < 32; i += 16) CK(put_16)(out + 32 * k + i, d * CK(digits)(CK(bytes_16)(p + i) * power));
    CK(put_16)(out + 160 + 16 * k, d * CK(digits)(CK(bytes_16)(p + 32) * power));
  }
  u8x16 last;
  for (int k = 0, power = 1; k < 4; k++, power *= 3) {
    for (int i = 0; i < 4; i++) last[4 * k + i] = (uint8_t)(p[48 + i] * power);
  }
  CK(put_16)(out + 240, d * CK(digits)(last));
}

// 64 bytes: each 32 hold four runs of 32 numbers; h d
CK_INLINE void CK(tq2_0)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p + 64);
  for (int g = 0; g < 16; g++) {
    const u8x16 q = (CK(bytes_16)(p + 32 * (g / 8) + 16 * (g % 2)) >> (uint8_t)(g / 2 % 4 * 2)) & 3;
    CK(put_16)(out + 16 * g, d * CK(codes_16)(q, 1));
  }
}

// Codes of four bits by a table of 16, in halves of `count` bytes: the low halves first.
CK_INLINE void CK(look_up)(const int8_t *table, const uint8_t *p, int count, float d, float *out) {
  for (int i = 0; i < count; i++) {
    out[i] = d * (float)table[p[i] & 15];
    out[count + i] = d * (float)table[p[i] >> 4];
  }
}

// h d; 16 bytes as in Q4_0
CK_INLINE void CK(iq4_nl)(const uint8_t *p, float *out) { CK(look_up)(ck_iq4_values, p + 2, 16, CK(half_at)(p), out); }

// h d; 8 scales of 6 bits: a word of high bits, 4 bytes of low ones; 8 times 16 bytes as in Q4_0
CK_INLINE void CK(iq4_xs)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  const int high = CK(u16_at)(p + 2);
  for (int g = 0; g < 8; g++) {
    const int scale = (p[4 + g / 2] >> (g % 2 * 4) & 15) | (high >> (2 * g) & 3) << 4;
    CK(look_up)(ck_iq4_values, p + 8 + 16 * g, 16, d * (float)(scale - 32), out + 32 * g);
  }
}

// A byte with the exponent; 16 bytes as in Q4_0. The table holds twice the values of E2M1, and the scale is halved.
CK_INLINE void CK(mxfp4)(const uint8_t *p, float *out) {
  const uint32_t bits = p[0] < 2 ? 0x00200000u << p[0] : (uint32_t)(p[0] - 1) << 23;
  float d;
  __builtin_memcpy(&d, &bits, sizeof d);
  CK(look_up)(ck_e2m1_doubled, p + 1, 16, d, out);
}

// 4 scales of E4M3 without sign; 4 times 8 bytes: 8 numbers in the low halves, 8 in the high ones
CK_INLINE void CK(nvfp4)(const uint8_t *p, float *out) {
  for (int g = 0; g < 4; g++) {
    const int exponent = p[g] >> 3 & 15, fraction = p[g] & 7;
    // Half of the scale, because the table is doubled: an exponent is the power exponent − 8.
    uint32_t bits = (uint32_t)(exponent + 119) << 23 | (uint32_t)fraction << 20;
    float d;
    __builtin_memcpy(&d, &bits, sizeof d);
    if (exponent == 0) d = (float)fraction * 0x1p-10f;
    if (p[g] == 0x7f) d = 0;
    CK(look_up)(ck_e2m1_doubled, p + 4 + 8 * g, 8, d, out + 16 * g);
  }
}

// Eight numbers with the signs of the bits of `signs`, the lowest first.
CK_INLINE f32x8 CK(with_signs)(f32x8 v, uint32_t signs) {
  const u32x8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return (f32x8)((u32x8)v ^ ((((u32x8){0} + signs) >> lane) << 31));
}

// Signs of eight numbers in seven bits: their product is positive.
CK_INLINE uint32_t CK(eight_signs)(uint32_t seven) { return seven | (uint32_t)__builtin_parity(seven) << 7; }

// A point of a lattice in eight dimensions, 2 bits each: 8, 25 or 43.
CK_INLINE f32x8 CK(point_of_2)(uint32_t code) {
  const u32x8 shifts = {0, 2, 4, 6, 8, 10, 12, 14};
  const u32x8 k = (((u32x8){0} + code) >> shifts) & 3;
  return __builtin_convertvector((i32x8)(k * 17 + (k >> 1) + 8), f32x8);
}

// Codes of the same layout with the values −1, 0 and 1.
CK_INLINE f32x8 CK(ternary_point)(uint32_t code) {
  const u32x8 shifts = {0, 2, 4, 6, 8, 10, 12, 14};
  const u32x8 k = (((u32x8){0} + code) >> shifts) & 3;
  return __builtin_convertvector((i32x8)k - 1, f32x8);
}

// Two points of a lattice in four dimensions, 4 bits each: digits from 0 to 7.
CK_INLINE i32x8 CK(two_points)(uint32_t low, uint32_t high) {
  const u32x8 shifts = {0, 4, 8, 12, 16, 20, 24, 28};
  return (i32x8)((((u32x8){0} + (low | high << 16)) >> shifts) & 7);
}

// h d; 8 times: 4 bytes of points, a word with 4 times 7 signs and a scale in the highest 4 bits
CK_INLINE void CK(iq2_xxs)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int g = 0; g < 8; g++) {
    const uint8_t *points = p + 2 + 8 * g;
    const uint32_t word = CK(u32_at)(points + 4);
    const float scale = d * (0.5f + (float)(word >> 28)) * 0.25f;
    for (int i = 0; i < 4; i++) {
      const f32x8 v = scale * CK(point_of_2)(ck_iq2_xxs_points[points[i]]);
      CK(put_8)(out + 32 * g + 8 * i, CK(with_signs)(v, CK(eight_signs)(word >> (7 * i) & 127)));
    }
  }
}

// h d; 32 words of 9 bits of points and 7 signs; 8 bytes of 16 scales
CK_INLINE void CK(iq2_xs)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int i = 0; i < 32; i++) {
    const uint32_t word = CK(u16_at)(p + 2 + 2 * i);
    const float scale = d * (0.5f + (float)(p[66 + i / 4] >> (i / 2 % 2 * 4) & 15)) * 0.25f;
    const f32x8 v = scale * CK(point_of_2)(ck_iq2_xs_points[word & 511]);
    CK(put_8)(out + 8 * i, CK(with_signs)(v, CK(eight_signs)(word >> 9)));
  }
}

// h d; 32 bytes of points; 32 of signs; 8 with the high 2 bits of points; 8 bytes of 16 scales
CK_INLINE void CK(iq2_s)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int i = 0; i < 32; i++) {
    const uint32_t point = p[2 + i] | (uint32_t)(p[66 + i / 4] >> (i % 4 * 2) & 3) << 8;
    const float scale = d * (0.5f + (float)(p[74 + i / 4] >> (i / 2 % 2 * 4) & 15)) * 0.25f;
    CK(put_8)(out + 8 * i, CK(with_signs)(scale * CK(point_of_2)(ck_iq2_s_points[point]), p[34 + i]));
  }
}

// h d; 64 bytes of points; 8 words with 4 times 7 signs and a scale in the highest 4 bits
CK_INLINE void CK(iq3_xxs)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int i = 0; i < 32; i++) {
    const uint32_t word = CK(u32_at)(p + 66 + 4 * (i / 4));
    const float scale = d * (0.5f + (float)(word >> 28)) * 0.5f;
    // 4, 12, …, 52 and 62.
    const i32x8 k = CK(two_points)(ck_iq3_xxs_points[p[2 + 2 * i]], ck_iq3_xxs_points[p[3 + 2 * i]]);
    const f32x8 v = scale * __builtin_convertvector(k * 8 + 4 - ((k == 7) << 1), f32x8);
    CK(put_8)(out + 8 * i, CK(with_signs)(v, CK(eight_signs)(word >> (i % 4 * 7) & 127)));
  }
}

// h d; 64 bytes of points; 8 with their ninth bits; 32 of signs; 4 bytes of 8 scales
CK_INLINE void CK(iq3_s)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int i = 0; i < 32; i++) {
    const uint32_t ninth = p[66 + i / 4] >> (i % 4 * 2);
    const float scale = d * (float)(1 + 2 * (p[106 + i / 8] >> (i / 4 % 2 * 4) & 15));
    const i32x8 k = CK(two_points)(
        ck_iq3_s_points[p[2 + 2 * i] | (ninth & 1) << 8], ck_iq3_s_points[p[3 + 2 * i] | (ninth >> 1 & 1) << 8]);
    const f32x8 v = scale * __builtin_convertvector(k * 2 + 1, f32x8);
    CK(put_8)(out + 8 * i, CK(with_signs)(v, p[74 + i]));
  }
}

// h d; 32 bytes of points; 8 words: 4 times the high 3 bits of points, 3 bits of scale, the sign of the shift
CK_INLINE void CK(iq1_s)(const uint8_t *p, float *out) {
  const float d = CK(half_at)(p);
  for (int i = 0; i < 32; i++) {
    const uint32_t word = CK(u16_at)(p + 34 + 2 * (i / 4));
    const float scale = d * (float)(2 * (word >> 12 & 7) + 1), shift = word & 0x8000 ? -0.125f : 0.125f;
    const uint32_t point = p[2 + i] | (word >> (i % 4 * 3) & 7) << 8;
    CK(put_8)(out + 8 * i, scale * (CK(ternary_point)(ck_iq1_points[point]) + shift));
  }
}

// 32 bytes of points; 16 with the high 3 bits of two points each and the sign of their shifts; 4 words: 4 times 3 bits of
// scale, 4 bits of h d, the lowest first
CK_INLINE void CK(iq1_m)(const uint8_t *p, float *out) {
  uint16_t bits = 0;
  for (int k = 0; k < 4; k++) bits |= (uint16_t)((CK(u16_at)(p + 48 + 2 * k) >> 12) << (4 * k));
  uint8_t stored[2];
  __builtin_memcpy(stored, &bits, sizeof bits);
  const float d = CK(half_at)(stored);
  for (int i = 0; i < 32; i++) {
    const uint32_t word = CK(u16_at)(p + 48 + 2 * (i / 8)), more = p[32 + i / 2] >> (i % 2 * 4);
    const float scale = d * (float)(2 * (word >> (i / 2 % 4 * 3) & 7) + 1), shift = more & 8 ? -0.125f : 0.125f;
    CK(put_8)(out + 8 * i, scale * (CK(ternary_point)(ck_iq1_points[p[i] | (more & 7) << 8]) + shift));
  }
}

#define CK_DECODER(name, numbers, bytes)                                                         \
  static void CK(blocks_##name)(const uint8_t *p, int64_t count, float *out) {                   \
    for (int64_t i = 0; i < count; i++) CK(name)(p + i * (bytes), out + i * (numbers));          \
  }
CK_BLOCK_CODES(CK_DECODER)
#undef CK_DECODER
