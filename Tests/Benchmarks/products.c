// Speed of OpenBLAS' sgemm at a size, in GFLOP/s, on all cores: `products M N K [REPEATS]` prints the best and the median.
// C = A Bᵀ with A [M, K] and B [N, K], both row-major, as in a matrix of layers against layers.
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *values(size_t count) {
  float *out = malloc(count * sizeof *out);
  unsigned state = 1;
  for (size_t i = 0; out && i < count; i++) out[i] = (float)((state = state * 1664525u + 1013904223u) >> 8) / 16777216.0f - 0.5f;
  return out;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **arguments) {
  if (count < 4) return fprintf(stderr, "usage: products M N K [REPEATS]\n"), 64;
  int m = atoi(arguments[1]), n = atoi(arguments[2]), k = atoi(arguments[3]), repeats = count > 4 ? atoi(arguments[4]) : 9;
  float *a = values((size_t)m * k), *b = values((size_t)n * k), *c = values((size_t)m * n);
  double *seconds = malloc((size_t)(repeats > 0 ? repeats : 1) * sizeof *seconds), work = 2.0 * m * n * k;
  if (!a || !b || !c || !seconds || repeats < 1) return fprintf(stderr, "products: no memory\n"), 74;
  // Small products are timed in batches of at least about 20 ms.
  int batch = (int)(1 + 4e9 / work);
  for (int i = -1; i < repeats; i++) {
    double start = now();
    for (int j = 0; j < batch; j++) cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, a, k, b, k, 0, c, n);
    if (i >= 0) seconds[i] = (now() - start) / batch;
  }
  qsort(seconds, (size_t)repeats, sizeof *seconds, ascending);
  printf("%.2f %.2f\n", work / seconds[0] * 1e-9, work / seconds[repeats / 2] * 1e-9);
  return 0;
}
