// Sixteen lanes: the vector types, loads and reductions that the kernels are written in. Included once for every
// instruction set, inside its target attribute; CK(name) gives each copy its own name.

// The vector that fits in few registers of the instruction set: all 16 lanes, or one half at a time.
#if CK_HALVES == 1
typedef f32x16 CK(vec);
typedef i32x16 CK(ivec);
typedef u32x16 CK(uvec);
typedef u16x16 CK(narrow);
typedef f16x16 CK(halves);
#else
typedef f32x8 CK(vec);
typedef i32x8 CK(ivec);
typedef u32x8 CK(uvec);
typedef u16x8 CK(narrow);
typedef f16x8 CK(halves);
#endif

// Loads one vector of stored numbers, at any alignment.
CK_INLINE CK(vec) CK(load_f32)(const uint8_t *p) {
  CK(vec) v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// bf16 is the upper half of an f32.
CK_INLINE CK(vec) CK(load_bf16)(const uint8_t *p) {
  CK(narrow) v;
  __builtin_memcpy(&v, p, sizeof v);
  return (CK(vec))(__builtin_convertvector(v, CK(uvec)) << 16);
}

// Loads two vectors of bf16: the numbers with even index, then those with odd index.
CK_INLINE void CK(load_bf16_apart)(const uint8_t *p, CK(vec) v[2]) {
  CK(uvec) both;
  __builtin_memcpy(&both, p, sizeof both);
  v[0] = (CK(vec))(both << 16), v[1] = (CK(vec))(both & 0xffff0000u);
}

CK_INLINE CK(vec) CK(load_f16)(const uint8_t *p) {
#if CK_HAS_F16
  CK(halves) v;
  __builtin_memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, CK(vec));
#else
  // Exponent and fraction, moved into place, are exactly the number times 2^-112, also for subnormals. Results above the
  // largest finite f16 times 2^-112 are infinities and NaN, and get the largest exponent.
  CK(narrow) v;
  __builtin_memcpy(&v, p, sizeof v);
  CK(uvec) h = __builtin_convertvector(v, CK(uvec));
  CK(uvec) magnitude = (h & 0x7fff) << 13;
  CK(uvec) special = (CK(uvec))((CK(ivec))magnitude >= 0x0f800000);
  CK(uvec) bits = (CK(uvec))((CK(vec))magnitude * 0x1p112f) | (special & 0x7f800000u);
  return (CK(vec))(bits | ((h & 0x8000) << 16));
#endif
}

// All 16 lanes of 16 numbers of `bytes` bytes.
#if CK_HALVES == 1
#define CK_LOAD_16(type, p, bytes) CK(load_##type)(p)
#else
#define CK_LOAD_16(type, p, bytes)                                                                  \
  __builtin_shufflevector(CK(load_##type)(p), CK(load_##type)((p) + 8 * (bytes)), 0, 1, 2, 3, 4, 5, \
                          6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#endif

CK_INLINE f64x8 CK(low)(f32x16 v) {
  return __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), f64x8);
}

CK_INLINE f64x8 CK(high)(f32x16 v) {
  return __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), f64x8);
}

// Sum of 16 lanes in two halves, by halves: ((0+8)+(4+12))+((2+10)+(6+14)) + the odd ones.
CK_INLINE double CK(total)(f64x8 low, f64x8 high) {
  f64x8 v = low + high;
  f64x4 h = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
  return (h[0] + h[2]) + (h[1] + h[3]);
}

// Total of the counts of one block, which fits 32 bits.
CK_INLINE int64_t CK(total_i32)(i32x16 v) { return __builtin_reduce_add(v); }

CK_INLINE int64_t CK(total_i64)(i64x8 v) {
  int64_t total = 0;
  for (int i = 0; i < 8; i++) total += v[i];
  return total;
}
