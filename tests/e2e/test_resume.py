"""Runs that are broken off and go on, in one piece or in parts that are joined.

VSSCTS is the program, VSSCTS_FAKE_WORKER a worker that needs no Wine. VSSCTS_KILLS says how often a run is killed (6).
"""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import jsonschema

import check_log
from test_cli import SOURCE, VSSCTS, stable

sys.path.append(str(SOURCE / "tests" / "bench"))
import many_cases as many

WORKER = os.environ.get("VSSCTS_FAKE_WORKER", str(SOURCE / "build/native-debug/tests/fake_worker"))
KILLS = int(os.environ.get("VSSCTS_KILLS", "6"))
CUTS = 4
CASES = 100
VALIDATOR = jsonschema.Draft202012Validator(json.loads(check_log.SCHEMA.read_text(encoding="utf-8")))


class Base(unittest.TestCase):
    """A hundred cases for the fake worker: five that are not as expected and are run again, five questions."""

    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-resume-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        many.make_tables(cls.dir / "cases", 1, CASES // many.PREAMBLES, 8)
        cls.profile = cls.dir / "profile.json"
        many.write(cls.profile, "profile", name="many", dll="/fake/ok.dll", claims={"windows": "10.0"}, can=[], volumes=[])
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", file=sys.stderr)
        cls.random = random.Random(seed)
        cls.whole = cls.dir / "whole"
        cls.code = cls.vsscts("run", *cls.iut(), "--out", cls.whole).returncode
        cls.report = stable(json.loads((cls.whole / "report.json").read_text(encoding="utf-8")))

    @classmethod
    def iut(cls):
        return "--home", cls.dir, "--cases", cls.dir / "cases", "--iut", cls.profile, "--worker", WORKER, "-j", 2

    @staticmethod
    def vsscts(*args, env=None):
        return subprocess.run([VSSCTS, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                              check=False, env=dict(os.environ, **(env or {})))

    def folder(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.dir))
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def expect(self, code, *args, **more):
        done = self.vsscts(*args, **more)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def check_log(self, log):
        """The order of the events, and each kind of event by the schema."""
        events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(list(check_log.order(events)), [])
        self.assertEqual(events[-1]["e"], "footer")
        for event in {event["e"]: event for event in events}.values():
            VALIDATOR.validate(event)

    def check_same(self, folder):
        """What stands in the folder is what the run that nothing disturbed left."""
        self.assertEqual(stable(json.loads((folder / "report.json").read_text(encoding="utf-8"))), self.report)

    def killed(self, folder, *options):
        """Runs into the folder, and kills the run as soon as its log has grown by some bytes. False: it was quicker."""
        log = folder / "run.jsonl"
        before = log.stat().st_size if log.exists() else 0
        size = before + self.random.randrange((self.whole / "run.jsonl").stat().st_size // 3)
        run = subprocess.Popen([VSSCTS, *map(str, options)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while run.poll() is None and (not log.exists() or log.stat().st_size < size):
            os.sched_yield()
        run.send_signal(signal.SIGKILL)
        return run.wait() == -signal.SIGKILL

    def begun(self, log):
        """How often each case was begun and ended, by case and attempt."""
        begun, ended = {}, {}
        for line in log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["e"] == "begin":
                begun[event["run"]] = event["case"], event["attempt"]
            elif event["e"] == "end" and event["how"] != "interrupted":
                ended[begun[event["run"]]] = ended.get(begun[event["run"]], 0) + 1
        return ended


    def run_to_end(self, folder, *command):
        """Runs into the folder, and kills and resumes until it is over. The number of kills."""
        kills = 0
        while self.killed(folder, *command):
            kills += 1
            if (folder / "run.jsonl").exists() and b"\n" in (folder / "run.jsonl").read_bytes():
                command = "run", "--resume", folder
        return kills


class Resume(Base):
    def check_resumed(self, folder):
        self.expect(self.code, "run", "--resume", folder)
        self.check_same(folder)
        self.check_log(folder / "run.jsonl")
        self.assertEqual(set(self.begun(folder / "run.jsonl").values()), {1})

    def test_killed(self):
        """Killed again and again, at any moment, until it is over: the same report, and nothing was run twice."""
        kills = 0
        while kills < KILLS:
            folder = self.folder()
            kills += self.run_to_end(folder, "run", *self.iut(), "--out", folder)
            self.check_resumed(folder)

    def test_cut(self):
        """A log that ends at any byte."""
        whole = (self.whole / "run.jsonl").read_bytes()
        first = whole.index(b"\n") + 1
        places = [first, first + 1, len(whole) - 1, len(whole), *(self.random.randrange(first, len(whole)) for _ in range(CUTS))]
        for place in places:
            with self.subTest(place=place):
                folder = self.folder()
                (folder / "run.jsonl").write_bytes(whole[:place])
                self.check_resumed(folder)

    def test_nothing_has_begun(self):
        whole = (self.whole / "run.jsonl").read_bytes()
        for place in 0, 1, whole.index(b"\n"):
            folder = self.folder()
            (folder / "run.jsonl").write_bytes(whole[:place])
            self.assertIn("it has no line", self.expect(2, "run", "--resume", folder).stderr)
            self.assertEqual((folder / "run.jsonl").read_bytes(), whole[:place])
        self.assertIn("cannot be read", self.expect(2, "run", "--resume", self.folder() / "none").stderr)

    def test_over(self):
        """Nothing is left: nothing is started, and the log stays as it is."""
        folder = self.folder()
        shutil.copy(self.whole / "run.jsonl", folder)
        done = self.expect(self.code, "run", "--resume", folder, "--worker", "/no/such/worker")
        self.assertIn(f"goes on: {CASES} of {CASES} executions had ended\n", done.stdout)
        self.assertEqual((folder / "run.jsonl").read_bytes(), (self.whole / "run.jsonl").read_bytes())
        self.check_same(folder)

    def test_as_it_began(self):
        """Selection, order, repeats and judgement hold again; reports are written anew."""
        folder = self.folder()
        command = ("run", *self.iut(), "--out", folder, "--shuffle", "--repeat", 2, "--no-retry", "--skip", "many/m00/c03", "--strict",
                   "--report", f"tap={folder / 'a.tap'}", "many/m00")
        code = self.vsscts(*command).returncode
        log, report = folder / "run.jsonl", folder / "report.json"
        before, tap = stable(json.loads(report.read_text(encoding="utf-8"))), (folder / "a.tap").read_text(encoding="utf-8")
        order = [event["case"] for event in map(json.loads, log.read_text(encoding="utf-8").splitlines()) if event["e"] == "begin"]
        whole = log.read_bytes()
        log.write_bytes(whole[:len(whole) // 2])
        (folder / "a.tap").unlink()
        self.expect(code, "run", "--resume", folder, "-j", 1)
        self.assertEqual(stable(json.loads(report.read_text(encoding="utf-8"))), before)
        self.assertEqual((folder / "a.tap").read_text(encoding="utf-8"), tap)
        events = list(map(json.loads, log.read_text(encoding="utf-8").splitlines()))
        again = next(at for at, event in enumerate(events) if event["e"] == "resume")
        rest = [event["case"] for event in events[again:] if event["e"] == "begin"]
        ended = {event["run"] for event in events[:again] if event["e"] == "end"}
        done = [event["case"] for event in events[:again] if event["e"] == "begin" and event["run"] in ended]
        self.assertEqual(sorted(done + rest), sorted(order))
        self.assertEqual(rest, [case for at, case in enumerate(order) if case not in done or at >= len(order) // 2 and
                                order[:at + 1].count(case) > done.count(case)])
        self.assertEqual(events[again]["jobs"], 1)

    def test_refused(self):
        """What is another run than that of the log; the log stays as it is."""
        whole = (self.whole / "run.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)

        def header(change):
            value = json.loads(whole[0])
            change(value)
            return json.dumps(value) + "\n"

        other = self.dir / "other.json"
        other.write_text(self.profile.read_text(encoding="utf-8").replace('"10.0"', '"6.1"'), encoding="utf-8")
        for change, options, message in (
                (lambda h: h["suite"].update(tables="0" * 16), (), "is of other tables"),
                (lambda h: h["suite"].update(version="0.0.9"), (), "is of version 0.0.9"),
                (lambda h: h["iut"].update(sha256="0" * 64), (), "the implementation is not that of the log"),
                (lambda h: h["options"].pop("arguments"), (), "does not tell what the run was told"),
                (lambda h: h["options"].update(arguments=["--nothing"]), (), "what the run was told is not understood"),
                (lambda h: h.update(selected=3), (), "of other cases"),
                (lambda h: None, ("--iut", other), "is of another profile"),
                (lambda h: None, ("--tag", "null"), "--tag and --resume exclude each other"),
                (lambda h: None, ("--seed", "0"), "--seed and --resume exclude each other"),
                (lambda h: None, ("--out", "x"), "--out and --resume exclude each other"),
                (lambda h: None, ("many",), "--resume takes no pattern ('many')")):
            with self.subTest(message=message):
                folder = self.folder()
                text = header(change) + "".join(whole[1:200])
                (folder / "run.jsonl").write_text(text, encoding="utf-8")
                self.assertIn(message, self.expect(2, "run", "--resume", folder, *options).stderr)
                self.assertEqual((folder / "run.jsonl").read_text(encoding="utf-8"), text)


class Shards(Base):
    def ids(self, *options, env=None):
        done = self.expect(0, "list", "--json", "--home", self.dir, "--cases", self.dir / "cases", *options, env=env)
        return [case["id"] for case in json.loads(done.stdout)]

    def test_every_case_in_one(self):
        everything = self.ids()
        for count in 1, 3, 7, CASES, CASES + 5:
            parts = [self.ids("--shard", f"{index}/{count}") for index in range(1, count + 1)] if count < 10 else \
                [self.ids("--shard", f"{index}/{count}") for index in (1, 2, count)]
            sizes = {len(part) for part in parts}
            self.assertLessEqual(max(sizes) - min(sizes), 1)
            if count < 10:
                self.assertEqual(sorted(case for part in parts for case in part), everything)

    def test_environment(self):
        """It is read for --shard auto alone; an explicit part wins."""
        status = self.folder() / "status"
        bazel = {"TEST_TOTAL_SHARDS": "4", "TEST_SHARD_INDEX": "1", "TEST_SHARD_STATUS_FILE": str(status)}
        gitlab = {"CI_NODE_TOTAL": "5", "CI_NODE_INDEX": "2"}
        for env, part in ((bazel, "2/4"), (gitlab, "2/5"), ({**gitlab, **bazel}, "2/4"), ({"CI_NODE_TOTAL": "1"}, "1/1"), ({}, "1/1")):
            self.assertEqual(self.ids("--shard", "auto", env=env), self.ids("--shard", part), env)
        self.assertTrue(status.exists())
        self.assertEqual(self.ids("--shard", "1/3", env=bazel), self.ids("--shard", "1/3"))
        self.assertEqual(self.ids(env={**bazel, **gitlab}), self.ids())
        for env in {**bazel, "TEST_SHARD_INDEX": "4"}, {**bazel, "TEST_SHARD_INDEX": "-1"}, {**gitlab, "CI_NODE_INDEX": "0"}, \
                {"CI_NODE_TOTAL": "2"}:
            self.assertIn("--shard auto: ", self.expect(2, "list", "--cases", self.dir / "cases", "--shard", "auto", env=env).stderr)

    def test_refused(self):
        for text in "0/4", "5/4", "1", "1/", "/2", "a/2", "1/2/3", "1/10001", "-1/2", "":
            self.assertIn("--shard: ", self.expect(2, "list", "--cases", self.dir / "cases", "--shard", text).stderr)

    def test_run(self):
        """The log and the report name the part; judged again and resumed, it is the same part."""
        folder = self.folder()
        code = self.vsscts("run", *self.iut(), "--out", folder, "--shard", "auto", env={"CI_NODE_TOTAL": "3", "CI_NODE_INDEX": "3"}).returncode
        report = stable(json.loads((folder / "report.json").read_text(encoding="utf-8")))
        self.assertEqual(report["run"]["options"]["shard"], "3/3")
        self.assertEqual([case["id"] for case in report["cases"]], self.ids("--shard", "3/3"))
        log = folder / "run.jsonl"
        self.check_log(log)
        self.assertIn("did not select the same cases (shard)",
                      self.expect(2, "compare", "--home", self.dir, "--cases", self.dir / "cases", self.whole, folder).stderr)
        log.write_bytes(log.read_bytes()[:20000])
        again = folder / "again.json"
        self.expect(5, "report", "--home", self.dir, "--cases", self.dir / "cases", "--json", again, log)
        self.assertEqual(len(json.loads(again.read_text(encoding="utf-8"))["cases"]), CASES // 3)
        self.expect(code, "run", "--resume", folder)
        self.assertEqual(stable(json.loads((folder / "report.json").read_text(encoding="utf-8"))), report)

    def test_empty(self):
        """An empty part is no mistake; a selection that is empty as a whole is."""
        folder = self.folder()
        self.expect(0, "run", *self.iut(), "--out", folder, "--shard", "2/2", "--report", f"junit={folder / 'a.xml'},tap={folder / 'a.tap'}",
                    "many/m00/c00/p0")
        self.assertEqual(json.loads((folder / "report.json").read_text(encoding="utf-8"))["cases"], [])
        self.expect(0, "report", "--home", self.dir, "--cases", self.dir / "cases", folder / "run.jsonl")
        self.expect(0, "run", "--resume", folder)
        self.expect(4, "run", *self.iut(), "--out", folder, "--shard", "1/2", "--skip", "many")


class Merge(Base):
    PARTS = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = [cls.dir / f"part-{index}" for index in range(1, cls.PARTS + 1)]
        for index, part in enumerate(cls.parts, 1):
            cls.vsscts("run", *cls.iut(), "--out", part, "--shard", f"{index}/{cls.PARTS}")

    def merge(self, code, *logs, out=None, more=()):
        out = out or self.folder()
        return out, self.expect(code, "merge", "--home", self.dir, "--cases", self.dir / "cases", *logs, "--out", out, *more)

    def changed(self, part, change):
        """The log of a part, with another header or other events."""
        lines = (part / "run.jsonl").read_text(encoding="utf-8").splitlines()
        events = list(map(json.loads, lines))
        change(events)
        log = self.folder() / "run.jsonl"
        log.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
        return log

    def check_whole(self, out):
        self.check_same(out)
        self.check_log(out / "run.jsonl")

    def test_whole(self):
        """In whatever order: the report of the run that was never divided, now and when the log is judged again."""
        out, done = self.merge(self.code, *reversed(self.parts))
        self.check_whole(out)
        self.assertNotIn("outstanding", done.stderr)
        json_file = out / "again.json"
        self.expect(self.code, "report", "--home", self.dir, "--cases", self.dir / "cases", "--json", json_file, out / "run.jsonl")
        self.assertEqual(stable(json.loads(json_file.read_text(encoding="utf-8"))), self.report)
        self.expect(0, "compare", "--home", self.dir, "--cases", self.dir / "cases", self.whole, out)
        # What is joined can be joined again, alone.
        again, _ = self.merge(self.code, out)
        self.assertEqual((again / "run.jsonl").read_bytes(), (out / "run.jsonl").read_bytes())

    def test_killed(self):
        """The parts killed at any moment and resumed, again and again, then joined."""
        kills = 0
        while kills < KILLS:
            folder = self.folder()
            parts = [folder / str(index) for index in range(1, self.PARTS + 1)]
            for index, part in enumerate(parts, 1):
                kills += self.run_to_end(part, "run", *self.iut(), "--out", part, "--shard", f"{index}/{self.PARTS}")
            out, _ = self.merge(self.code, *parts)
            self.check_whole(out)
            self.assertEqual(set(self.begun(out / "run.jsonl").values()), {1})

    def test_missing(self):
        """A part that is not there, and one that was broken off: named, outstanding, and nothing that has ended is lost."""
        cut = self.folder() / "run.jsonl"
        whole = (self.parts[1] / "run.jsonl").read_bytes()
        cut.write_bytes(whole[:len(whole) // 2])
        out, done = self.merge(5, self.parts[0], cut)
        parts = [[case["id"] for case in json.loads((part / "report.json").read_text(encoding="utf-8"))["cases"]] for part in self.parts]
        ended = self.begun(out / "run.jsonl")
        left = [case for case in parts[1] if (case, 1) not in ended]
        self.assertTrue(0 < len(left) < len(parts[1]))
        self.assertEqual(done.stderr.splitlines(), [
            f"part 2/3 was broken off: {len(left)} cases outstanding ({', '.join(left[:5])}, ...); {cut}",
            f"part 3/3 is not there: {len(parts[2])} cases outstanding ({', '.join(parts[2][:5])}, ...)"])
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        self.assertEqual({case["id"] for case in report["cases"] if case.get("reason") == "outstanding"}, {*left, *parts[2]})
        # The rest can be run from there.
        self.expect(self.code, "run", "--resume", out)
        self.check_whole(out)
        self.assertEqual(set(self.begun(out / "run.jsonl").values()), {1})

    def test_end_is_missing(self):
        """All cases have ended, but not the run: there may be second attempts to make."""
        log = self.changed(self.parts[0], lambda events: events.pop())
        _, done = self.merge(5, log, *self.parts[1:])
        self.assertEqual(done.stderr.splitlines(), [f"part 1/3 was broken off: 0 cases outstanding; {log}"])

    def test_empty_parts(self):
        folder = self.folder()
        for index in 1, 2, 3:
            self.expect(0, "run", *self.iut(), "--out", folder / str(index), "--shard", f"{index}/3", "many/m00/c00/p0")
        out, _ = self.merge(0, *(folder / str(index) for index in (1, 2, 3)))
        self.assertEqual([case["id"] for case in json.loads((out / "report.json").read_text(encoding="utf-8"))["cases"]],
                         ["many/m00/c00/p0"])

    def test_refused(self):
        """What does not belong together, or is no log; nothing is written."""
        first, second, third = self.parts

        def header(change):
            return self.changed(second, lambda events: change(events[0]))

        def in_options(**values):
            return header(lambda h: h["options"].update(values))

        other_case = next(case["id"] for case in self.report["cases"])
        for logs, message in (
                ((first, first), "have the same cases: both are part 1/3"),
                ((self.whole, self.whole), "have the same cases: both are the whole"),
                ((self.whole, second), "are not of the same division: the whole and part 2/3"),
                ((first, in_options(shard="2/4")), "are not of the same division"),
                ((first, in_options(shard="4/3")), "options.shard is no part"),
                ((first, in_options(patterns=["many/m00"])), 'options.patterns is [] and ["many/m00"]'),
                ((first, in_options(repeat=2)), "options.repeat is 1 and 2"),
                ((first, in_options(strict=True)), "options.strict is false and true"),
                ((first, header(lambda h: h["suite"].update(tables="0" * 16))), 'suite.tables is "'),
                ((header(lambda h: h["suite"].update(tables="0" * 16)),), "is of other tables (0000000000000000, these are "),
                ((first, header(lambda h: h["iut"].update(sha256="0" * 64))), "iut.sha256 is "),
                ((first, header(lambda h: h["profile"].update(can=["writers"]))), "profile is "),
                ((first, header(lambda h: h["host"].update(wine="99.0"))), "host.wine is "),
                ((header(lambda h: h["iut"].pop("sha256")),), "does not tell the hash"),
                ((header(lambda h: h.update(selected=5)),), "does not say that 33 cases are selected"),
                ((self.changed(second, lambda events: events.insert(1, {"e": "skip", "t": 0, "case": other_case, "reason": "x"})),),
                 f"run.jsonl:2: {other_case} is no case of this part"),
                ((self.changed(second, lambda events: events.append({"e": "end", "t": 0, "run": 1, "how": "done"})),), "that is not running"),
                ((self.changed(second, lambda events: events.insert(1, {"e": "step", "t": 0, "run": 1 << 40})),), "belongs to no execution"),
                ((self.changed(second, lambda events: events.insert(1, {"e": "worker", "t": 1 << 62, "worker": 1})),), "the time or the worker"),
                ((self.dir / "none",), "cannot be read")):
            with self.subTest(message=message):
                out, done = self.merge(2, *logs)
                self.assertIn(message, done.stderr)
                self.assertEqual(list(out.iterdir()), [])
        self.assertIn("merge needs --out", self.expect(2, "merge", first).stderr)
        before = (third / "run.jsonl").read_bytes()
        _, done = self.merge(2, first, third, out=third)
        self.assertIn("is one of the logs that are joined", done.stderr)
        self.assertEqual((third / "run.jsonl").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
