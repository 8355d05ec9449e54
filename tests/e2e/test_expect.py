"""Expectation files from outside: what is wrong with one, and the file that a run makes as expected."""

import json
import unittest

from test_cli import HOME, Base


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


if __name__ == "__main__":
    unittest.main()
