// The largest magnitude of finite f32. Four vectors at a time: one after the other would wait for the result before it.
static float CK(largest_magnitude)(const float *values, int64_t count) {
  const int64_t lanes = 16 / CK_HALVES, step = 4 * lanes;
  CK(ivec) best[4] = {{0}};
  int64_t i = 0;
  for (; i + step <= count; i += step) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
      CK(ivec) v;
      __builtin_memcpy(&v, values + i + k * lanes, sizeof v);
      best[k] = __builtin_elementwise_max(best[k], v & 0x7fffffff);
    }
  }
  int32_t most = __builtin_reduce_max(
      __builtin_elementwise_max(__builtin_elementwise_max(best[0], best[1]), __builtin_elementwise_max(best[2], best[3])));
  for (; i < count; i++) {
    int32_t v;
    __builtin_memcpy(&v, values + i, sizeof v);
    v &= 0x7fffffff;
    if (v > most) most = v;
  }
  float largest;
  __builtin_memcpy(&largest, &most, sizeof largest);
  return largest;
}

// The highest number above zero of each row and each column of a row-major matrix, as bits; positive numbers have the same order
// as their bits. `mask` removes the sign or keeps it. `place` is the first column with the highest number of a row, −1 for none.
static void CK(highest)(
    const float *scores, int64_t rows, int64_t columns, int32_t mask, int32_t *row, int32_t *place, int32_t *column) {
  const int64_t lanes = 16 / CK_HALVES, whole = columns / lanes * lanes;
  for (int64_t j = 0; j < columns; j++) column[j] = 0;
  for (int64_t i = 0; i < rows; i++) {
    const float *values = scores + i * columns;
    CK(ivec) best = {0};
    for (int64_t j = 0; j < whole; j += lanes) {
      CK(ivec) v, c;
      __builtin_memcpy(&v, values + j, sizeof v);
      __builtin_memcpy(&c, column + j, sizeof c);
      v &= mask;
      best = __builtin_elementwise_max(best, v);
      c = __builtin_elementwise_max(c, v);
      __builtin_memcpy(column + j, &c, sizeof c);
    }
    int32_t most = __builtin_reduce_max(best);
    for (int64_t j = whole; j < columns; j++) {
      int32_t v;
      __builtin_memcpy(&v, values + j, sizeof v);
      v &= mask;
      if (v > most) most = v;
      if (v > column[j]) column[j] = v;
    }
    int32_t at = -1;
    int64_t j = 0;
    if (most > 0) {
      for (; j < whole; j += lanes) {
        CK(ivec) v;
        __builtin_memcpy(&v, values + j, sizeof v);
        if (__builtin_reduce_or((v & mask) == most)) break;
      }
      for (; at < 0 && j < columns; j++) {
        int32_t v;
        __builtin_memcpy(&v, values + j, sizeof v);
        if ((v & mask) == most) at = (int32_t)j;
      }
    }
    row[i] = most, place[i] = at;
  }
}
