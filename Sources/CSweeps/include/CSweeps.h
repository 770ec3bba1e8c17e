// The inner loops of a search of a catalogue, which run once for each known model: for popcounts and products of bytes, compiled for AVX2
// too, and chosen once at run time. All sums are of integers, so every machine gives the same bits.
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

// The sum of the products of `count` ≤ 65,536 bytes with signs.
int32_t sweep_product(const int8_t *a, const int8_t *b, size_t count);

#endif
