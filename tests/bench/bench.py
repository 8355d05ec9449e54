#!/usr/bin/env python3
"""Speed of the suite, as ratios in one run (machines are noisy, their ratios much less so).

    bench.py VSSCTS HOME PLAIN_LOOP [ROUNDS]

Runs one whole backup session, the case backup-complete/starts/in-order, in three ways: in warm workers as a run does,
with a process for every case, and as a plain C loop in one process without a suite. Then a case that crashes.
The four are measured in turn, ROUNDS times (5), and the best of each counts: what disturbs a round only slows it.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

CASE = "backup-complete/starts/in-order"
SESSIONS = 400
ISOLATED = 20
CRASHES = 20


def log_of(folder):
    return [json.loads(line) for line in pathlib.Path(folder, "run.jsonl").read_text().splitlines()]


def run(vsscts, home, repeat, *options, case=CASE, iut="reference", ok=(0,), how="done"):
    """Microseconds from the first begin to the last end, a case."""
    with tempfile.TemporaryDirectory() as out:
        command = [vsscts, "run", "--home", home, "--iut", iut, "--out", out, "-j", "1", "--quiet", "--no-retry",
                   "--no-expect", "--repeat", str(repeat), *options, case]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode not in ok:
            sys.exit(f"{' '.join(command)}\nended {done.returncode}\n{done.stdout}{done.stderr}")
        events = log_of(out)
    begins = [e["t"] for e in events if e["e"] == "begin"]
    ends = [e["t"] for e in events if e["e"] == "end"]
    others = {e["how"] for e in events if e["e"] == "end"} - {how}
    assert not others, others
    assert len(begins) == len(ends) == repeat, (len(begins), len(ends))
    return (ends[-1] - begins[0]) * 1000 / repeat


def plain(home, loop):
    """Microseconds a session of the plain loop, in the same Wine prefix."""
    environment = dict(os.environ, WINEDEBUG="-all")
    environment.setdefault("WINEPREFIX", os.path.expanduser("~/.cache/vsscts/wine-x86_64"))
    path = "Z:" + str(pathlib.Path(home, "x86_64", "vssref.dll").resolve()).replace("/", "\\")
    with tempfile.TemporaryFile("w+") as out:
        subprocess.run(["wine", loop, path, "C:\\", str(SESSIONS)], stdin=subprocess.DEVNULL, stdout=out,
                       stderr=subprocess.DEVNULL, env=environment, timeout=600, check=True)
        out.seek(0)
        return int(out.read()) / SESSIONS


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    vsscts, home, loop = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    warm, isolated, bare, crash = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        crashing = crashing_profile(home, folder)
        for _ in range(rounds):
            warm.append(run(vsscts, home, SESSIONS))
            isolated.append(run(vsscts, home, ISOLATED, "--isolate"))
            bare.append(plain(home, loop))
            crash.append(run(vsscts, home, CRASHES, case="factory/create/object", iut=crashing, ok=(1,), how="crash"))
    suite, apart, c_loop, crashed = map(min, (warm, isolated, bare, crash))
    print(f"suite, warm worker        {suite:9.0f} us a case   {1e6 / suite:7.0f} cases/s")
    print(f"process for every case    {apart:9.0f} us a case   {apart / suite:7.1f} times the suite")
    print(f"plain C loop              {c_loop:9.0f} us a case   {suite / c_loop:7.2f} = suite / plain loop")
    print(f"overhead of the suite     {suite - c_loop:9.0f} us a case   (wanted: under 500)")
    print(f"a crash                   {crashed / 1000:9.1f} ms          (wanted: under 100)")


def crashing_profile(home, folder):
    """A profile of the DLL whose factory writes through NULL."""
    dll = pathlib.Path(home, "x86_64", "hostile", "bad_factory.dll").resolve()
    profile = pathlib.Path(folder, "crashing.json")
    profile.write_text(json.dumps({"format": 1, "kind": "profile", "name": "crashing", "dll": str(dll),
                                   "claims": {"windows": "10.0"}, "can": [], "volumes": [],
                                   "environment": {"BAD_FACTORY": "crash"}}))
    return str(profile)


if __name__ == "__main__":
    main()
