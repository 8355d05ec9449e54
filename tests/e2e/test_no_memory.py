"""Every command while one of its allocations fails, and while all fail from one on.

Wherever memory ends, a command does one of two things. It does all that it would have done: the same output, files and
exit code. Or it says "out of memory", ends with exit code 70, and leaves every file as it was; a run leaves a log that
goes on. The failing allocations come from a library that is loaded before the program (tests/e2e/preload/fail_alloc.c,
VSSCTS_FAIL_ALLOC_LIBRARY).

All allocations of a command are too many for every day: ALLOCATIONS of them are taken, the first few, and then one from
each of as many equal parts. With VSSCTS_FULL=1 it is all of them where they are not more than 6,000.
VSSCTS_NO_MEMORY="report 137" or "report 137+" makes one alone, with the place of the allocation.
"""

import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest

from test_cli import SOURCE, VSSCTS, stable
from test_resume import WORKER

LIBRARY = os.environ.get("VSSCTS_FAIL_ALLOC_LIBRARY", str(SOURCE / "build/native-debug/tests/libfail_alloc.so"))
# the sanitizer's functions come behind those that fail, where the program has it
SANITIZER = os.environ.get("VSSCTS_SANITIZER", "")
PRELOAD = f"{LIBRARY} {SANITIZER}".strip()
FULL = "VSSCTS_FULL" in os.environ
ALLOCATIONS = 6000 if FULL else 24
RUNS = 1500 if FULL else 24
FIRST = 4
ONE = os.environ.get("VSSCTS_NO_MEMORY", "").split()
TABLES = SOURCE / "tests/data/coverage/tables"
OLD = b"what stood here before\n"
NEW = ("/merged", "/new/observed.json")  # what the command makes anew: nothing stands there before
JOBS = os.cpu_count() or 1

FORMATS = ("json", "junit", "tap", "ctrf", "md", "github", "html", "badge", "baseline")

# name: the arguments, {d} is the folder of the fixture, {o} that of the one execution; and the exit code
COMMANDS = {
    "version": ("version", 0),
    "help": ("help run", 0),
    "completion": ("completion", 0),
    "manual": ("manual", 0),
    "wrong usage": ("run --no-such-option", 2),
    "list": ("list {tables}", 0),
    "list json": ("list {tables} --json s/**", 0),
    "check": ("check {d}/cases", 0),
    "check bad tables": ("check {source}/tests/data/tables/invalid/id-twice-case", 2),
    "explain": ("explain {tables} s/path", 0),
    "report": ("report {tables} {log} -v", 1),
    **{f"report {name}": (f"report {{tables}} {{log}} --report {name}={{o}}/report", 1) for name in FORMATS},
    "report to standard output": ("report {tables} {log} --json -", 1),
    "report of a log that was broken off": ("report {tables} {d}/broken.jsonl --json {o}/r.json", 5),
    "report by a profile": ("report {tables} {d}/elsewhere.jsonl --json {o}/r.json", 1),
    "report by a file": ("report {tables} {log} --json {o}/r.json --expect {d}/expect.json --strict", 1),
    "report against": ("report {tables} {log} --json {o}/r.json --against {d}/observed.json", 1),
    "learn": ("learn {tables} {log} --out {o}/new/observed.json", 0),
    "learn more": ("learn {tables} {d}/other --out {o}/learnt.json", 0),
    "verify": ("verify {log}", 0),
    "verify a folder": ("verify {d}/log", 0),
    "verify a spoilt log": ("verify {d}/other", 1),
    "compare": ("compare {tables} {d}/log {d}/other --json {o}/c.json", 11),
    "compare html": ("compare {tables} {d}/log {d}/other --report html={o}/c.html,md={o}/c.md", 11),
    "matrix": ("matrix {tables} {d}/log {d}/other --report html={o}/m.html,md={o}/m.md", 0),
    "merge": ("merge {tables} {d}/part1 {d}/part2 --out {o}/merged", 1),
    "expect check": ("expect check {tables} {d}/expect.json", 0),
    "expect update": ("expect update {tables} {log} --expect {o}/expect.json", 0),
    "coverage": ("coverage {tables} --json {o}/c.json", 0),
    "coverage of a run": ("coverage {tables} {log} --states", 0),
    "questions": ("questions {tables} {log} --json {o}/q.json", 0),
}

# commands that are not tried here, and why
ELSEWHERE = {
    "selftest": "it makes runs of the reference, under Wine, and judges them as run does",
    "bisect": "it makes runs, as run does, and what it says depends on all of them",
}


