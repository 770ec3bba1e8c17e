// What libFuzzer offers to a mutator.
#include <stddef.h>
#include <stdint.h>

// Mutates `size` bytes in place, to at most `most`; returns how many they are then.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
