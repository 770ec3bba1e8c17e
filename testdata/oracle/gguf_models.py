"""Writes GGUF files as llama.cpp's converter would: testdata/gguf/aurora-Q8_0.gguf and the two parts of aurora-Q4_0, aurora with quantised
matrices where rows are whole blocks and F16 where they are not, and testdata/fuzz/gguf, small files to begin fuzzing with.

Quantisation, names and the file are the reference's (PyPI gguf 0.19.0); q and k are permuted as its converter does.

PYTHONPATH=/tmp/pygguf python3 testdata/oracle/gguf_models.py
"""
import os

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import GGUFWriter, quants
from gguf.constants import MODEL_ARCH
from gguf.tensor_mapping import get_tensor_name_map

import gguf_blocks
from weights import read_folder

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.dirname(HERE)
HEAD, LAYERS = 16, 4


def permuted(rows):
    """Rows of heads in the order of Hugging Face as interleaved pairs."""
    return rows.reshape(-1, 2, HEAD // 2, rows.shape[-1]).swapaxes(1, 2).reshape(rows.shape)


def described(path):
    """A file with the keys of aurora."""
    writer = GGUFWriter(path, "llama")
    writer.add_name("Aurora")
    writer.add_block_count(LAYERS)
    writer.add_embedding_length(64)
    writer.add_feed_forward_length(176)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_dimension_count(HEAD)
    writer.add_context_length(256)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(512)
    writer.add_token_list([f"token {i}" for i in range(512)])
    return writer


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add(writer, name, values, kind):
    if values.ndim == 1:
        writer.add_tensor(name, values.astype(np.float32))
    elif values.shape[-1] % 32:
        writer.add_tensor(name, values.astype(np.float16))
    else:
        writer.add_tensor(name, quants.quantize(values.astype(np.float32), kind), raw_dtype=kind)


def model():
    """Aurora's tensors by their GGUF names."""
    names = get_tensor_name_map(MODEL_ARCH.LLAMA, LAYERS)
    found = {}
    for name, values in read_folder(os.path.join(DATA, "aurora")).items():
        values = np.asarray(values, np.float32)
        if "q_proj" in name or "k_proj" in name:
            values = permuted(values)
        found[names.get_name(name, try_suffixes=(".weight",))] = values
    return found


def main():
    tensors = model()
    writer = described(os.path.join(DATA, "gguf", "aurora-Q8_0.gguf"))
    for name, values in tensors.items():
        add(writer, name, values, T.Q8_0)
    close(writer)
    halves = list(tensors.items())
    for part, some in enumerate([halves[:20], halves[20:]]):
        path = os.path.join(DATA, "gguf", f"aurora-Q4_0-0000{part + 1}-of-00002.gguf")
        writer = described(path) if part == 0 else GGUFWriter(path, "llama")
        writer.add_uint16("split.no", part)
        writer.add_uint16("split.count", 2)
        writer.add_int32("split.tensors.count", len(tensors))
        for name, values in some:
            add(writer, name, values, T.Q4_0)
        close(writer)
    seeds()


def seeds():
    out = os.path.join(DATA, "fuzz", "gguf")
    os.makedirs(out, exist_ok=True)
    rng = np.random.default_rng(1)
    writer = GGUFWriter(os.path.join(out, "blocks"), "llama")
    writer.add_array("numbers", [1, 2, 3])
    writer.add_float32("float", 0.5)
    writer.add_bool("bool", True)
    for name, (_, size, _) in gguf_blocks.FORMATS.items():
        if name != "Q8_1":
            writer.add_tensor(name, rng.integers(0, 256, (1, size), dtype=np.uint8), raw_dtype=T[name])
    close(writer)
    writer = GGUFWriter(os.path.join(out, "llama"), "llama")
    writer.add_head_count(2)
    writer.add_block_count(1)
    for name, shape in [("token_embd", (8, 32)), ("output_norm", (32,)), ("blk.0.attn_norm", (32,)), ("blk.0.ffn_norm", (32,)),
                        ("blk.0.attn_q", (32, 32)), ("blk.0.attn_k", (16, 32)), ("blk.0.attn_v", (16, 32)), ("blk.0.attn_output", (32, 32)),
                        ("blk.0.ffn_gate", (8, 32)), ("blk.0.ffn_up", (8, 32)), ("blk.0.ffn_down", (32, 8))]:
        add(writer, name + ".weight", rng.normal(0, 1, shape), T.Q4_0)
    close(writer)


if __name__ == "__main__":
    main()
