"""Tiny random models of many architectures, saved by transformers, and what unmask says of them.

    python transformers_folders.py UNMASK [ARCHITECTURE…]

For each architecture: a model in shards, the same in one file, in BF16 and in F16, a copy with normal noise at 0.3 of each matrix's
RMS, the noised copy without its config and with another model's, and an independent one (another seed). See scripts/check-transformers.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
import torch
import transformers

from tiny_2026 import KINDS, configuration
from tiny_architectures import ARCHITECTURES, MODELS

# Variant → what it may be called against the foundation in shards.
EXPECTED = {
    "self": {"identical"},
    "one-file": {"identical"},
    "bf16": {"identical", "derived"},
    "f16": {"identical", "derived"},
    "noise": {"derived"},
    "no-config": {"derived"},
    "other-config": {"derived"},
    "stranger": {"independent", "insufficient"},
}


def build(name, seed):
    if name in KINDS:
        torch.manual_seed(seed)
        return transformers.AutoModelForCausalLM.from_config(configuration(*KINDS[name][1:]))
    kind, arguments = ARCHITECTURES[name]
    # A picture has no tokens.
    tokens = {} if "image_size" in arguments else dict(pad_token_id=0, bos_token_id=1, eos_token_id=2)
    config = getattr(transformers, kind)(**dict(tokens, **arguments))
    torch.manual_seed(seed)
    return getattr(transformers, MODELS.get(name, "AutoModelForCausalLM")).from_config(config)


def add_noise(model, level, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for _, parameter in sorted(model.named_parameters()):
            if parameter.dim() >= 2:
                rms = parameter.pow(2).mean().sqrt()
                parameter += level * rms * torch.randn(parameter.shape, generator=generator)
    return model


def relation(unmask, candidate, foundation):
    """The relation, or the exit code and what stderr says."""
    run = subprocess.run([unmask, "compare", candidate, foundation, "--format", "json"], capture_output=True, text=True)
    if run.returncode != 0:
        return f"exit {run.returncode}: {run.stderr.strip()}", {}
    document = json.loads(run.stdout)
    return document["verdict"]["relation"], document


def check(unmask, name, folder):
    """A row of the table, and what is wrong in it."""
    path = lambda variant: os.path.join(folder, name, variant)
    foundation = build(name, seed=1)
    foundation.save_pretrained(path("shards"), max_shard_size="100KB")
    foundation.save_pretrained(path("one-file"))
    add_noise(build(name, seed=1), 0.3, seed=3).save_pretrained(path("noise"), max_shard_size="150KB")
    for variant in ("no-config", "other-config"):
        shutil.copytree(path("noise"), path(variant))
        os.remove(os.path.join(path(variant), "config.json"))
    with open(os.path.join(path("other-config"), "config.json"), "w") as other:
        json.dump({"model_type": "llama", "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32, "hidden_size": 64}, other)
    build(name, seed=2).save_pretrained(path("stranger"), max_shard_size="100KB")
    build(name, seed=1).to(torch.bfloat16).save_pretrained(path("bf16"), max_shard_size="60KB")
    build(name, seed=1).to(torch.float16).save_pretrained(path("f16"))
    shards = len([file for file in os.listdir(path("shards")) if file.endswith(".safetensors")])
    cells, faults = [name, str(shards)], []
    for variant, allowed in EXPECTED.items():
        found, document = relation(unmask, path("shards" if variant == "self" else variant), path("shards"))
        if variant == "self" and document:
            cells += [document["candidate"]["architecture"] or "–", str(document["candidate"]["layers"])]
        if found not in allowed:
            faults.append(f"{name}: {variant} is {found}, not {' or '.join(sorted(allowed))}")
        if variant == "noise" and document:
            unmatched = sum(len(names) for names in document["unmatched"].values())
            found += f" ({document['verdict']['cosine']:.3f}, {unmatched} unmatched)"
        cells.append(found.split(":")[0])
    return cells, faults


def main(unmask, names):
    known = [*ARCHITECTURES, *KINDS]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"check-transformers: no such architecture: {', '.join(unknown)}; there are {', '.join(known)}")
    rows = [["architecture", "shards", "read as", "layers"] + list(EXPECTED)]
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names or known:
            cells, wrong = check(unmask, name, folder)
            rows.append(cells)
            faults += wrong
            print(f"{name} …", file=sys.stderr)
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    for fault in faults:
        print(fault)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
