// Words hold codes of several inputs of one output (GPTQ) or several outputs of one input (AWQ); they are decoded to rows of
// outputs. Included once for every instruction set.
//
// One input is decoded at a time, with one lane per output: then shifts, zeros and scales are the same for all inputs of a group,
// for any order of the groups. Squares with as many inputs as lanes are transposed before they are written.
//
// Measurements: Tests/Benchmarks/README.md.

#define CK_LANES_OF_VEC (16 / CK_HALVES)

// Transposes a square: lane j of row i becomes lane i of row j. First by twos and fours within quarters of 128 bits, then the
// quarters.
CK_INLINE void CK(turn)(CK(vec) t[CK_LANES_OF_VEC]) {
  CK(vec) u[CK_LANES_OF_VEC];
#if CK_HALVES == 1
#define CK_MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
    CK(vec) a = CK_MIX(t[i], t[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    CK(vec) b = CK_MIX(t[i], t[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    CK(vec) c = CK_MIX(t[i + 2], t[i + 3], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    CK(vec) d = CK_MIX(t[i + 2], t[i + 3], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    u[i] = CK_MIX(a, c, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
    u[i + 1] = CK_MIX(a, c, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    u[i + 2] = CK_MIX(b, d, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
    u[i + 3] = CK_MIX(b, d, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    CK(vec) a = CK_MIX(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    CK(vec) b = CK_MIX(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    CK(vec) c = CK_MIX(u[i + 8], u[i + 12], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    CK(vec) d = CK_MIX(u[i + 8], u[i + 12], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    t[i] = CK_MIX(a, c, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    t[i + 4] = CK_MIX(b, d, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    t[i + 8] = CK_MIX(a, c, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    t[i + 12] = CK_MIX(b, d, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  }
#undef CK_MIX
#else
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {
    CK(vec) a = __builtin_shufflevector(t[i], t[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    CK(vec) b = __builtin_shufflevector(t[i], t[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    CK(vec) c = __builtin_shufflevector(t[i + 2], t[i + 3], 0, 8, 1, 9, 4, 12, 5, 13);
    CK(vec) d = __builtin_shufflevector(t[i + 2], t[i + 3], 2, 10, 3, 11, 6, 14, 7, 15);
    u[i] = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
    u[i + 1] = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    u[i + 2] = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
    u[i + 3] = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    t[i] = __builtin_shufflevector(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    t[i + 4] = __builtin_shufflevector(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#endif
}

// The first `bytes` ≤ 8 bytes at p.
CK_INLINE uint64_t CK(word_at)(const uint8_t *p, int64_t bytes) {
  uint64_t word = 0;
  __builtin_memcpy(&word, p, (size_t)bytes);
  return word;
}

// The codes of consecutive outputs, of which `count` exist.
CK_INLINE CK(uvec) CK(codes_along)(const uint8_t *p, const int bits, const int is_awq, int64_t count) {
  u32x8 v[16 / CK_HALVES / 8];
#pragma clang loop unroll(full)
  for (int half = 0; half < CK_LANES_OF_VEC / 8; half++) {
    const int64_t left = count - 8 * half;
    // A word holds whole codes of 2, 4 and 8 bits; for 3 bits, as many bytes as exist are loaded.
    const uint64_t word = left >= 8 ? CK(word_at)(p + half * bits, bits)
                          : left > 0 ? CK(word_at)(p + half * bits, (left * bits + 7) / 8)
                                     : 0;
    const u32x8 interleaved = {0, 16, 4, 20, 8, 24, 12, 28};
    v[half] = is_awq ? ((u32x8){0} + (uint32_t)word) >> interleaved & 15 : CK(codes_8)(word, bits);
  }
#if CK_HALVES == 1
  return __builtin_shufflevector(v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  return v[0];
#endif
}

// The words of consecutive outputs, of which `count` exist.
CK_INLINE CK(uvec) CK(words_along)(const uint8_t *p, int64_t count) {
  CK(uvec) v = {0};
  if (count >= CK_LANES_OF_VEC) {
    __builtin_memcpy(&v, p, sizeof v);
  } else {
    __builtin_memcpy(&v, p, (size_t)count * 4);
  }
  return v;
}

CK_INLINE CK(vec) CK(scales_along)(const uint8_t *p, int type, int64_t count) {
  const int64_t width = type == CK_F32 ? 4 : 2;
  uint8_t rest[4 * CK_LANES_OF_VEC] = {0};
  if (count < CK_LANES_OF_VEC) {
    __builtin_memcpy(rest, p, (size_t)(count * width));
    p = rest;
  }
  return type == CK_F32 ? CK(load_f32)(p) : type == CK_F16 ? CK(load_f16)(p) : CK(load_bf16)(p);
}

// Decodes rows from `top` on, a multiple of 16: at most sixteen existing rows. Numbers outside the rectangle are not written.
CK_INLINE void CK(words_of)(const int bits, const int is_awq, const ck_words *m, int64_t top, const ck_rectangle *r) {
  enum { lanes = CK_LANES_OF_VEC, halves = CK_HALVES };
  const uint32_t mask = (1u << bits) - 1;
  const int64_t row_bytes = is_awq ? m->outputs / 8 * 4 : m->outputs * 4, zero_bytes = m->outputs * bits / 8;
  const int64_t scale_bytes = m->scale_type == CK_F32 ? 4 : 2;
  const uint8_t *codes = m->codes, *zeros = m->zeros, *scales = m->scales, *groups = m->groups;
  const int64_t end = r->column + r->columns;
  CK(vec) scale[halves] = {0}, zero[halves] = {0};
  int64_t current = -1, next = 0;  // the current group, and the first input of the next group
  for (int64_t left = r->column / lanes * lanes; left < end; left += lanes) {
    CK(vec) t[halves][lanes];
    const int64_t width = m->inputs - left < lanes ? m->inputs - left : lanes;
    // The codes of a step begin at a word boundary if they fill whole words.
    const int phase = lanes * bits % 32 == 0 ? 0 : (int)(left * bits & 31);
    const int64_t word_row = left * bits >> 5;
    if (width < lanes) __builtin_memset(t, 0, sizeof t);
    for (int j = 0; j < width; j++) {
      int64_t g = current;
      if (groups) {
        uint32_t stored;
        __builtin_memcpy(&stored, groups + 4 * (left + j), 4);
        g = stored;
      } else if (left + j >= next) {
        g = (left + j) / m->group, next = (g + 1) * m->group;
      }
      if (g != current) {
        current = g;
        // The caller checked that the group numbers are valid, but the file may have changed since then.
        const int64_t safe = g < m->group_count ? g : m->group_count - 1;
        for (int half = 0; half < halves; half++) {
          const int64_t output = top + half * lanes, count = m->outputs - output;
          if (count <= 0) continue;
          scale[half] = CK(scales_along)(scales + (safe * m->outputs + output) * scale_bytes, m->scale_type, count);
          CK(uvec) z = (CK(uvec)){0} + (1u << (bits - 1));
          if (zeros) {
            z = CK(codes_along)(zeros + safe * zero_bytes + output * bits / 8, bits, is_awq, count);
            z = (z + (uint32_t)m->zero_offset) & mask;
          }
          zero[half] = __builtin_convertvector((CK(ivec))z, CK(vec));
        }
      }
      const int bit = phase + j * bits, shift = bit & 31;
      const int64_t row = is_awq ? left + j : word_row + (bit >> 5);
      for (int half = 0; half < halves; half++) {
        const int64_t output = top + half * lanes, count = m->outputs - output;
        if (count <= 0) continue;
        CK(uvec) v;
        if (is_awq) {
          v = CK(codes_along)(codes + row * row_bytes + output / 2, 4, 1, count);
        } else {
          const uint8_t *p = codes + row * row_bytes + output * 4;
          v = CK(words_along)(p, count) >> (uint32_t)shift;
          if (32 % bits != 0 && shift + bits > 32) v |= CK(words_along)(p + row_bytes, count) << (uint32_t)(32 - shift);
          v &= mask;
        }
        t[half][j] = (__builtin_convertvector((CK(ivec))v, CK(vec)) - zero[half]) * scale[half];
        // Word rows are pages apart, so the hardware does not prefetch them.
        if (half == 0 && (is_awq || shift == 0)) {
          __builtin_prefetch((const void *)((uintptr_t)(codes + row * row_bytes + (is_awq ? output / 2 : output * 4)) +
                                            (uintptr_t)(CK_WORD_ROWS_AHEAD * row_bytes)));
        }
      }
    }
    const int64_t from = left < r->column ? r->column - left : 0, to = end - left < lanes ? end - left : lanes;
    for (int half = 0; half < halves; half++) {
      if (top + half * lanes >= m->outputs) continue;
      CK(turn)(t[half]);
#pragma clang loop unroll(full)
      for (int i = 0; i < lanes; i++) {
        const int64_t row = top + half * lanes + i - r->row;
        if (row < 0 || row >= r->rows) continue;
        float *out = r->values + row * r->stride + (left - r->column);
        if (to - from == lanes) {
          __builtin_memcpy(out, &t[half][i], sizeof t[half][i]);
        } else {
          float some[lanes];
          __builtin_memcpy(some, &t[half][i], sizeof some);
          __builtin_memcpy(out + from, some + from, (size_t)(to - from) * sizeof *out);
        }
      }
    }
  }
}

static void CK(words)(const ck_words *m, const ck_rectangle *r) {
  for (int64_t top = r->row / 16 * 16; top < r->row + r->rows; top += 16) {
    if (m->is_awq) {
      CK(words_of)(4, 1, m, top, r);
    } else {
      switch (m->bits) {
        case 2: CK(words_of)(2, 0, m, top, r); break;
        case 3: CK(words_of)(3, 0, m, top, r); break;
        case 4: CK(words_of)(4, 0, m, top, r); break;
        default: CK(words_of)(8, 0, m, top, r);
      }
    }
  }
}

#undef CK_LANES_OF_VEC
