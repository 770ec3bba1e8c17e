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
