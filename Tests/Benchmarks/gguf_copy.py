"""A GGUF file of a checkpoint that synthesise.py made, with its matrices in Q8_0 or Q4_K: python3 gguf_copy.py FOLDER OUT.gguf Q8_0|Q4_K

Rounds to nearest, without weights of importance; q and k rows are permuted as llama.cpp does. Needs numpy.
"""
import json
import os
import struct
import sys

import numpy as np

TYPES = {"F32": 0, "Q8_0": 8, "Q4_K": 12}
NAMES = {
    "model.embed_tokens": "token_embd", "lm_head": "output", "model.norm": "output_norm", "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
}
ALIGNMENT = 32


def q8_0(values):
    """[n, 32] as blocks of an f16 scale and 32 bytes."""
    scale = (np.abs(values).max(1) / 127).astype(np.float16)
    codes = np.rint(values / np.maximum(scale.astype(np.float32), 1e-12)[:, None]).clip(-127, 127).astype(np.int8)
    return np.concatenate([scale[:, None].view(np.uint8), codes.view(np.uint8)], 1)


def q4_k(values):
    """[n, 256] as blocks of two f16, twelve bytes with eight scales and minima of six bits, and 128 bytes of codes."""
    parts = values.reshape(-1, 8, 32)
    low = np.minimum(parts.min(2), 0)
    step = (parts.max(2) - low) / 15
    d, dmin = (step.max(1) / 63).astype(np.float16), (-low.min(1) / 63).astype(np.float16)
    wide = [np.maximum(x.astype(np.float32), 1e-12)[:, None] for x in (d, dmin)]
    scales, minima = np.rint(step / wide[0]).astype(np.uint8), np.rint(-low / wide[1]).astype(np.uint8)
    size, offset = (wide[0] * scales)[..., None], (wide[1] * minima)[..., None]
    codes = np.rint((parts + offset) / np.maximum(size, 1e-12)).clip(0, 15).astype(np.uint8)
    packed = np.empty((len(parts), 12), np.uint8)
    packed[:, :4] = scales[:, :4] | (scales[:, 4:] >> 4) << 6
    packed[:, 4:8] = minima[:, :4] | (minima[:, 4:] >> 4) << 6
    packed[:, 8:] = scales[:, 4:] & 15 | (minima[:, 4:] & 15) << 4
    nibbles = (codes[:, 0::2] | codes[:, 1::2] << 4).reshape(len(parts), 128)
    return np.concatenate([d[:, None].view(np.uint8), dmin[:, None].view(np.uint8), packed, nibbles], 1)


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def main():
    folder, out, kind = sys.argv[1:]
    numbers, block_bytes, encode = {"Q8_0": (32, 34, q8_0), "Q4_K": (256, 144, q4_k)}[kind]
    config = json.load(open(os.path.join(folder, "config.json")))
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    tensors = []
    for file in sorted(name for name in os.listdir(folder) if name.endswith(".safetensors")):
        path = os.path.join(folder, file)
        with open(path, "rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(length))
        for name, entry in header.items():
            if name != "__metadata__":
                tensors.append((name, entry["shape"], path, 8 + length + entry["data_offsets"][0]))
    keys = {
        "block_count": config["num_hidden_layers"], "embedding_length": config["hidden_size"],
        "feed_forward_length": config["intermediate_size"], "attention.head_count": heads, "attention.head_count_kv": groups}
    head = struct.pack("<IIQQ", 0x46554747, 3, len(tensors), len(keys) + 1)
    head += text("general.architecture") + struct.pack("<I", 8) + text("llama")
    for key, value in keys.items():
        head += text("llama." + key) + struct.pack("<II", 4, value)
    at, plans = 0, []
    for name, shape, path, offset in tensors:
        stem = name.removesuffix(".weight")
        if stem.startswith("model.layers."):
            _, _, layer, rest = stem.split(".", 3)
            named = f"blk.{layer}.{NAMES[rest]}.weight"
        else:
            named = NAMES[stem] + ".weight"
        stored = kind if len(shape) == 2 else "F32"
        size = int(np.prod(shape)) // numbers * block_bytes if stored == kind else 4 * shape[0]
        head += text(named) + struct.pack("<I", len(shape)) + b"".join(struct.pack("<Q", n) for n in shape[::-1])
        head += struct.pack("<IQ", TYPES[stored], at)
        plans.append((stem, shape, path, offset, stored))
        at += size + -size % ALIGNMENT
    with open(out + ".part", "wb") as file:
        file.write(head + bytes(-len(head) % ALIGNMENT))
        for stem, shape, path, offset, stored in plans:
            words = np.fromfile(path, "<u2", int(np.prod(shape)), offset=offset)
            values = (words.astype(np.uint32) << 16).view(np.float32)
            if stem.endswith(("q_proj", "k_proj")):
                count = heads if stem.endswith("q_proj") else groups
                # The two halves of each head in turns.
                values = values.reshape(count, 2, -1, shape[1]).swapaxes(1, 2).ravel()
            data = values.tobytes() if stored == "F32" else encode(values.reshape(-1, numbers)).tobytes()
            file.write(data + bytes(-len(data) % ALIGNMENT))
    os.rename(out + ".part", out)


main()
