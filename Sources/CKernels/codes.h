// Codes of a few bits to f32, and their scales. Included once for every instruction set.
//
// Two passes; the data of the second are still in the nearest cache. Nanoseconds per number, from memory into the caches, one
// core of an AMD EPYC (Tests/Benchmarks/decoding.c, undisturbed; AVX-512 and AVX2 alike where there is one figure): int4 and
// int3 rows in groups of 32 0.19, NVFP4 0.26, nf4 0.22, E4M3 in blocks of 128 0.25 (AVX2 0.48), int8 0.18. Whole comparisons
// with bf16, one thread, took 0.50 to 0.94 where two bf16 took 0.33.

// Eight codes of `bits` ≤ 8 from the low end of a word on: two times four, of up to 32 bits each.
CK_INLINE u32x8 CK(codes_8)(uint64_t word, int bits) {
  const uint32_t b = (uint32_t)bits, low = (uint32_t)word, high = (uint32_t)(word >> (4 * bits));
  const u32x8 shifts = {0, b, 2 * b, 3 * b, 0, b, 2 * b, 3 * b};
  const u32x8 both = {low, low, low, low, high, high, high, high};
  return (both >> shifts) & ((1u << b) - 1);
}

// A little-endian stream of codes as numbers, from code `first` on. Eight codes fill `bits` bytes, so every step begins at
// the same bit of a byte.
CK_INLINE void CK(stream_of)(const int bits, const uint8_t *bytes, int64_t size, int64_t first, int64_t count, float *out) {
  const int phase = (int)(first * bits & 7);
  const uint8_t *p = bytes + (first * bits >> 3), *end = bytes + size;
  for (int64_t i = 0; i < count; i += 8, p += bits) {
    uint64_t word = 0;
    if (end - p >= 8) {
      __builtin_memcpy(&word, p, 8);
    } else {
      __builtin_memcpy(&word, p, (size_t)(end - p));
    }
    f32x8 v = __builtin_convertvector((i32x8)CK(codes_8)(word >> phase, bits), f32x8);
    if (count - i >= 8) {
      __builtin_memcpy(out + i, &v, sizeof v);
    } else {
      __builtin_memcpy(out + i, &v, (size_t)(count - i) * sizeof *out);
    }
  }
}

static void CK(stream)(int bits, const uint8_t *bytes, int64_t size, int64_t first, int64_t count, float *out) {
  switch (bits) {
    case 2: CK(stream_of)(2, bytes, size, first, count, out); break;
    case 3: CK(stream_of)(3, bytes, size, first, count, out); break;
    case 4: CK(stream_of)(4, bytes, size, first, count, out); break;
    case 8: CK(stream_of)(8, bytes, size, first, count, out); break;
    default: CK(stream_of)(bits, bytes, size, first, count, out);
  }
}

// (value − zero) · scale, with zero and scale of the group that contains index `first` + i of a row. Both differences of codes
// are exact, so a number is rounded once.
static void CK(scale_groups)(
    float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *zeros) {
  int64_t within = first % group;
  for (int64_t i = 0, k = 0; i < count; k++) {
    const int64_t end = count - i < group - within ? count : i + group - within;
    const float scale = scales[k], zero = zeros ? zeros[k] : 0;
    for (; i + 16 <= end; i += 16) {
      f32x16 v;
      __builtin_memcpy(&v, values + i, sizeof v);
      v = (v - zero) * scale;
      __builtin_memcpy(values + i, &v, sizeof v);
    }
    for (; i < end; i++) values[i] = (values[i] - zero) * scale;
    within = 0;
  }
}

// value · scale + offset, with scale and offset of the group that contains index `first` + i of a row. The product of a code of 8
// bits and a scale of 16 bits is exact, so a number is rounded once; with a scale of f32 it is rounded twice.
static void CK(affine_groups)(
    float *values, int64_t count, int64_t first, int64_t group, const float *scales, const float *offsets) {
  int64_t within = first % group;
  for (int64_t i = 0, k = 0; i < count; k++) {
    const int64_t end = count - i < group - within ? count : i + group - within;
    const float scale = scales[k], offset = offsets[k];
    for (; i + 16 <= end; i += 16) {
      f32x16 v;
      __builtin_memcpy(&v, values + i, sizeof v);
      v = v * scale + offset;
      __builtin_memcpy(values + i, &v, sizeof v);
    }
    for (; i < end; i++) values[i] = values[i] * scale + offset;
    within = 0;
  }
}
