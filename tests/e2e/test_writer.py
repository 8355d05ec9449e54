"""The fixture writer in the worker and in a process of its own, against writer_host.dll: every step on a writer of
docs/protocol.md, and what a host of writers must never do to the worker."""

import json
import os
import shutil
import tempfile
import time
import unittest

from test_worker import ACCESS_VIOLATION, Base as WorkerBase, tearDownModule, thread
from worker_driver import HOME, S_OK, Worker, arg, call, out, windows_path

WRITER = "11111111-0000-0000-0000-000000000000"
IDENTIFY, PREPARE, SNAPSHOT, FREEZE, THAW, POST, COMPLETE, SHUTDOWN, ABORT, PRE_RESTORE, POST_RESTORE = range(11)
WELL, THREAD, NULL, BAD_TABLE, BAD_NAME, NO_ANSWER, CRASH, EXIT, PRINT, LONG_NAME = range(10)
BEHAVE, INITIALIZE_FAILS, SUBSCRIBE_FAILS, WRITES_BEHIND = range(4)
RETRYABLE = 0x800423F3
MEMBERS = {
    "Subscribe": ["?Subscribe@CVssWriter@@QEAAJK@Z", "?Subscribe@CVssWriter@@QAGJK@Z"],
    "Unsubscribe": ["?Unsubscribe@CVssWriter@@QEAAJXZ", "?Unsubscribe@CVssWriter@@QAGJXZ"],
    "AreComponentsSelected": ["?AreComponentsSelected@CVssWriter@@IEBA_NXZ", "?AreComponentsSelected@CVssWriter@@IBG_NXZ"],
    "IsPathAffected": ["?IsPathAffected@CVssWriter@@IEBA_NPEBG@Z", "?IsPathAffected@CVssWriter@@IBG_NPBG@Z"],
    "GetBackupType": ["?GetBackupType@CVssWriter@@IEBA?AW4_VSS_BACKUP_TYPE@@XZ",
                      "?GetBackupType@CVssWriter@@IBG?AW4_VSS_BACKUP_TYPE@@XZ"],
    "GetCurrentSnapshotSetId": ["?GetCurrentSnapshotSetId@CVssWriter@@IEBA?AU_GUID@@XZ",
                                "?GetCurrentSnapshotSetId@CVssWriter@@IBG?AU_GUID@@XZ"],
}


def writer(what, name="w", ms=20000, **more):
    return dict({"op": "writer", "do": what, "id": name, "ms": ms}, **more)


def start(where="worker", name="w", config=None, **more):
    return writer("start", name, **{"in": where}, config=config or {"id": WRITER, "name": "w"}, **more)


def script(event, steps=(), **what):
    return writer("script", event=event, script=what, **({"steps": list(steps)} if steps else {}))


def reached(event, count=1, ms=20000, **more):
    return writer("reached", event=event, count=count, ms=ms, **more)


def member(name, ret, *args, on="writer"):
    """A call of a member of the class, on the object in a variable."""
    return {"op": "export", "on": on, "names": MEMBERS[name], "ret": ret, "args": list(args)}


def export(name, *args):
    return {"op": "export", "names": [name], "ret": "hresult", "args": list(args)}


def fire(event, mode=WELL):
    return export("HostFire", arg("event", "u32", event), arg("mode", "u32", mode))


def behave(how):
    return export("HostBehave", arg("how", "u32", how))


NEXT = export("HostNext")


def last():
    return export("HostLast", out("returned", "u32"), out("failure", "hresult"))


def names(events):
    return [event["event"] for event in events]


__all__ = ["tearDownModule"]  # the prefixes are those of the worker's tests


