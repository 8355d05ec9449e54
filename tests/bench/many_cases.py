#!/usr/bin/env python3
"""Makes tables with very many cases, and the log of a run of them.

    many_cases.py VSSCTS FAKE_WORKER FOLDER [--matrices N] [--calls N] [--steps N]

Into FOLDER/cases go the tables (N matrices of N calls × 10 preambles: 100,000 cases), into FOLDER/run.jsonl the log that
a run of them with the fake worker left: what stands in it is what the engine writes, hashes of the programs included.
A case has --steps steps (8); of a hundred calls five do not do what is expected, and five are questions.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "judge" / "tables"
PREAMBLES = 10


def write(path, kind, **keys):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": 1, "kind": kind, **keys}, indent=1) + "\n", encoding="utf-8")


def preamble(number, steps):
    call = {"call": "bc.InitializeForBackup", "args": {"bstrXML": None}}
    return {"id": f"p{number}", "title": f"after preparation {number}", "state": "new", "steps": [{"create": "bc"}, *[call] * (steps - 1)]}


def matrix(number, calls, preambles):
    methods = [("GetName", "nf-test-name"), ("IsThere", "nf-test-isthere"), ("Clone", "nf-test-clone")]

    def rows():
        for at, call in enumerate(calls):
            method, page = methods[at % len(methods)]
            if at % 20 == 19:
                yield {"calls": [call], "question": "q-what"}
            else:
                code = "VSS_E_BAD_STATE" if at % 20 == 9 else "S_OK"
                yield {"calls": [call], "requirements": ["concept#must"],
                       "expect": {"hr": code, "basis": "documented", "page": page}}

    return {"id": f"m{number:02}", "title": "{call} {preamble}", "preambles": preambles, "rows": list(rows()),
            "calls": [{"id": call, "steps": [{"call": f"bc.{methods[at % len(methods)][0]}"}]} for at, call in enumerate(calls)]}


def make_tables(folder, matrices, calls, steps):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DATA / "api", folder / "api")
    write(folder / "states.json", "states", states=[{"id": "new", "region": "main", "text": "Made."}])
    write(folder / "requirements" / "all.json", "requirements",
          requirements=[{"id": "concept#must", "level": "must", "page": "concept-must", "text": "It must."}])
    shutil.copytree(DATA / "questions", folder / "questions")
    preambles = [preamble(number, steps - 1) for number in range(PREAMBLES)]
    write(folder / "preambles.json", "preambles", preambles=preambles)
    names = [f"c{number:02}" for number in range(calls)]
    for number in range(matrices):
        write(folder / "many" / f"m{number:02}.json", "suite", suite="many", title="Very many cases",
              matrices=[matrix(number, names, [one["id"] for one in preambles])])


def make_log(vsscts, worker, folder):
    profile = folder / "profile.json"
    write(profile, "profile", name="many", dll="/fake/ok.dll", claims={"windows": "10.0"}, can=[], volumes=[])
    command = [vsscts, "run", "--home", folder, "--cases", folder / "cases", "--iut", profile, "--worker", worker, "--out", folder,
               "--quiet", "--no-retry"]
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 1:  # those that do not do what is expected
        sys.exit(f"{' '.join(map(str, command))}\nended {done.returncode}\n{done.stdout}{done.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vsscts")
    parser.add_argument("worker")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--matrices", type=int, default=100)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--steps", type=int, default=8)
    given = parser.parse_args()
    folder = given.folder.resolve()
    make_tables(folder / "cases", given.matrices, given.calls, given.steps)
    make_log(given.vsscts, given.worker, folder)


if __name__ == "__main__":
    main()
