"""Writes testdata/gguf/blocks.gguf and, with --tables, Sources/CKernels/block_tables.h.

The file is written by the reference's writer (PyPI gguf 0.19.0) and holds a tensor of random blocks for every block format, and beside
each, under the same name with ".f32", the numbers that the reference decodes it to. Q8_1, Q8_K and Q1_0 have no decoder there: their
formulas are written out below. The tables are the lattice points of the IQ formats as the reference publishes them, two bits (IQ1, IQ2)
or four (IQ3) for each coordinate.

python3 -m pip install --target /tmp/pygguf gguf==0.19.0
PYTHONPATH=/tmp/pygguf python3 testdata/oracle/gguf_blocks.py [--tables]
"""
import os
import sys

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import GGUFWriter, quants

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OUT = os.path.join(os.path.dirname(HERE), "gguf")
SEED = 17

# Name, numbers and bytes of a block, and where its f16 scales are. A random f16 is infinite or no number in one case of 32; the first
# blocks of a format have scales that are not, the last one keeps what the generator gave.
FORMATS = {
    "Q4_0": (32, 18, [0]), "Q4_1": (32, 20, [0, 2]), "Q5_0": (32, 22, [0]), "Q5_1": (32, 24, [0, 2]), "Q8_0": (32, 34, [0]),
    "Q8_1": (32, 36, [0, 2]), "Q2_K": (256, 84, [80, 82]), "Q3_K": (256, 110, [108]), "Q4_K": (256, 144, [0, 2]),
    "Q5_K": (256, 176, [0, 2]), "Q6_K": (256, 210, [208]), "Q8_K": (256, 292, []), "IQ2_XXS": (256, 66, [0]), "IQ2_XS": (256, 74, [0]),
    "IQ2_S": (256, 82, [0]), "IQ3_XXS": (256, 98, [0]), "IQ3_S": (256, 110, [0]), "IQ1_S": (256, 50, [0]), "IQ1_M": (256, 56, []),
    "IQ4_NL": (32, 18, [0]), "IQ4_XS": (256, 136, [0]), "TQ1_0": (256, 54, [52]), "TQ2_0": (256, 66, [64]), "MXFP4": (32, 17, []),
    "NVFP4": (64, 36, []), "Q1_0": (128, 18, [0]),
}


def decoded(name, blocks):
    """The numbers of `blocks`, an array of one block per row."""
    half = lambda at: blocks[:, at:at + 2].copy().view(np.float16).astype(np.float32)
    if name == "Q8_1":
        return half(0) * blocks[:, 4:].view(np.int8).astype(np.float32)
    if name == "Q8_K":
        return blocks[:, :4].copy().view(np.float32) * blocks[:, 4:260].view(np.int8).astype(np.float32)
    if name == "Q1_0":
        return half(0) * (2 * np.unpackbits(blocks[:, 2:], axis=1, bitorder="little").astype(np.float32) - 1)
    with np.errstate(all="ignore"):
        return quants.dequantize(blocks, T[name])


def random_blocks(rng, name):
    numbers, size, halves = FORMATS[name]
    count = max(2, 1024 // numbers)
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    for at in halves:
        # Normal numbers of both signs, and subnormal ones in block 1.
        scale = rng.normal(0, 0.05, count).astype(np.float16)
        scale[1] = np.float16(3e-6)
        scale[-1] = blocks[-1, at:at + 2].copy().view(np.float16)[0]
        blocks[:, at:at + 2] = scale[:, None].view(np.uint8)
    if name == "Q8_K":
        blocks[:, :4] = rng.normal(0, 0.05, (count, 1)).astype(np.float32).view(np.uint8)
    if name == "IQ1_M":
        # The four bits of the f16 in the highest bits of four words.
        words = blocks[:, 48:].copy().view(np.uint16) & 0x0FFF
        bits = rng.normal(0, 0.05, count).astype(np.float16).view(np.uint16)
        words |= ((bits[:, None] >> np.array([0, 4, 8, 12], np.uint16)) & 15) << 12
        blocks[:, 48:] = words.view(np.uint8)
    if name == "MXFP4":
        blocks[:, 0] = np.resize(np.array([0, 1, 2, 120, 127, 130, 200, 254, 255], np.uint8), count)
    if name == "NVFP4":
        blocks[0, :4], blocks[1, :4] = [0, 1, 0x7F, 0x7E], [0x80, 0x87, 0xFF, 0x08]
    return blocks


def write():
    rng = np.random.default_rng(SEED)
    os.makedirs(OUT, exist_ok=True)
    writer = GGUFWriter(os.path.join(OUT, "blocks.gguf"), "llama")
    writer.add_name("random blocks")
    writer.add_uint32("oracle.seed", SEED)
    writer.add_array("oracle.formats", list(FORMATS))
    for name, (numbers, _, _) in FORMATS.items():
        blocks = random_blocks(rng, name)
        # Two rows.
        values = decoded(name, blocks).astype(np.float32).reshape(2, -1)
        raw = blocks.reshape(2, -1)
        if name == "Q8_1":
            # The reference's table of sizes still has the f32 of 2023 for it; the library has two f16.
            import gguf.constants
            gguf.constants.GGML_QUANT_SIZES[T.Q8_1] = (32, 36)
        writer.add_tensor(name, raw, raw_dtype=T[name])
        writer.add_tensor(name + ".f32", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def packed(kind, bits):
    """The points of a lattice as codes."""
    kind.init_grid()
    grid = kind.grid.reshape(kind.grid_shape)
    digits = np.searchsorted(np.array(kind.grid_map, np.float32), grid).astype(np.uint32)
    return (digits << (bits * np.arange(grid.shape[1], dtype=np.uint32))).sum(axis=1)


def tables():
    parts = [
        "// The points of the lattices of the IQ formats and the values of codes of four bits. Written by testdata/oracle/gguf_blocks.py;\n"
        "// the numbers are those of the format (ggml, PyPI gguf 0.19.0). Two bits for each of eight coordinates in IQ1 and IQ2, four for each\n"
        "// of four in IQ3, the first coordinate in the lowest bits.\n\n#include <stdint.h>\n"
    ]
    for name, kind, bits in [
        ("ck_iq2_xxs_points", quants.IQ2_XXS, 2), ("ck_iq2_xs_points", quants.IQ2_XS, 2), ("ck_iq2_s_points", quants.IQ2_S, 2),
        ("ck_iq3_xxs_points", quants.IQ3_XXS, 4), ("ck_iq3_s_points", quants.IQ3_S, 4), ("ck_iq1_points", quants.IQ1_S, 2),
    ]:
        codes = packed(kind, bits)
        rows = [", ".join(f"0x{code:04x}" for code in codes[i:i + 16]) for i in range(0, len(codes), 16)]
        parts.append(f"\nstatic const uint16_t {name}[{len(codes)}] = {{\n    " + ",\n    ".join(rows) + ",\n};\n")
    for name, values in [("ck_iq4_values", quants.IQ4_NL.kvalues), ("ck_e2m1_doubled", quants.MXFP4.kvalues)]:
        parts.append(f"\nstatic const int8_t {name}[16] = {{" + ", ".join(map(str, values)) + "};\n")
    with open(os.path.join(ROOT, "Sources", "CKernels", "block_tables.h"), "w") as file:
        file.write("".join(parts))


if __name__ == "__main__":
    write()
    if "--tables" in sys.argv:
        tables()
