"""Logs that are sealed: what was altered is told, whatever it was; what was broken off holds as far as it goes."""

import hashlib
import json
import random
import re
import unittest

from test_cli import vsscts
from test_compare import Logs
from test_many import WORKER


class Sealed(Logs):
    """The log of the fake worker, of some two thousand lines."""

    def verify(self, code, text, name="other.jsonl"):
        path = self.dir / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = vsscts("verify", path)
        self.assertEqual(done.returncode, code, done.stdout[-2000:] + done.stderr[-2000:])
        return done.stdout

    def run_fake(self, out, *args, code=1):
        done = self.command("run", "--iut", self.dir / "profile.json", "--worker", WORKER, "--no-retry", "--out", out, *args)
        self.assertEqual(done.returncode, code, done.stdout[-2000:] + done.stderr[-2000:])
        return out / "run.jsonl"

    def test_seals_are_what_they_say(self):
        """Another program finds the same hashes."""
        before, seals = b"", 0
        for line in self.old.read_bytes().splitlines(keepends=True):
            event = json.loads(line)
            if event["e"] in ("seal", "footer"):
                plain = re.sub(rb',"seal":"[0-9a-f]{64}"\}\n$', b"}\n", line)
                self.assertEqual(event["seal"], hashlib.sha256(before + plain).hexdigest())
                seals += 1
            before += line
        self.assertGreater(seals, 2)

    def test_as_recorded(self):
        printed = self.verify(0, "".join(self.lines))
        self.assertRegex(printed, rf"sealed: +up to line {len(self.lines)} of {len(self.lines)}; \d+ seals hold, the last is [0-9a-f]{{64}}\n")
        self.assertRegex(printed, r"suite: +version [\d.]+, tables [0-9a-f]{16}, recorded 20")
        self.assertIn("result: as it was recorded (exit 0)\n", printed)

    def test_every_character_counts(self):
        data = self.old.read_bytes()
        draw = random.Random(7)
        for at in [0, len(data) - 2, len(data) - 4, *draw.sample(range(len(data)), 60)]:
            other = bytearray(data)
            other[at] = draw.choice([byte for byte in b"0a ,\n" if byte != other[at]])
            done = self.command_of(bytes(other))
            self.assertIn(done.returncode, (1, 2, 5), f"byte {at}: {done.stdout}{done.stderr}")
            self.assertNotIn("(exit 0)", done.stdout)

    def command_of(self, data):
        path = self.dir / "spoilt.jsonl"
        path.write_bytes(data)
        return vsscts("verify", path)

    def test_lines(self):
        """Left out, doubled, exchanged, put in."""
        last = next(at for at in range(1500, len(self.lines)) if json.loads(self.lines[at])["e"] == "step")
        seals = [at for at, line in enumerate(self.lines, 1) if '{"e":"seal"' in line or '{"e":"footer"' in line]
        good = max(at for at in seals if at <= last)
        bad = min(at for at in seals if at > last)
        for change, shift in ((lambda made: made.pop(last), -1), (lambda made: made.insert(last, made[last]), 1),
                              (lambda made: made.insert(last, made.pop(last + 1)), 0),
                              (lambda made: made.insert(last, '{"e":"output","t":1,"worker":1,"text":"x"}\n'), 1)):
            made = list(self.lines)
            change(made)
            if made == self.lines:
                continue
            printed = self.verify(1, "".join(made))
            self.assertIn(f"altered:  the seal in line {bad + shift} does not hold: something after line {good} was changed, left out "
                          "or put in\n", printed)
            self.assertIn("result: not to be trusted (exit 1)\n", printed)

    def test_broken_off(self):
        """Up to the last seal it holds, and after it is resumed as a whole."""
        self.assertIn("sealed:   no; ", self.verify(1, "".join(self.lines[:500])))
        self.assertIn("whole:    no, ", self.verify(5, "".join(self.lines[:-1])))
        printed = self.verify(5, "".join(self.lines[:1700]) + self.lines[1700][:20])
        self.assertRegex(printed, r"sealed: +up to line 1\d\d\d of 1700; 1 seals hold")
        self.assertIn("result: as it was recorded, as far as it goes (exit 5)\n", printed)
        for cut in (5, 900, 1300, 2000):
            log = self.run_fake(self.dir / f"cut-{cut}")
            lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
            log.write_text("".join(lines[:cut]) + lines[cut][:9], encoding="utf-8")
            done = self.command("run", "--resume", log.parent)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertEqual(vsscts("verify", log).returncode, 0)
            self.assertEqual(vsscts("verify", log.parent).returncode, 0)

    def test_joined(self):
        """A joined log has seals of its own, and names those of its parts."""
        logs = [self.run_fake(self.dir / f"part-{number}", "--shard", f"{number}/2") for number in (1, 2)]
        out = self.dir / "joined"
        self.assertEqual(self.command("merge", *logs, "--out", out).returncode, 1)
        self.assertEqual(vsscts("verify", out).returncode, 0)
        lines = (out / "run.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual(json.loads(lines[0])["parts"], [json.loads(log.read_text(encoding="utf-8").splitlines()[-1])["seal"] for log in logs])
        self.assertEqual(sum('{"e":"seal"' in line for line in lines), (len(lines) - 1) // 1001)

    def test_older(self):
        """A log without seals says so, and is no less judged."""
        lines = [re.sub(r',"seal":"\w+"\}$', "}", line) for line in self.lines if '{"e":"seal"' not in line]
        self.assertIn("sealed:   no; it was recorded before logs had seals", self.verify(1, "".join(lines)))
        self.assertEqual(self.command("compare", self.old, self.dir / "other.jsonl").returncode, 0)

    def test_no_log(self):
        for text in ("", "{}\n", "x\n", '{"e":"footer"}\n', self.lines[0] + self.lines[0]):
            self.assertEqual(self.command_of(text.encode()).returncode, 2)
        self.assertEqual(vsscts("verify", self.dir / "nowhere").returncode, 2)

    def test_foreign(self):
        """Folders of users do not belong in a log that leaves the machine."""
        header = json.loads(self.lines[0])
        plain = [re.sub(r',"seal":"\w+"\}$', "}", line) for line in self.lines[1:] if '{"e":"seal"' not in line]
        for path, named in ((r"C:\Users\jane\vssapi.dll", True), ("/home/jane/x", True), (r"\\?\C:\DOCUMENTS AND SETTINGS\Jane", True),
                            (r"C:\Users\Public\x", False), ("{home}/x", False), (r"C:\Users\{user}\x", False), ("/homes/x", False)):
            header["iut"]["path"] = path
            done = self.command_of((json.dumps(header) + "\n" + "".join(plain)).encode())
            self.assertEqual("foreign:  line 1 names a user's folder: " in done.stdout, named, path)

    def test_names_stay_here(self):
        """What names a person does not get into the log, and is there all the same for who goes on with the run."""
        home = self.dir / "home" / "jane"
        (home / "clone").mkdir(parents=True)
        env = {"HOME": str(home)}
        profile = home / "clone" / "profile.json"
        profile.write_text((self.dir / "profile.json").read_text(encoding="utf-8").replace("/fake/ok.dll", f"{home}/clone/fake/ok.dll"),
                           encoding="utf-8")
        expect = home / "clone" / "expect.json"
        expect.write_text('{"format": 1, "kind": "expectations", "iut": "many", "entries": []}\n', encoding="utf-8")
        common = ("--home", self.dir, "--cases", self.dir / "cases")
        out = home / "out"
        done = vsscts("run", *common, "--iut", profile, "--worker", WORKER, "--no-retry", "--expect", expect, "--out", out, env=env)
        self.assertEqual(done.returncode, 1, done.stderr)
        log = out / "run.jsonl"
        text = log.read_text(encoding="utf-8")
        self.assertNotIn("jane", text.lower())
        options = json.loads(text.splitlines()[0])["options"]
        self.assertEqual(options["expect"], "{home}/clone/expect.json")
        self.assertIn("{home}/clone/profile.json", options["arguments"])
        self.assertEqual(vsscts("verify", log).returncode, 0)
        # commands and files are told as they are here
        self.assertIn(f"--iut {profile}", done.stdout)
        done = vsscts("report", *common, log, env=env)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn(f"--iut {profile}", done.stdout)
        lines = text.splitlines(keepends=True)
        log.write_text("".join(lines[:1500]), encoding="utf-8")
        done = vsscts("run", "--resume", out, env=env)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("goes on: ", done.stdout)
        self.assertNotIn("jane", log.read_text(encoding="utf-8").lower())
        self.assertEqual(vsscts("verify", log).returncode, 0)


if __name__ == "__main__":
    unittest.main()
