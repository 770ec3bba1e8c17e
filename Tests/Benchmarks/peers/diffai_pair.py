"""A pair of checkpoints through diffai-python as its README shows: diff_paths on the two files, the result formatted.

    python3 diffai_pair.py CANDIDATE FOUNDATION     (folders, or files)

Shards are given to it as the folders that hold them.
"""
import os
import sys

import diffai


def path(model):
    single = os.path.join(model, "model.safetensors")
    return single if os.path.exists(single) else model


results = diffai.diff_paths(path(sys.argv[2]), path(sys.argv[1]))
print(diffai.format_output(results, "diffai"))
print(f"{len(results)} differences reported")
