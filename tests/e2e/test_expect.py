"""Expectation files from outside: what is wrong with one, and the file that a run makes as expected."""

import json
import pathlib
import tempfile
import unittest

from test_cli import HOME, SOURCE, Base, jsonschema, load, vsscts


def entry(cases, *verdicts, reason="bug 7", **more):
    return {"cases": cases, "verdicts": list(verdicts), "reason": reason, **more}


class Expect(Base):
    def file(self, *entries, name="expect.json"):
        """An expectation file with an entry a line, from the second line on."""
        path = self.dir / name
        path.write_text('{"format": 1, "kind": "expectations", "iut": "lab", "entries": [\n' +
                        ",\n".join(json.dumps(one) for one in entries) + "]}\n", encoding="utf-8")
        return path


class Check(Expect):
    def test_files_of_the_suite(self):
        lines = self.expect(0, "expect", "check").stdout.splitlines()
        self.assertEqual(len(lines), len(list((HOME / "expectations").glob("*.json"))))
        for line in lines:
            self.assertRegex(line, r"/expectations/[^/]*\.json: \d+ entr(y|ies), no errors$")

    def test_good_file(self):
        path = self.file(entry("factory/**", "fail"), entry("factory/create", "crash", "hang"))
        self.assertEqual(self.expect(0, "expect", "check", path).stdout, f"{path}: 2 entries, no errors\n")

    def test_errors_have_places(self):
        unused = self.file(entry("factory/crate", "fail"), name="unused.json")
        wrong = self.file(entry("factory/create", "fail", reason=""), entry("factory/**", "skip"), name="wrong.json")
        done = self.expect(2, "expect", "check", unused, wrong, self.dir / "missing.json")
        self.assertEqual(done.stdout, "")
        self.assertIn(f"{unused}:2:11: no case has the id or prefix 'factory/crate'; the nearest is 'factory/create'\n",
                      done.stderr)
        self.assertRegex(done.stderr, r"wrong\.json:2:\d+: \"reason\" is wanted")
        self.assertRegex(done.stderr, r"wrong\.json:3:\d+: \"skip\" cannot be expected")
        self.assertIn("missing.json: cannot read: ", done.stderr)


class Update(Expect):
    """One run of a few cases against Wine's DLL, judged by nothing."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-expect-")
        cls.addClassCleanup(folder.cleanup)
        cls.log = pathlib.Path(folder.name) / "run.jsonl"
        cls.ran = vsscts("run", "--iut", "wine", "--no-expect", "--no-retry", "--out", folder.name, "exports/writer",
                         "exports/functions")

    def setUp(self):
        super().setUp()
        self.assertEqual(self.ran.returncode, 1, self.ran.stdout[-2000:] + self.ran.stderr[-2000:])

    def update(self, path, *more, code=0):
        return self.expect(code, "expect", "update", self.log, "--expect", path, *more)

    def test_new_file(self):
        path = self.dir / "new.json"
        dry = self.update(path, "--dry-run").stdout
        self.assertFalse(path.exists())
        told = self.update(path).stdout
        made = load(path)
        self.assertEqual(dry, told.replace(" removed\n", " removed (not written: --dry-run)\n"))
        self.assertEqual(told.splitlines()[-1], f"{path}: {len(made['entries'])} added, 0 changed, 0 removed")
        self.assertEqual(made["iut"], "wine")
        self.assertGreater(len(made["entries"]), 0)
        day = json.loads(self.log.read_text(encoding="utf-8").splitlines()[0])["started"][:10]
        for one in made["entries"]:
            self.assertIn(f"+ {one['cases']}  {one['verdicts'][0]}\n    {one['reason']}\n", told)
            self.assertTrue(one["reason"].startswith(f"{day}: ") and len(one["reason"]) > 20, one)
        if jsonschema is not None:
            jsonschema.validate(made, load(SOURCE / "reports/schema/expectations.schema.json"))
        self.expect(0, "report", self.log, "--expect", path)
        self.expect(0, "expect", "check", path)
        text = path.read_bytes()
        self.assertEqual(self.update(path).stdout, f"{path}: nothing to change\n")
        self.assertEqual(path.read_bytes(), text)

    def test_changes_and_what_goes(self):
        """The file of the suite for Wine, worse here, better there; the rest of it stays to the letter."""
        path = self.dir / "wine.json"
        right = (HOME / "expectations" / "wine-8.0.json").read_text(encoding="utf-8")
        file = json.loads(right)
        wide = next(one for one in file["entries"] if one["cases"] == "exports/writer/**")
        wide["verdicts"] = ["crash"]
        better = "exports/functions/should-block-revert"
        file["entries"] += [entry("exports/gone", "fail"), entry(better, "fail")]
        file["entries"].sort(key=lambda one: one["cases"])
        path.write_text(json.dumps(file), encoding="utf-8")
        self.expect(1, "report", self.log, "--expect", path)
        told = self.update(path).stdout
        self.assertIn("~ exports/writer/** when arch=x86_64  crash -> not_implemented\n", told)
        self.assertIn("- exports/gone  fail\n", told)
        self.assertIn(f"- {better}  fail\n", told)
        made, entries = load(path)["entries"], json.loads(right)["entries"]
        at = [one["cases"] for one in made].index("exports/writer/**")
        self.assertEqual(made[at].pop("note"), entries[at]["reason"])
        made[at]["reason"] = entries[at]["reason"]
        self.assertEqual(made, entries)
        self.expect(0, "report", self.log, "--expect", path)

    def test_nothing_is_lost(self):
        bad = self.file(entry("exports/**", "fail", reason=""))
        text = bad.read_bytes()
        self.assertIn(f"{bad}:2:", self.update(bad, code=2).stderr)
        self.assertEqual(bad.read_bytes(), text)
        self.assertIn("cannot", self.update(self.dir / "no folder" / "e.json", code=70).stderr)
        self.assertIn("--expect names the file to write", self.expect(2, "expect", "update", self.log).stderr)
        self.assertEqual(sorted(path.name for path in self.dir.iterdir()), ["expect.json"])

    def test_broken_off(self):
        """What did not run stays: a log of which half is missing takes nothing away."""
        lines = self.log.read_text(encoding="utf-8").splitlines(keepends=True)
        half = self.dir / "half.jsonl"
        half.write_text("".join(lines[:len(lines) // 2]), encoding="utf-8")
        path = self.dir / "e.json"
        self.update(path)
        text = path.read_bytes()
        done = self.expect(0, "expect", "update", half, "--expect", path)
        self.assertIn("have not ended: nothing is changed for them", done.stderr)
        self.assertEqual(path.read_bytes(), text)


if __name__ == "__main__":
    unittest.main()
