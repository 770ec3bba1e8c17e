// Widening to f32 and f64, exact. Included once for every instruction set.

#define CK_WIDEN(type, bytes)                                                                          \
  static void CK(widen_##type##_to_f32)(const uint8_t *p, int64_t count, float *out) {                 \
    int64_t i = 0;                                                                                     \
    for (; i + 16 <= count; i += 16) {                                                                 \
      f32x16 v = CK_LOAD_16(type, p + i * (bytes / 16), bytes / 16);                                                \
      __builtin_memcpy(out + i, &v, sizeof v);                                                         \
    }                                                                                                  \
    if (i < count) {                                                                                   \
      uint8_t rest[bytes] = {0};                                                                       \
      __builtin_memcpy(rest, p + i * (bytes / 16), (size_t)((count - i) * (bytes / 16)));              \
      f32x16 v = CK_LOAD_16(type, rest, bytes / 16);                                                                \
      __builtin_memcpy(out + i, &v, (size_t)(count - i) * sizeof *out);                                \
    }                                                                                                  \
  }                                                                                                    \
  static void CK(widen_##type##_to_f64)(const uint8_t *p, int64_t count, double *out) {                \
    int64_t i = 0;                                                                                     \
    for (; i + 16 <= count; i += 16) {                                                                 \
      f32x16 v = CK_LOAD_16(type, p + i * (bytes / 16), bytes / 16);                                                \
      f64x8 low = CK(low)(v), high = CK(high)(v);                                                      \
      __builtin_memcpy(out + i, &low, sizeof low);                                                     \
      __builtin_memcpy(out + i + 8, &high, sizeof high);                                               \
    }                                                                                                  \
    if (i < count) {                                                                                   \
      uint8_t rest[bytes] = {0};                                                                       \
      __builtin_memcpy(rest, p + i * (bytes / 16), (size_t)((count - i) * (bytes / 16)));              \
      f32x16 v = CK_LOAD_16(type, rest, bytes / 16);                                                                \
      f64x8 wide[2] = {CK(low)(v), CK(high)(v)};                                                       \
      __builtin_memcpy(out + i, wide, (size_t)(count - i) * sizeof *out);                              \
    }                                                                                                  \
  }

CK_WIDEN(f32, 64)
CK_WIDEN(f16, 32)
CK_WIDEN(bf16, 32)

#undef CK_WIDEN

// One byte: an integer, or a minifloat whose exponent and fraction, moved into place, are the number times a power of 2.
static void CK(widen_bytes)(int type, const uint8_t *p, int64_t count, float *out) {
  static const int shifts[] = {0, 0, 20, 21, 20, 21};
  static const float scales[] = {0, 0, 0x1p120f, 0x1p112f, 0x1p119f, 0x1p111f};
  const int shift = shifts[type];
  const float scale = scales[type];
  // Magnitudes from here on are NaN or infinite; for FNUZ, only the code of −0 is a NaN.
  const int special = type == CK_E4M3 ? 0x7f : type == CK_E5M2 ? 0x7c : 0x80;
  const int is_fnuz = type == CK_E4M3_FNUZ || type == CK_E5M2_FNUZ;
  for (int64_t i = 0; i < count; i += 16) {
    const int64_t length = count - i < 16 ? count - i : 16;
    u8x16 codes = {0};
    if (length == 16) {
      __builtin_memcpy(&codes, p + i, 16);
    } else {
      __builtin_memcpy(&codes, p + i, (size_t)length);
    }
    f32x16 v;
    if (type == CK_U8) {
      v = __builtin_convertvector(codes, f32x16);
    } else if (type == CK_I8) {
      v = __builtin_convertvector((i8x16)codes, f32x16);
    } else {
      i32x16 c = __builtin_convertvector(codes, i32x16), magnitude = c & 0x7f;
      i32x16 bits = (i32x16)((f32x16)(magnitude << shift) * scale) | ((c & 0x80) << 24);
      // The fraction bits of a special code are kept: an infinity of E5M2 has none, and in E4M3 all are set.
      bits |= (magnitude >= special) & 0x7f800000;
      if (is_fnuz) bits |= (c == 0x80) & 0x7fc00000;
      v = (f32x16)bits;
    }
    if (length == 16) {
      __builtin_memcpy(out + i, &v, 64);
    } else {
      __builtin_memcpy(out + i, &v, (size_t)length * sizeof *out);
    }
  }
}
