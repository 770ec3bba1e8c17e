"""Models that are as large as a hostile file can make them, and what `unmask inspect` takes for each: time and memory. Some are also
compared, at the depth `standard`, with another of their kind that has other numbers, which is what takes longest.

    python3 hostile_sizes.py UNMASK [NAME…]

Prints one line a command: exit code, seconds of the processor (all threads), MB at most. Exits with 1 when `inspect` takes over 20 s,
`compare` over 300 s, one of them over 3 GB, or ends otherwise than it should.
Needs no package; writes below the system's temporary folder, 100 MB at a time.
"""
import json
import math
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import threading
import time

LIMIT = 100_000_000


def file(header, data=0, name="model.safetensors"):
    """One file of a folder, by its name: its first bytes, and how many follow."""
    return {name: (struct.pack("<Q", len(header)) + header, data)}


def entries(names, shape="[0]", size=0):
    members = (f'"{n}":{{"dtype":"U8","shape":{shape},"data_offsets":[{i * size},{(i + 1) * size}]}}' for i, n in enumerate(names))
    return "{" + ",".join(members) + "}"


def shuffled(count):
    """The numbers below `count` in an order that no one would sort by: a step that has no factor in common with it."""
    step = 7_368_787
    return [(i * step) % count for i in range(count)]


def index(places):
    return {"model.safetensors.index.json": (json.dumps({"weight_map": places}).encode(), 0)}


def entries_of(count, shards):
    return {f"model.layers.{i}.w": f"model-{i % shards:05d}.safetensors" for i in range(count)}


def index_and_shard(count):
    places = entries_of(count, 1)
    return index(places) | file(entries(places).encode(), name="model-00000.safetensors")


LAYER = {
    "self_attn.q_proj": [4, 4], "self_attn.k_proj": [2, 4], "self_attn.v_proj": [2, 4], "self_attn.o_proj": [4, 4], "mlp.gate_proj": [8, 4],
    "mlp.up_proj": [8, 4], "mlp.down_proj": [4, 8], "input_layernorm": [4], "post_attention_layernorm": [4],
}


