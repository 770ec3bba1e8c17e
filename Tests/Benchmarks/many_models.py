#!/usr/bin/env python3
"""A folder of very many tiny models, a scan of it, and a scan that is killed again and again: what both take, and whether they agree.

    many_models.py make FOLDER [--families 40] [--members 50] [--anatomies 4] [--masked 1]   makes models, 2,000 by default
    many_models.py scan FOLDER --unmask PATH [--kills N]                                    scans it; kills and resumes N times

`make` writes Llama-shaped models of some hundred thousand parameters: foundations, and members with noise of 0.02 to 0.2 of their
weights; `--masked` members of each family have their neurons permuted and their residual channels rotated. `scan` prints seconds, peak memory and the sizes of its
outputs, and holds groups against the families that were made. With --kills the same scan is killed (SIGKILL) at random moments, resumed
from its journal each time, and must end with the same bytes. Needs numpy.
"""
import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np

from measure import Failure, Process, megabytes


def save(path, tensors):
    """Tensors in BF16, rounded to the nearest."""
    header, blob = {}, []
    end = 0
    for name, tensor in tensors.items():
        bits = np.ascontiguousarray(tensor, np.float32).view(np.uint32)
        data = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16).tobytes()
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [end, end + len(data)]}
        end += len(data)
        blob.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blob))


def foundation(rng, layers, width, neurons, tokens):
    draw = lambda *shape: rng.standard_normal(shape).astype(np.float32) / np.float32(shape[-1] ** 0.5)
    found = {"model.embed_tokens.weight": draw(tokens, width), "model.norm.weight": np.ones(width, np.float32)}
    for layer in range(layers):
        name = f"model.layers.{layer}."
        for role in "qkvo":
            found[name + f"self_attn.{role}_proj.weight"] = draw(width, width)
        found[name + "mlp.gate_proj.weight"] = draw(neurons, width)
        found[name + "mlp.up_proj.weight"] = draw(neurons, width)
        found[name + "mlp.down_proj.weight"] = draw(width, neurons)
        found[name + "input_layernorm.weight"] = np.ones(width, np.float32)
        found[name + "post_attention_layernorm.weight"] = np.ones(width, np.float32)
    return found


def noised(rng, model, level):
    return {name: t if t.ndim == 1 else t + np.float32(level * t.std()) * rng.standard_normal(t.shape).astype(np.float32)
            for name, t in model.items()}


def masked(rng, model, layers):
    """The residual channels rotated (gains are ones), the neurons of each layer permuted."""
    width = model["model.norm.weight"].size
    basis = np.linalg.qr(rng.standard_normal((width, width)))[0].astype(np.float32)
    found = dict(model)
    for name in model:
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            found[name] = basis.T @ model[name]
        elif model[name].ndim == 2:
            found[name] = model[name] @ basis
    for layer in range(layers):
        name = f"model.layers.{layer}.mlp."
        order = rng.permutation(found[name + "gate_proj.weight"].shape[0])
        for role in ("gate", "up"):
            found[name + role + "_proj.weight"] = found[name + role + "_proj.weight"][order]
        found[name + "down_proj.weight"] = found[name + "down_proj.weight"][:, order]
    return found


def make(options):
    for family in range(options.families):
        rng = np.random.default_rng([options.seed, family])
        # Every other anatomy has another number of layers at one width, the others another width.
        kind = family % options.anatomies
        layers, width, neurons = 3 + kind % 2, 64 + 16 * (kind // 2), 160
        base = foundation(rng, layers, width, neurons, 256)
        for member in range(options.members):
            model = base if member == 0 else noised(rng, base, rng.uniform(0.02, 0.2))
            if 0 < member <= options.masked:
                model = masked(rng, model, layers)
            save(os.path.join(options.folder, f"family-{family:04}", f"member-{member:03}", "model.safetensors"), model)
    print(f"{options.families * options.members} models in {options.folder}")


def families(folder):
    """What the names say: families of two and more, sorted."""
    found = {}
    for family in os.listdir(folder):
        for member in os.listdir(os.path.join(folder, family)):
            found.setdefault(family, []).append(f"{family}/{member}")
    return sorted(sorted(members) for members in found.values() if len(members) > 1)


def scan(options):
    out = os.path.join(options.work, "scan")
    os.makedirs(out, exist_ok=True)
    whole, journal = os.path.join(out, "whole.json"), os.path.join(out, "journal")
    command = [options.unmask, "scan", options.folder, "--format", "json", *options.more]
    run = Process([*command, "-o", whole], memory=True).checked()
    with open(whole, "rb") as file:
        text = file.read()
    found = json.loads(text)
    groups = sorted(sorted(group) for group in found["groups"] if len(group) > 1)
    print(f"{len(found['models'])} models, {len(found['pairs'])} pairs: {run.seconds:.1f} s, memory {megabytes(run.anonymous)} of its own "
          f"({megabytes(run.peak)} with mapped files), JSON {megabytes(len(text))}, {found.get('not_looked_at', 0)} pairs not looked at")
    print("groups are the families that were made" if groups == families(options.folder) else
          f"groups are NOT the families that were made: {len(groups)} of {len(families(options.folder))}")
    if options.kills:
        for path in (journal, os.path.join(out, "resumed.json")):
            if os.path.exists(path):
                os.remove(path)
        seed = options.seed or random.randrange(10**6)
        chance = random.Random(seed)
        for number in range(options.kills):
            child = subprocess.Popen([*command, "-o", os.path.join(out, "resumed.json"), "--resume", journal])
            time.sleep(chance.uniform(0, 1.5 * run.seconds / options.kills))
            child.send_signal(signal.SIGKILL)
            child.wait()
            size = os.path.getsize(journal) if os.path.exists(journal) else 0
            print(f"  killed {number + 1}: journal {megabytes(size)}", flush=True)
        last = Process([*command, "-o", os.path.join(out, "resumed.json"), "--resume", journal]).checked()
        with open(os.path.join(out, "resumed.json"), "rb") as file:
            same = file.read() == text
        print(f"seed {seed}: after {options.kills} kills the last run took {last.seconds:.1f} s; the bytes are "
              f"{'the same' if same else 'NOT the same'} (sha256 {hashlib.sha256(text).hexdigest()[:16]})")
        if not same:
            sys.exit(1)
    if groups != families(options.folder):
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["make", "scan"])
    parser.add_argument("folder")
    parser.add_argument("--families", type=int, default=40)
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--anatomies", type=int, default=4, help="1 and more: two numbers of layers at each width")
    parser.add_argument("--masked", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--unmask", default="unmask")
    parser.add_argument("--work", default=os.environ.get("TMPDIR", "/tmp"), help="where outputs and journal go")
    parser.add_argument("--more", nargs=argparse.REMAINDER, default=[], help="further options of the scan, last")
    options = parser.parse_args()
    (make if options.task == "make" else scan)(options)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"many_models: {failure}")
