"""Holds the verdicts of unmask against what forge did."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time

from . import forging, registry

KIN = {"identical", "derived", "merged", "partial"}
FAMILIES = {
    "A": "Exact rewrites inside the published layouts", "B": "Rewrites that change the graph, or need a line at run time",
    "C": "Compression", "D": "Growth", "E": "Merges and mixtures", "F": "Training, editing, wrapping", "G": "Innocents, and siblings"}
SECTION = "## What is found today"


def judged(truth, said):
    """ok; accused: an innocent called kin; acquitted: kin called independent; missed: anything else that is not expected."""
    if said in truth["expected"]:
        return "ok"
    if truth["innocent"]:
        return "accused" if said in KIN else "missed"
    return "acquitted" if said == "independent" else "missed"


def compare(program, candidate, foundation, limit, depth):
    """The verdict of one comparison, as a dict with what the table shows."""
    start = time.monotonic()
    command = [program, "compare", candidate, foundation, "--format", "json", "--quiet", "--depth", depth]
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit)
    except subprocess.TimeoutExpired:
        return {"said": "time out", "seconds": limit}
    seconds = round(time.monotonic() - start, 2)
    try:
        verdict = json.loads(run.stdout)["verdict"]
    except (ValueError, KeyError):
        return {"said": "error", "seconds": seconds, "summary": run.stderr.decode(errors="replace")[-300:]}
    kept = ("log10_p", "coverage", "cosine", "aligned_cosine", "summary")
    return {"said": verdict["relation"], "seconds": seconds, **{key: verdict.get(key) for key in kept}}


def one(bench, parent, id, arguments, scratch):
    out = os.path.join(scratch, f"{parent}-{id}")
    entry = registry.REWRITES[id]
    try:
        start = time.monotonic()
        truth = bench.forge([id], out)
        forged = round(time.monotonic() - start, 2)
        foundation = os.path.join(out, "foundation") if truth["foundation"] == "foundation" else bench.folder
        row = compare(arguments.program, out, foundation, arguments.limit, arguments.depth)
    except Exception as error:  # one rewrite that cannot be made is reported, and does not end a run of an hour
        return {"parent": parent, "id": id, "text": entry.text, "expected": list(entry.expected), "innocent": entry.innocent, "part": entry.part,
                "said": "not made", "seconds": 0, "summary": repr(error), "result": "failed"}
    finally:
        shutil.rmtree(out, ignore_errors=True)
    return {"parent": parent, "id": id, "text": entry.text, "expected": list(entry.expected), "innocent": entry.innocent, "part": entry.part,
            "forged": forged, **row, "result": judged(truth, row["said"])}


def again(row):
    """A kept row, judged by what is expected now."""
    entry = registry.REWRITES[row["id"]]
    row.update(text=entry.text, expected=list(entry.expected), innocent=entry.innocent, part=entry.part)
    row["result"] = row["result"] if row["result"] == "failed" else judged(row, row["said"])
    return row


def number(value, form):
    return "–" if value is None else format(value, form)


def line(row):
    p, coverage = number(row.get("log10_p"), ".0f"), number(row.get("coverage"), ".0%")
    return (f"{row['result'] if row['result'] != 'ok' else '':<10}{row['parent']:<12}{row['id']:<18}{'/'.join(row['expected']):<34}{row['said']:<13}"
            f"{p:>7}{coverage:>6}{row['seconds']:>7.1f} s")


def cell(row):
    """What was said of one parent, in bold where it is wrong."""
    if row is None:
        return "·"
    said = row["said"] if row["result"] == "ok" else f"**{row['said']}**"
    p = row.get("log10_p")
    return said if p is None or row["said"] not in KIN else f"{said} ({p:.0f})"


def table(rows):
    """The rows as Markdown: one line per rewrite, one column per parent."""
    parents = list(dict.fromkeys(r["parent"] for r in rows))
    found = {(r["parent"], r["id"]): r for r in rows}
    out = []
    for family, title in FAMILIES.items():
        ids = [i for i in registry.REWRITES if i.startswith(family) and any((p, i) in found for p in parents)]
        if not ids:
            continue
        out += ["", f"### {title}", "", "| id | what was done | right | " + " | ".join(parents) + " |", "|---" * (3 + len(parents)) + "|"]
        for id in ids:
            entry = registry.REWRITES[id]
            cells = " | ".join(cell(found.get((p, id))) for p in parents)
            out.append(f"| {id} | {entry.text} | {' or '.join(entry.expected)} | {cells} |")
    return "\n".join(out) + "\n"


def summary(rows):
    out = []
    for parent in dict.fromkeys(r["parent"] for r in rows):
        own = [r for r in rows if r["parent"] == parent]
        kin, innocent = [r for r in own if not r["innocent"]], [r for r in own if r["innocent"]]
        count = lambda some, result: sum(r["result"] == result for r in some)
        out.append(f"{parent}: {len(own)} rewrites; of {len(kin)} kin {count(kin, 'ok')} right, {count(kin, 'acquitted')} called independent, "
                   f"{count(kin, 'missed')} otherwise wrong; of {len(innocent)} innocents {count(innocent, 'ok')} right, "
                   f"{count(innocent, 'accused')} accused, {count(innocent, 'missed')} otherwise wrong")
    return out


def write_markdown(path, rows):
    """Writes the table; in a page that has the section for it, only that section."""
    text = ["In the cells: what was said, log10 of the p-value where it is a kind of kinship; **bold** where it is wrong; · where the",
            "rewrite does not apply or was not tried.", ""] + [f"- {s}." for s in summary(rows)]
    section = SECTION + "\n\n" + "\n".join(text) + "\n" + table(rows)
    before = after = ""
    if os.path.exists(path):
        old = open(path, encoding="utf-8").read()
        before, found, rest = old.partition(SECTION)
        if not found:
            raise SystemExit(f"{path}: there is no section “{SECTION}” to replace")
        end = rest.find("\n## ")
        after = rest[end:] if end >= 0 else ""
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + section + after)


def main(argv):
    about = "Forges every rewrite of each parent and holds the verdicts against the truth."
    parser = argparse.ArgumentParser(prog="scripts/evaluate", description=about)
    parser.add_argument("program", help="unmask")
    parser.add_argument("--forge", nargs="+", required=True, metavar="PARENT", help="model folders")
    parser.add_argument("--donor", nargs="+", default=[], metavar="MODEL", help="unrelated models; each parent takes the first of its own shapes")
    parser.add_argument("--rewrite", default="", help="only these ids, separated by commas")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once (each needs some three times the parent in memory)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", default="standard")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one comparison")
    parser.add_argument("--markdown", metavar="FILE", help="write the table there; a page's section “" + SECTION[3:] + "” is replaced")
    parser.add_argument("--json", metavar="FILE", help="keep the rows there; what it has of the same program is not done again")
    arguments = parser.parse_args(argv)
    arguments.program = os.path.abspath(arguments.program)
    version = hashlib.sha256(open(arguments.program, "rb").read()).hexdigest()
    rows = []
    if arguments.json and os.path.exists(arguments.json):
        kept = json.load(open(arguments.json))
        rows = [again(r) for r in kept["rows"] if r["id"] in registry.REWRITES] if kept["program"] == version else []
    done = {(r["parent"], r["id"]) for r in rows}
    wanted = [i for i in arguments.rewrite.split(",") if i]
    unknown = [i for i in wanted if i not in registry.REWRITES]
    if unknown:
        parser.error(f"no such rewrite: {', '.join(unknown)}")

    with tempfile.TemporaryDirectory(prefix="forge-") as scratch:
        for folder in arguments.forge:
            parent = os.path.basename(os.path.normpath(folder))
            bench = forging.Bench(folder, None, arguments.seed)
            bench.choose_donor(arguments.donor)
            applicable = bench.applicable()
            ids = [i for i in (wanted or applicable) if i in applicable and (parent, i) not in done]
            with concurrent.futures.ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
                for row in pool.map(lambda id: one(bench, parent, id, arguments, scratch), ids):
                    rows.append(row)
                    print(line(row), flush=True)
                    if arguments.json:
                        with open(arguments.json + ".new", "w") as file:
                            json.dump({"program": version, "rows": rows}, file, indent=1, ensure_ascii=False)
                        os.replace(arguments.json + ".new", arguments.json)
    print()
    for text in summary(rows):
        print(text)
    for result in ("accused", "acquitted", "missed", "failed"):
        for row in rows:
            if row["result"] == result:
                print(f"{result:<10}{row['parent']} {row['id']}: {row['said']}, expected {' or '.join(row['expected'])}. {row['text']}")
    if arguments.markdown:
        write_markdown(arguments.markdown, rows)
    return 1 if any(r["result"] in ("accused", "acquitted", "failed") for r in rows) else 0