class Base(WorkerBase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dll = HOME / cls.arch / "hostile" / "writer_host.dll"

    def loaded(self, **more):
        worker = self.start()
        self.assertEqual(worker.load(windows_path(self.dll), factory=("HostCreate",), **more)["m"], "loaded")
        return worker

    def run_alone(self, *steps, final=(), environment=None, **more):
        """In a worker of its own, which must reach `done`."""
        run = self.loaded(environment=environment).run(list(steps), list(final), **more)
        self.assertEqual(run.last and run.last["m"], "done", run.messages[-2:])
        return run


class Here(Base):
    """A writer in the requester's process."""

    def test_start_and_stop(self):
        run = self.run_alone(start(), writer("stop"))
        self.assertEqual(run[0]["hr"], S_OK)
        self.assertEqual(run[0]["calls"], {"Initialize": S_OK, "Subscribe": S_OK})
        self.assertNotIn("over", run[0])
        self.assertEqual(run[1]["calls"], {"Unsubscribe": S_OK})
        self.assertEqual((run[1]["hr"], run[1]["events"]), (S_OK, []))
        self.assertEqual(run.teardown(), [])

    def test_a_refusal_is_the_result(self):
        for how, calls in ((INITIALIZE_FAILS, {"Initialize": "0x80070005"}),
                           (SUBSCRIBE_FAILS, {"Initialize": S_OK, "Subscribe": "0x8004231A"})):
            run = self.run_alone(behave(how), start(need=[S_OK]), writer("events"), final=[writer("stop")])
            self.assertEqual(run[1]["calls"], calls)
            self.assertEqual(run[1]["hr"], list(calls.values())[-1])
            self.assertTrue(run.last["stopped"])
            self.assertEqual(run[1000]["skipped"], "no writer w")

    def test_the_object_has_two_words(self):
        self.assertTrue(self.run_alone(behave(WRITES_BEHIND), start())[1]["over"])

    def test_facts(self):
        run = self.run_alone(start(), *[fire(event) for event in range(11)], writer("events"))
        events = run[12]["events"]
        self.assertEqual(names(events), [
            "Identify", "PrepareBackup", "PrepareSnapshot", "Freeze", "Thaw", "PostSnapshot", "BackupComplete",
            "BackupShutdown", "Abort", "PreRestore", "PostRestore"])
        self.assertEqual([event["n"] for event in events], list(range(1, 12)))
        self.assertEqual({event["thread"] for event in events}, {1})
        self.assertTrue(all(event["returned"] for event in events))
        backup = {"context": 9, "backup_type": 3, "partial_files": False, "components_selected": True,
                  "bootable_state": False}
        snapshot = {"snapshot_set": "{id:1}", "level": 2, "volumes": ["C:\\", None]}
        self.assertEqual(events[IDENTIFY]["calls"], {"metadata": "0x80004003"})
        for at, facts in ((PREPARE, backup), (SNAPSHOT, backup | snapshot), (FREEZE, backup | snapshot),
                          (POST, backup | snapshot), (COMPLETE, backup), (SHUTDOWN, {"snapshot_set": "{id:1}"}),
                          (PRE_RESTORE, {"restore_type": 1})):
            self.assertEqual(events[at] | facts, events[at])
        self.assertEqual(events[POST]["devices"], ["\\\\?\\device", "0x80042308"])
        self.assertEqual(events[COMPLETE]["components"], [{
            "type": 2, "path": None, "name": "data", "succeeded": True, "backup_options": None,
            "backup_metadata": None, "backup_stamp": None, "previous_stamp": None}])
        self.assertEqual(events[PRE_RESTORE]["components"][0]["selected_for_restore"], True)
        self.assertNotIn("components", events[FREEZE])
        self.assertNotIn("snapshot_set", events[ABORT])

    def test_veto_and_false(self):
        run = self.run_alone(start(), script("Freeze", veto=RETRYABLE, times=1), fire(FREEZE), last(), fire(FREEZE),
                             last(), script("Thaw", **{"return": False}), fire(THAW), last(), writer("events"))
        self.assertEqual((run.value(3, "returned"), run.value(3, "failure")), (0, "0x800423F3"))
        self.assertEqual(run.value(5, "returned"), 1)
        self.assertEqual(run.value(8, "returned"), 0)
        first, second, third = run[9]["events"]
        self.assertEqual((first["returned"], first["failure"], first["set_failure"]), (False, "0x800423F3", S_OK))
        self.assertEqual((second["returned"], third["returned"]), (True, False))
        self.assertNotIn("failure", third)

    def test_hold_reach_go(self):
        run = self.run_alone(start(), script("Freeze", hold=True), fire(FREEZE, THREAD), reached("Freeze"),
                             writer("events"), writer("go", event="Thaw"), writer("go", event="Freeze"),
                             fire(THAW, THREAD), reached("Thaw"), writer("stop"))
        self.assertEqual(run[3]["ok"], True)
        self.assertNotIn("returned", run[4]["events"][0])
        self.assertEqual(names(run[9]["events"]), ["Freeze", "Thaw"])

    def test_an_event_that_does_not_come(self):
        run = self.run_alone(start(), reached("Freeze", ms=50), fire(FREEZE), reached("Freeze", count=2, ms=50))
        for s in (1, 3):
            self.assertEqual((run[s]["timeout"], run[s]["ms"]), (True, 50))

    def test_slow(self):
        begin = time.monotonic()
        self.run_alone(start(), script("Freeze", slow_ms=700), fire(FREEZE))
        self.assertGreater(time.monotonic() - begin, 0.7)

    def test_what_is_set_on_components(self):
        run = self.run_alone(start(), script("BackupComplete", set=[
            {"component": "data", "backup_metadata": "x", "backup_stamp": "s", "restore_target": 1},
            {"component": "other", "backup_stamp": "s"}]), fire(COMPLETE), fire(COMPLETE, NULL), writer("events"))
        self.assertEqual(run[4]["events"][0]["calls"], {
            "SetBackupMetadata": S_OK, "SetBackupStamp": S_OK, "SetRestoreTarget": S_OK, "component": "0x80042308"})
        self.assertEqual(run[4]["events"][1]["calls"], {"component": "0x80004003"})

    def test_a_held_writer_goes_on_at_the_end(self):
        run = self.run_alone(start(), script("Freeze", hold=True), thread("t", fire(FREEZE)), reached("Freeze"))
        self.assertNotIn("threads_left", run.last)
        seen = run.teardown()[0]
        self.assertEqual((seen["writer"], seen["hr"], names(seen["events"])), ("w", S_OK, ["Freeze"]))

    def test_two_writers_and_one_name_again(self):
        run = self.run_alone(start(), start(name="v"), fire(FREEZE), writer("events"), writer("events", "v"),
                             writer("stop"), writer("stop"), start(), writer("events"))
        self.assertEqual((run[3]["events"], names(run[4]["events"])), ([], ["Freeze"]))
        self.assertEqual(run[6]["skipped"], "no writer w")
        self.assertEqual(run[8]["events"], [])
        self.assertEqual([seen["writer"] for seen in run.teardown()], ["w", "v"])

    def test_one_that_comes_and_goes_leaves_nothing_behind(self):
        rounds = {"op": "repeat", "times": 50, "leaks": True, "steps": [start(), fire(FREEZE), writer("stop")]}
        run = self.run_alone(rounds, writer("events"))
        marks = run[0]["footprint"]
        for what in ("threads", "handles", "blocks"):
            self.assertLess(abs(marks[2][what] - marks[0][what]), 10, marks)
        self.assertEqual(names(run[4]["events"]), ["Freeze"])

    def test_steps_in_an_event(self):
        run = self.run_alone(
            start(**{"as": "object"}), script("BackupComplete", times=2, steps=[
                member("AreComponentsSelected", "bool"),
                member("IsPathAffected", "bool", arg("path", "wstr", None)),
                member("GetBackupType", "ulong"),
                member("GetCurrentSnapshotSetId", "void", out("result", "guid", "set")),
                call(0, out("count", "u32"), on="components"),
                {"op": "compare", "a": "writer", "b": "object", "is": "equal"}]),
            fire(COMPLETE), fire(COMPLETE, THREAD), reached("BackupComplete", 2, left=True), fire(COMPLETE),
            call(0, on="components"), member("GetBackupType", "ulong", on="object"),
            writer("stop"), member("GetBackupType", "ulong", on="object"))
        twice = {s: [end for end in run.ends if end["s"] == s] for s in range(2, 8)}
        for s, number in ((2, 1), (3, 0), (4, 3)):
            self.assertEqual([end["n"] for end in twice[s]], [number] * 2)
        self.assertEqual([end["out"]["result"]["v"] for end in twice[5]], ["{id:1}"] * 2)
        self.assertEqual([end["out"]["count"]["v"] for end in twice[6]], [1, 1])
        self.assertEqual([end["equal"] for end in twice[7]], [True, True])
        self.assertEqual(run[10]["ok"], True)
        self.assertEqual(run[12]["skipped"], "empty variable components")
        self.assertEqual(run[13]["n"], 3)
        self.assertEqual(run[15]["skipped"], "empty variable object")
        self.assertEqual(run.teardown(), [])

    def test_a_step_in_an_event_that_crashes(self):
        fault = export("HostLast", arg("returned", "ptr", None), arg("failure", "ptr", None))
        for mode in (WELL, THREAD):
            run = self.loaded().run([start(), script("Freeze", steps=[NEXT, fault]), fire(FREEZE, mode),
                                     reached("Freeze", left=True)])
            self.assertEqual((run.crash()["code"], run.crash()["s"]), (ACCESS_VIOLATION, 3))
            self.assertEqual((run.crash()["module"], run.crash()["thread"]), ("writer_host.dll", "case"))

    def test_steps_wait_for_nothing_at_the_end(self):
        run = self.run_alone(start(), script("Freeze", hold=True, steps=[member("GetBackupType", "ulong")]),
                             thread("t", fire(FREEZE)), reached("Freeze", left=True, ms=50))
        self.assertEqual(run[2]["n"], 3)
        self.assertEqual((run[5]["timeout"], run[5]["ms"]), (True, 50))
        self.assertNotIn("threads_left", run.last)

    def test_a_writer_in_part(self):
        run = self.run_alone(start(until="construct", **{"as": "o"}), writer("stop"),
                             start(until="initialize", **{"as": "o"}), fire(FREEZE),
                             member("Subscribe", "hresult", arg("events", "u32", 7), on="o"), fire(FREEZE),
                             member("Unsubscribe", "hresult", on="o"), writer("stop"))
        self.assertEqual(("hr" in run[0], run[0]["calls"], "hr" in run[1], run[1]["calls"]), (False, {}, False, {}))
        self.assertEqual((run[2]["hr"], run[2]["calls"]), (S_OK, {"Initialize": S_OK}))
        self.assertEqual((run[3]["hr"], run[4]["hr"], run[5]["hr"]), ("0x00000001", S_OK, S_OK))
        self.assertEqual((names(run[7]["events"]), "hr" in run[7]), (["Freeze"], False))

    def test_hostile_components(self):
        for mode, shown in ((NULL, None), (BAD_NAME, {"bad": True}), (NO_ANSWER, {"untouched": True}),
                            (LONG_NAME, {"cut": 2000})):
            event = self.run_alone(start(), fire(COMPLETE, mode), writer("events"))[2]["events"][0]
            if shown is None:
                self.assertNotIn("components", event)
            else:
                self.assertEqual(event["components"][0]["name"], shown)
        for mode in (BAD_TABLE, CRASH):
            run = self.loaded().run([start(), fire(COMPLETE, mode)])
            self.assertEqual((run.crash()["code"], run.crash()["s"]), (ACCESS_VIOLATION, 1))

    def test_a_log_without_end(self):
        run = self.run_alone(start(), {"op": "repeat", "times": 6000, "steps": [fire(POST)]}, writer("events"))
        events = run[3]["events"]
        self.assertEqual(len(events), 2000)
        self.assertEqual(events[-1], {"event": "PostSnapshot", "n": 2000, "thread": 1, "returned": True, "cut": True})
        self.assertIn("components", events[0])
        self.assertLess(len(json.dumps(events)), 4 << 20)

    def test_without_the_class(self):
        worker = self.start()
        self.assertEqual(worker.load(windows_path(HOME / self.arch / "hostile" / "callee.dll"))["m"], "loaded")
        for where in ("worker", "process"):
            run = worker.run([start(where, need=[S_OK]), writer("events")], [writer("stop")])
            self.assertEqual((run[0]["missing"], run.last["stopped"]), (True, True))
            self.assertEqual((run[1000]["skipped"], run.teardown()), ("no writer w", []))

    def test_malformed_steps_are_refused(self):
        for bad in (writer("dance"), {"op": "writer", "do": "start"}, writer("script", event="Party", script={}),
                    writer("script", event="Freeze"), writer("go", event="Party"), reached("Party")):
            run = self.loaded().run([start(), bad])
            self.assertEqual(run.last["m"], "error", bad)


class There(Base):
    """A writer in a process of its own."""

    def test_start_events_stop(self):
        run = self.run_alone(start("process"), NEXT, reached("Freeze"), NEXT, reached("BackupComplete"),
                             writer("events"), writer("stop"), environment={"HOST_FIRE": "3 6"})
        self.assertEqual((run[0]["hr"], run[0]["calls"]), (S_OK, {"Initialize": S_OK, "Subscribe": S_OK}))
        self.assertEqual(names(run[5]["events"]), ["Freeze", "BackupComplete"])
        self.assertEqual(run[5]["events"][0]["snapshot_set"], "{id:1}")
        self.assertEqual(run[5]["events"][1]["components"][0]["name"], "data")
        self.assertEqual(run[6]["calls"], {"Unsubscribe": S_OK})
        self.assertEqual(run.teardown(), [])

    def test_its_program_is_missing(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        alone = shutil.copy(HOME / self.arch / "vsscts-worker.exe", folder.name)
        worker = Worker(self.prefix, self.arch, program=alone)
        self.addCleanup(worker.kill)
        self.assertEqual(worker.load(windows_path(self.dll), factory=("HostCreate",))["m"], "loaded")
        self.assertEqual(worker.run([start("process")]).last,
                         {"m": "error", "text": "the program of the writer cannot be started: error 2"})

    def test_hold_and_go(self):
        run = self.run_alone(start("process"), script("Freeze", hold=True, veto=RETRYABLE), NEXT, reached("Freeze"),
                             writer("events"), writer("go"), NEXT, reached("Thaw"), writer("stop"),
                             environment={"HOST_FIRE": "3 4"})
        self.assertNotIn("returned", run[4]["events"][0])
        seen = run[8]["events"]
        self.assertEqual((names(seen), seen[0]["returned"], seen[0]["failure"]),
                         (["Freeze", "Thaw"], False, "0x800423F3"))

    def test_an_end_by_the_script(self):
        for what, ended in (({"crash": True}, "crash"), ({"exit": 3}, "exit")):
            run = self.run_alone(start("process"), script("Freeze", **what), NEXT, reached("Thaw"), writer("events"),
                                 writer("go"), writer("stop"), environment={"HOST_FIRE": "3 4"})
            for s in (4, 5, 6):
                self.assertEqual(run[s]["ended"], ended)
                self.assertNotIn("lost", run[s])
            self.assertEqual((run[3]["timeout"], names(run[4]["events"])), (True, ["Freeze"]))

    def test_the_host_crashes_or_ends_there(self):
        for mode, how in ((CRASH, f"crash {ACCESS_VIOLATION}"), (BAD_TABLE, f"crash {ACCESS_VIOLATION}"),
                          (EXIT, "exit status 77")):
            run = self.run_alone(start("process"), NEXT, reached("Freeze"), NEXT, reached("BackupComplete"),
                                 writer("events"), environment={"HOST_FIRE": f"3 6:{mode}"})
            self.assertTrue(run[4]["timeout"])
            self.assertTrue(run[5]["lost"].startswith(how), run[5])
            self.assertEqual(names(run[5]["events"]), ["Freeze"])
            self.assertEqual(run.teardown()[0]["lost"], run[5]["lost"])

    def test_a_host_that_hangs_there(self):
        run = self.run_alone(start("process"), writer("stop", ms=300), start("process", "v"),
                             environment={"HOST_HANGS": "1"})
        self.assertEqual((run[1]["timeout"], run[1]["ms"]), (True, 300))
        self.assertEqual(run.teardown()[0]["lost"], "it did not answer at the end")

    def test_what_the_host_prints_there(self):
        worker = self.loaded(environment={"HOST_FIRE": f"3:{PRINT}"})
        run = worker.run([start("process"), NEXT, reached("Freeze"), writer("stop")])
        self.assertEqual((run[3]["hr"], run.last["m"]), (S_OK, "done"))
        self.assertIn(b"printed by the host", worker.stderr())

    def test_it_ends_with_the_worker(self):
        worker = self.loaded()
        worker.run([start("process")])
        before = self.writers()
        worker.send({"m": "run", "seq": 1, "program": {"id": "x", "apartment": "mta", "finally": [], "steps": [
            start("process") | {"s": 0}, reached("Freeze", ms=60000) | {"s": 1}]}})
        self.assertEqual([worker.receive()["m"] for _ in range(3)], ["b", "e", "b"])
        self.assertEqual(len(self.writers()), len(before) + 1)
        worker.process.kill()
        end = time.monotonic() + 20
        while len(self.writers()) > len(before) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(len(self.writers()), len(before))

    def writers(self):
        """Processes of writers in this prefix."""
        if os.name == "nt":
            self.skipTest("looks into /proc")
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/environ", "rb") as env:
                    if b"vsscts-writer.exe" in line.read() and self.prefix.folder.encode() in env.read():
                        found.append(pid)
            except OSError:
                continue
        return found


def load_tests(loader, _tests, _pattern):
    suite = unittest.TestSuite()
    for case in (Here, There):
        for arch in ("x86_64", "i686"):
            kind = type(f"{case.__name__}_{arch}", (case,), {"arch": arch, "__module__": __name__})
            suite.addTests(loader.loadTestsFromTestCase(kind))
    return suite


if __name__ == "__main__":
    unittest.main()
