#!/usr/bin/env python3
"""Times `unmask identify` and `unmask sketch` with a catalogue of many simulated models.

    catalogue_scale.py CATALOGUE --models 100000 [--layers 32] [--neurons] [--program FILE] --ask MODEL…

CATALOGUE is one that scripts/evaluate-catalogue made: its models have neurons. It is copied, and models are added up to the number, written
into the tables directly: one of 64 sketches with 7 matrices in each layer and random signs and hashes, compact signs and a vector of
neurons that are random for each model; tables of neurons, the same for all, if --neurons is given, with 6 units of 64 neurons, which no
search should reach. So the models that a search compares by neurons are those of CATALOGUE, which are nearest, and a sweep goes over all. Prints for each
model asked the seconds of identify with and without neurons, warm (the second of two runs), the peak memory, the time of adding it to the
catalogue less that of adding it to a new one, and the size of the file by tables. Standard library only.
"""
import argparse
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHAPES = [("q_proj", 4096, 4096), ("k_proj", 1024, 4096), ("v_proj", 1024, 4096), ("o_proj", 4096, 4096), ("gate_proj", 14336, 4096),
          ("up_proj", 14336, 4096), ("down_proj", 4096, 14336)]


def integer(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def text(value):
    return integer(len(value)) + value


def part(layers, draw):
    """The record of a part, with 12 signs of each sampled row, as a model with 32 layers of 7 matrices has them."""
    columns = max(8, min(32, 8 * 5600 // (16 * 7 * layers)))
    kinds = b"".join(text(role.encode()) + integer(rows) + integer(width) for role, rows, width in SHAPES)
    places = b"".join(integer(8 * kind + 7) + integer(layer) for layer in range(layers) for kind in range(7))
    return (integer(2) + text(b"language_model") + integer(layers) + integer(1 << 33) + integer(columns) + integer(7) + kinds
            + integer(7 * layers) + places + text(draw.randbytes(7 * layers * 2 * columns)) + text(draw.randbytes(7 * layers * 8)))


def neurons(draw):
    """The record of six units of 64 neurons of a gated MLP."""
    scale = text(b"\0\0\0\x3f")

    def selection(own):
        return integer(64) + integer(own) + (scale + text(draw.randbytes(128))) * own + b"".join(scale + text(draw.randbytes(2016)) for _ in range(3))

    units = b"".join(integer(layer) + b"\0" + integer(2) + selection(1) + selection(5) for layer in range(6))
    return integer(3) + integer(6) + units + text(draw.randbytes(1024))


def timed(command):
    """(seconds, peak resident megabytes) of a command."""
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}: {errors.decode()}")
    return time.time() - start, usage.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("catalogue")
    options.add_argument("--models", type=int, default=100_000)
    options.add_argument("--layers", type=int, default=32)
    options.add_argument("--neurons", action="store_true", help="the tables of neurons too, for the size of the file")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--program", default=os.path.join(ROOT, ".build", "release", "unmask"))
    options.add_argument("--work", default=None)
    options.add_argument("--ask", nargs="+", required=True)
    given = options.parse_args()
    work = given.work or tempfile.mkdtemp()
    os.makedirs(work, exist_ok=True)
    path = os.path.join(work, "many.db")
    if not os.path.exists(path):
        shutil.copy(given.catalogue, path)
        draw, start = random.Random(given.seed), time.time()
        base = sqlite3.connect(path)
        base.execute("PRAGMA synchronous = OFF")
        have = base.execute("SELECT count(*) FROM model").fetchone()[0]
        with base:
            records = [part(given.layers, draw) for _ in range(64)]
            tables = [neurons(draw) for _ in range(16)]
            for number in range(have, given.models):
                model = base.execute("INSERT INTO model (name, revision, content) VALUES (?, '', ?)", (f"simulated-{number:07}", draw.randbytes(32))).lastrowid
                record = records[number % 64]
                compact = b"".join(b"\x7f" + draw.randbytes(16) for _ in range(given.layers))
                key = base.execute("INSERT INTO part (model, position, name, layers, parameters, sketch) VALUES (?, 0, 'language_model', ?, ?, ?)",
                                   (model, given.layers, 1 << 33, record)).lastrowid
                base.execute("INSERT INTO signs VALUES (?, ?)", (key, compact))
                if given.neurons:
                    base.execute("INSERT INTO neurons VALUES (?, ?)", (key, tables[number % 16]))
                base.execute("INSERT INTO vector VALUES (?, 1, ?)", (key, draw.randbytes(1024)))
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        base.close()
        print(f"{given.models - have} models of {given.layers} layers added to {have} in {time.time() - start:.0f} s")
    base = sqlite3.connect(path)
    for table, column in (("part", "sketch"), ("signs", "bits"), ("vector", "numbers"), ("neurons", "tables")):
        count, size = base.execute(f"SELECT count(*), sum(length({column})) FROM {table}").fetchone()
        print(f"{table}.{column}: {count} rows, {(size or 0) / 1e6:.0f} MB")
    base.close()
    print(f"file: {os.path.getsize(path) / 1e6:.0f} MB")
    for model in given.ask:
        for words in (["--no-neurons"], []):
            command = [given.program, "identify", model, "--catalogue", path, "--quiet", *words]
            timed(command)
            seconds, memory = timed(command)
            print(f"identify {os.path.basename(model)} {'in place' if words else 'with neurons'}: {seconds:.2f} s, {memory:.0f} MB", flush=True)
        new = os.path.join(work, "new.db")
        alone = min(timed([given.program, "sketch", model, "--catalogue", new, "--quiet", "--name", f"a{i}"])[0] for i in range(3))
        among = min(timed([given.program, "sketch", model, "--catalogue", path, "--quiet", "--name", f"b{i}"])[0] for i in range(3))
        subprocess.run([given.program, "catalogue", "remove", "b0", "b1", "b2", "--catalogue", path, "--quiet"], check=True)
        os.remove(new)
        print(f"sketch {os.path.basename(model)}: {among:.3f} s, {alone:.3f} s into a new catalogue")


main()
