// The inner loops of a search of a catalogue, which run once for each known model, and of a map, which run once for each pair of them: popcounts
// and products of bytes, compiled for AVX2 too, and chosen once at run time. All sums are of integers, so every machine gives the same bits.
#ifndef UNMASK_CSWEEPS_H
#define UNMASK_CSWEEPS_H

#include <stddef.h>
#include <stdint.h>

// Layers of a part at most.
enum { SWEEP_LAYERS = 240 };

// Signs of a part: for each layer a bit for each slot of 16 signs that is filled, and two words of four slots.
typedef struct {
  size_t layers;
  uint8_t slots[SWEEP_LAYERS];
  uint64_t words[2][SWEEP_LAYERS];
} sweep_signs;

// Reads the signs of `layers` ≤ SWEEP_LAYERS records of 17 bytes: slots, then both words, low bytes first.
void sweep_read_signs(const uint8_t *records, size_t layers, sweep_signs *signs);

// How much more alike two parts are than by chance, in standard deviations of coins: of layers in one order, at any distance (`in_order`), and
// the mean over the layers of `own` of each one's best counterpart (`best`), of which there are `counted`. O(layers²), 1 ns for a pair of layers.
typedef struct {
  double in_order, best;
  size_t counted;
} sweep_likeness;
sweep_likeness sweep_compare_signs(const sweep_signs *own, const sweep_signs *known);

// The signs of `parts` parts: of part p the layers starts[p] ..< starts[p + 1], for each the slots and two words beside each other; and the
// slots that all its layers have, 0 if they differ.
typedef struct {
  size_t parts;
  const uint32_t *starts;
  const uint8_t *slots, *uniform;
  const uint64_t *words;
} sweep_table;

// For each part of a table, how much more alike one of them, `own`, is to it than by chance, in standard deviations of coins: the layers at
// equal distances from the first, or from the last one; all of them, the first half or the second half, whichever is most. At least 0. O(layers).
void sweep_align_all(const sweep_table *table, size_t own, double *scores);

// The signs of the layers of a part: for each layer and slot the place of its 16 words of 32 signs; -1 for a slot that is not filled.
typedef struct {
  size_t slots;
  const int32_t *places;
  const uint32_t *words;
} sweep_layers;

// Differing signs of the rows first, first + step, … of layer i of one part and of layer j of another one, over all slots that both fill. Returns
// the number of these slots.
size_t sweep_differing(const sweep_layers *own, size_t i, const sweep_layers *known, size_t j, size_t first, size_t step, int32_t *different);

// The same of each of these rows with the one that is s rows further, cyclically, for every s: 16 / step sums.
size_t sweep_shifted(const sweep_layers *own, size_t i, const sweep_layers *known, size_t j, size_t first, size_t step, int32_t *different);

// The sum of the products of `count` ≤ 65,536 bytes with signs.
int32_t sweep_product(const int8_t *a, const int8_t *b, size_t count);

// The same of `a` with each of `rows` rows of `b`.
void sweep_products(const int8_t *a, const int8_t *b, size_t count, size_t rows, int32_t *products);

#endif