def command_line(text, **places):
    folder = places["d"]
    return text.format(tables=f"--home {folder} --cases {folder}/cases", log=f"{folder}/log/run.jsonl", source=SOURCE, **places).split()


def vsscts(*args, alloc=None, count=None, trace=False):
    """The finished program; alloc: which allocation fails ("7", or "7+"), count: a file for their number."""
    more = {"LD_PRELOAD": PRELOAD, "MALLOC_PERTURB_": "165", "ASAN_OPTIONS": "verify_asan_link_order=0:exitcode=86"} if alloc or count else {}
    more |= {"VSSCTS_FAIL_ALLOC": alloc} if alloc else {}
    more |= {"VSSCTS_ALLOC_COUNT": str(count)} if count else {}
    more |= {"VSSCTS_FAIL_TRACE": "1"} if trace else {}
    return subprocess.run([VSSCTS, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False,
                          env=dict(os.environ, SOURCE_DATE_EPOCH="0", **more))


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def chosen(total, most):
    """Which allocations are to fail, out of 1 to total."""
    if total <= most:
        return range(1, total + 1)
    part = (total - FIRST) / (most - FIRST)
    drawn = (FIRST + 1 + int(part * at + random.random() * part) for at in range(most - FIRST))
    return sorted({*range(1, FIRST + 1), *(min(n, total) for n in drawn)})


class Base(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-no-memory-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        shutil.copytree(TABLES, cls.dir / "cases")
        cls.profile = cls.dir / "profiles" / "small.json"
        cls.profile.parent.mkdir()
        cls.profile.write_text(json.dumps({"format": 1, "kind": "profile", "name": "small", "dll": "/fake/ok.dll",
                                           "claims": {"windows": "10.0"}, "can": [], "volumes": [],
                                           "expectations": "../expect.json"}), encoding="utf-8")
        (cls.dir / "expect.json").write_text(json.dumps({
            "format": 1, "kind": "expectations", "iut": "small",
            "entries": [{"cases": "s/path", "verdicts": ["pass", "fail"], "reason": "by hand"}]}), encoding="utf-8")

    @classmethod
    def running(cls, out):
        """The arguments of a run, one worker after the other: its log is the same each time, but for times."""
        return ("run", "--home", cls.dir, "--cases", cls.dir / "cases", "--iut", "small", "--worker", WORKER, "-j", "1",
                "--out", out)

    def count(self, *args):
        """The number of allocations, and the finished program."""
        place = self.dir / "count"
        done = vsscts(*args, count=place)
        return int(place.read_text(encoding="utf-8")), done

    def failing(self, name, total, most, check):
        """Makes one allocation after the other fail, and looks at what came of it. check gives None, or what is wrong."""
        if ONE:
            wanted = [ONE[-1]] if name == " ".join(ONE[:-1]) else []
        else:
            wanted = [f"{n}{mode}" for n in chosen(total, most) for mode in ("", "+")]
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            wrong = [one for one in pool.map(check, wanted) if one]
        if wrong:
            self.fail("\n".join([f"{name}: {len(wrong)} of {len(wanted)}", *wrong[:20]]))


class Commands(Base):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for out, more in (("log", ()), ("other", ()), ("part1", ("--shard", "1/2")), ("part2", ("--shard", "2/2"))):
            done = vsscts(*cls.running(cls.dir / out), *more)
            assert done.returncode == 1, done.stderr
        log = cls.dir / "other" / "run.jsonl"
        lines = (cls.dir / "log" / "run.jsonl").read_text(encoding="utf-8")
        log.write_text(lines.replace('"s":1,"hr":"0x00000000"', '"s":1,"hr":"0x80042301"'), encoding="utf-8")
        (cls.dir / "broken.jsonl").write_text(lines[:len(lines) // 2], encoding="utf-8")
        done = vsscts(*command_line("learn {tables} {log} --out {d}/observed.json", d=cls.dir))
        assert done.returncode == 0, done.stderr
        # the file of expected verdicts is not where the log says: that of the profile counts
        (cls.dir / "elsewhere.jsonl").write_text(lines.replace(str(cls.dir / "expect.json"), "/nowhere/expect.json"), encoding="utf-8")

    def begin(self, text):
        """A folder for one execution, in which every file that the command writes stands already."""
        out = pathlib.Path(tempfile.mkdtemp(dir=self.dir))
        self.addCleanup(shutil.rmtree, out, ignore_errors=True)
        args = command_line(text, d=self.dir, o=out)
        for word in " ".join(args).replace(",", " ").replace("=", " ").split():
            if word.startswith(f"{out}/"):
                if not word.endswith(NEW):
                    pathlib.Path(word).write_bytes(OLD)
        for path in (out / "expect.json", out / "learnt.json"):
            if path.exists():  # these are added to
                shutil.copy(self.dir / path.name.replace("learnt", "observed"), path)
        return out, args

    def torture(self, name):
        text, code = COMMANDS[name]
        out, args = self.begin(text)
        old = contents(out)
        total, done = self.count(*args)
        self.assertEqual(done.returncode, code, done.stderr)
        new = contents(out)
        hidden = str(out).encode()

        def check(alloc):
            here, words = self.begin(text)
            got = vsscts(*words, alloc=alloc, trace=bool(ONE))
            said = f"{alloc}: exit {got.returncode}: {got.stderr.decode(errors='replace')[-1500 if ONE else -300:]}"
            files = {path: data.replace(str(here).encode(), hidden) for path, data in contents(here).items()}
            shutil.rmtree(here)
            if got.returncode == 70 and b"out of memory" in got.stderr:
                odd = [path for path in files if files[path] not in (old.get(path), new.get(path))]
                gone = [path for path in old if path not in files]
                return f"{said}: not as before: {odd + gone}" if odd or gone else None
            same = got.stdout.replace(str(here).encode(), hidden) == done.stdout and files == new
            return None if got.returncode == done.returncode and same else f"{said}: other output" if not same else said

        self.failing(name, total, ALLOCATIONS, check)


def _add(name):
    def test(self):
        self.torture(name)
    setattr(Commands, "test_" + name.replace(" ", "_"), test)


for _name in COMMANDS:
    _add(_name)


class Complete(unittest.TestCase):
    def test_every_command(self):
        """Who adds a command adds it here."""
        text = (SOURCE / "runner/cli/commands.def").read_text(encoding="utf-8")
        names = set(re.findall(r'^CMD\(\w+, "([a-z ]+)"', text, re.MULTILINE))
        self.assertGreater(len(names), 10)
        ours = {" ".join(line.split()[:count]) for line, _ in COMMANDS.values() for count in (1, 2)} | {"run"}
        self.assertEqual(names - ours - set(ELSEWHERE), set())


class Runs(Base):
    def torture(self, name, before, args):
        """before makes the folder of an execution; args are those of the command that is to run out of memory there."""
        def report(folder):
            return stable(json.loads((folder / "report.json").read_text(encoding="utf-8")))

        whole = before()
        total, done = self.count(*args(whole))
        self.assertEqual(done.returncode, 1, done.stderr)
        wanted = report(whole)

        def check(alloc):
            folder = before()
            log = folder / "run.jsonl"
            kept = log.read_bytes().rpartition(b"\n")[0] if log.exists() else b""
            got = vsscts(*args(folder), alloc=alloc, trace=bool(ONE))
            said = f"{alloc}: exit {got.returncode}: {got.stderr.decode(errors='replace')[-1500 if ONE else -300:]}"
            try:
                if got.returncode != 70:
                    right = got.returncode == done.returncode and report(folder) == wanted
                    return None if right else f"{said}: another report"
                if b"out of memory" not in got.stderr:
                    return said
                left = [path.name for path in folder.iterdir() if path.name not in ("run.jsonl", "report.json")]
                if left or not (log.read_bytes() if log.exists() else b"").startswith(kept):
                    return f"{said}: left {left}, or took from the log"
                if not log.exists() or b"\n" not in log.read_bytes():
                    return None
                again = vsscts("run", "--resume", folder)
                right = again.returncode == done.returncode and report(folder) == wanted
                return None if right else f"{said}: resumed: {again.returncode}: {again.stderr.decode(errors='replace')[-300:]}"
            finally:
                shutil.rmtree(folder)

        self.failing(name, total, RUNS, check)

    def folder(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.dir))

    def test_run(self):
        self.torture("run", self.folder, self.running)

    def test_resume(self):
        whole = self.folder()
        vsscts(*self.running(whole))
        text = (whole / "run.jsonl").read_bytes()

        def before():
            folder = self.folder()
            (folder / "run.jsonl").write_bytes(text[:len(text) // 2])
            return folder

        self.torture("resume", before, lambda folder: ("run", "--resume", folder))


if __name__ == "__main__":
    unittest.main()