def stored(shapes, shards=1):
    """Weights of these names and shapes in BF16, in files of as many each, with an index."""
    names = list(shapes)
    each = -(-len(names) // shards)
    files, places = {}, {}
    for first in range(0, len(names), each):
        called = f"model-{len(files) + 1:05d}-of-{shards:05d}.safetensors"
        members, offset = [], 0
        for name in names[first:first + each]:
            size = 2 * math.prod(shapes[name])
            members.append(f'"{name}":{{"dtype":"BF16","shape":{shapes[name]},"data_offsets":[{offset},{offset + size}]}}')
            places[name] = called
            offset += size
        files |= file(("{" + ",".join(members) + "}").encode(), offset, called)
    return files | index(places)


def weights(name, shards=1, layers=22_222, times=1):
    """Weights of a Llama of so many layers, `times` as wide as those of LAYER, named by `name(layer, part, number)`."""
    parts = [(layer, part, [n * times for n in shape]) for layer in range(layers) for part, shape in LAYER.items()]
    return stored({name(layer, part, number): shape for number, (layer, part, shape) in enumerate(parts)}, shards)


def experts(count):
    """A layer with so many experts."""
    shapes = {"model.layers.0.mlp.gate.weight": [count, 16]}
    for expert in range(count):
        for part in ["gate_proj", "up_proj", "down_proj"]:
            shapes[f"model.layers.0.mlp.experts.{expert}.{part}.weight"] = [16, 16]
    return stored(shapes)


def named(layer, part, number):
    return f"model.layers.{layer}.{part}.weight"


def unnamed(layer, part, number):
    return f"zz.blk.{layer}.{'abcdefghi'[list(LAYER).index(part)]}.weight"


def without_pattern(layer, part, number):
    rng = random.Random(number)
    return "".join(rng.choice("abcdefghij._") for _ in range(20)) + str(number)


# Name → (what it is, the exit code, how to make its files).
CASES = {
    "full-header": ("a header of 100,000,000 bytes, nearly all padding", 0, lambda: file(entries(["a"]).encode().ljust(LIMIT))),
    "too-long-header": ("a header of one byte more", 65, lambda: file(b"{}".ljust(LIMIT + 1))),
    "tensors": ("1,200,000 tensors, sorted", 0, lambda: file(entries([f"layers.{i:07d}.w" for i in range(1_200_000)]).encode())),
    "shuffled": ("1,200,000 tensors, shuffled", 0, lambda: file(entries([f"layers.{i:07d}.w" for i in shuffled(1_200_000)]).encode())),
    "layers": ("1,000,000 layers", 0, lambda: file(entries([f"model.layers.{i}.mlp.up_proj.weight" for i in range(1_000_000)]).encode())),
    "repeated": ("1,200,000 entries of one name", 0, lambda: file(("{" + ",".join(['"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'] * 1_200_000) + "}").encode())),
    "metadata": ("8,000,000 keys of metadata, shuffled", 0, lambda: file(('{"__metadata__":{' + ",".join(f'"{i:x}":""' for i in shuffled(8_000_000)) + "}}").encode())),
    "name": ("a name of 1,000,000 bytes among 1,000 short ones", 0, lambda: file(entries(["x" * 1_000_000] + [f"n{i}" for i in range(1000)]).encode())),
    "names": ("90 names of 1,000,000 bytes", 0, lambda: file(entries([str(i) + "x" * 1_000_000 for i in range(90)]).encode())),
    "rank": ("a tensor of rank 300", 0, lambda: file(entries(["a"], "[" + ",".join(["1"] * 300) + "]", 1).encode(), 1)),
    "ranks": ("a tensor of rank 40,000,000", 0, lambda: file(entries(["a"], "[" + ",".join(["1"] * 40_000_000) + "]", 1).encode(), 1)),
    "deep": ("JSON 45,000,000 deep", 65, lambda: file(('{"a":' + "[" * 45_000_000).encode())),
    "escapes": ("a name of 16,000,000 escapes", 0, lambda: file(entries(["\\u0041" * 16_000_000]).encode())),
    "digits": ("a number of 90,000,000 digits", 65, lambda: file(entries(["a"], "[" + "9" * 90_000_000 + "]").encode())),
    "weights": ("200,000 weights of a Llama", 0, lambda: weights(named)),
    "weights-shards": ("the same in 4,000 files", 0, lambda: weights(named, 4_000)),
    "weights-unnamed-shards": ("the same in 4,000 files, under names that nobody knows", 0, lambda: weights(unnamed, 4_000)),
    "weights-unnamed": ("the same under names that nobody knows", 0, lambda: weights(unnamed)),
    "weights-flat": ("the same, numbered", 0, lambda: weights(lambda layer, part, number: f"t{number:06d}")),
    "weights-noise": ("the same under names without a pattern", 0, lambda: weights(without_pattern)),
    "experts": ("a layer of 60,000 experts", 0, lambda: experts(60_000)),
    "depth": ("1,024 layers of 32 channels", 0, lambda: weights(named, layers=1_024, times=8)),
    "depth-unnamed": ("the same under names that nobody knows", 0, lambda: weights(unnamed, layers=1_024, times=8)),
    "index": ("an index of 200,000 entries in a shard that has them", 0, lambda: index_and_shard(200_000)),
    "index-shards": ("an index of 200,000 shards that are not there", 65, lambda: index(entries_of(200_000, 200_000))),
    "index-long": ("an index of 250 MB of padding", 65, lambda: {"model.safetensors.index.json": (b'{"weight_map":{}' + b" " * (250 << 20) + b"}", 0)}),
}
# Those that are compared, too.
COMPARED = {"tensors", "layers", "ranks", "weights", "weights-unnamed", "weights-noise", "weights-shards", "experts", "depth", "depth-unnamed"}


def write(folder, files, seed):
    """Writes a model: small numbers of either sign, as BF16 has them, others for each seed."""
    os.makedirs(folder)
    rng = random.Random(seed)
    high = bytes(0x3C | b & 0x83 for b in range(256))
    for called, (first, count) in files.items():
        with open(os.path.join(folder, called), "wb") as out:
            out.write(first)
            data = bytearray(rng.randbytes(count))
            data[1::2] = data[1::2].translate(high)
            out.write(data)


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command):
    """Exit code, seconds of the processor, and megabytes at most that are not of mapped files."""
    start = processor_seconds()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most = [0]

    def watch():
        while process.returncode is None:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    most[0] = max([most[0]] + [int(line.split()[1]) for line in status if line.startswith("RssAnon")])
            except OSError:
                return
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    errors = process.communicate()[1].decode()
    watcher.join()
    return process.returncode, processor_seconds() - start, most[0] / 1000, errors


def main():
    unmask, chosen = os.path.abspath(sys.argv[1]), sys.argv[2:] or list(CASES)
    failed = False
    for name in chosen:
        what, wanted, make = CASES[name]
        with tempfile.TemporaryDirectory() as folder:
            a, b = folder + "/a", folder + "/b"
            commands = [["inspect", a], ["inspect", a, "--format", "json"], ["inspect", a, "--tensors", "--format", "csv"]]
            files = make()
            write(a, files, 1)
            if name in COMPARED:
                write(b, files, 2)
                commands.append(["compare", b, a])
            del files
            for command in commands:
                most = 300 if command[0] == "compare" else 20
                code, seconds, megabytes, errors = run([unmask, *command])
                isWrong = code != wanted or seconds > most or megabytes > 3000 or errors.count("\n") > 1
                failed |= isWrong
                said = " ".join(word for word in command if not word.startswith(folder))
                print(f"{what:54} {said:32} {code:3} {seconds:7.2f} s {megabytes:7.0f} MB{' WRONG ' + errors[:300] if isWrong else ''}", flush=True)
    sys.exit(failed)


main()
