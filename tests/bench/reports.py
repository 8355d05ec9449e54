#!/usr/bin/env python3
"""Time and memory of what reads tables and judges logs, for 100,000 cases (many_cases.py), as ratios in one run.

    reports.py VSSCTS FAKE_WORKER PARSE_LOG [ROUNDS]

The yardstick is jansson, that reads every line of the same log and does nothing with it. Each is measured ROUNDS times (3),
and the best counts: what disturbs a round only slows it.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FORMATS = HERE.parents[1] / "runner" / "report" / "formats.def"


def run(*command):
    """Seconds, and MB at most, of a command, which may find unexpected verdicts."""
    with tempfile.TemporaryFile() as messages:
        start = time.monotonic()
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            messages.seek(0)
            sys.exit(f"{' '.join(map(str, command))}\nended {process.returncode}\n{messages.read().decode()}")
    return seconds, used.ru_maxrss / 1024


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    vsscts, worker, yardstick = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    with tempfile.TemporaryDirectory(prefix="vsscts-bench-") as folder:
        subprocess.run([sys.executable, HERE / "many_cases.py", vsscts, worker, folder], check=True)
        home = ["--home", folder, "--cases", f"{folder}/cases"]
        log = f"{folder}/run.jsonl"
        report = [vsscts, "report", *home, "--quiet", log]
        measured = {"jansson alone": [yardstick, log], "check": [vsscts, "check", f"{folder}/cases"], "list": [vsscts, "list", *home],
                    "report": report}
        for name in re.findall(r"^FORMAT\(\w+, (\w+),", FORMATS.read_text(encoding="utf-8"), re.MULTILINE):
            measured[f"report {name}"] = [*report, "--report", f"{name}={folder}/report.{name}"]
        measured["compare"] = [vsscts, "compare", *home, "--quiet", log, log]
        best = dict.fromkeys(measured, (float("inf"), 0.0))
        for _ in range(rounds):
            for name, command in measured.items():
                best[name] = min(best[name], run(*command))
        print(f"a log of {os.path.getsize(log) / 1e6:.0f} MB, 100,000 cases")
        for name, (seconds, megabytes) in best.items():
            print(f"{name:16} {seconds:6.2f} s {megabytes:6.0f} MB {seconds / best['jansson alone'][0]:6.2f} times jansson alone")


if __name__ == "__main__":
    main()
