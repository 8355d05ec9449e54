"""Programs that are run again and again while one allocation after the other fails, against wants_memory.dll. The
architecture, and what starts a worker, come from the class that this one is mixed into (test_worker.py)."""

from worker_driver import HOME, S_OK, arg, out, windows_path

NO_MEMORY = "0x8007000E"
BLOCKS = 3

GOOD, LEAK, CRASH, SPOIL, HANG, WITHOUT = range(6)

# The functions by which the module allocates, with how many of its allocations a call makes and which is the first.
BY = {"HeapAlloc": (0, 3), "malloc": (1, 3), "calloc": (2, 3), "malloc, realloc": (3, 6), "_strdup": (4, 3),
      "LocalAlloc": (5, 3), "CoTaskMemAlloc": (6, 3), "SysAllocStringLen": (7, 3),
      "SysAllocString, SysReAllocString": (8, 6)}
NONE = 99


def want(by, manner=GOOD, name="Want", **more):
    return dict({"op": "export", "names": [name], "ret": "hresult",
                 "args": [arg("by", "u32", by), arg("manner", "u32", manner)]}, **more)


def exhaust(s=0, until=None, threads="caller", at_most=100, ms=20000):
    return {"s": s, "until": s if until is None else until, "threads": threads, "at_most": at_most, "ms": ms}


class Memory:
    def with_module(self, name="wants_memory.dll"):
        """A worker of its own, with that module loaded."""
        worker = self.start()
        self.assertEqual(worker.load(windows_path(HOME / self.arch / "hostile" / name), factory=[])["m"], "loaded")
        return worker

    def rounds(self, steps, worker=None, message=None, **more):
        """Returns the run and what `done` says of the rounds."""
        run = (worker or self.with_module()).run(steps, exhaust=exhaust(**more), **(message or {}))
        return run, (run.last or {}).get("exhausted")

    def test_each_allocation_of_each_kind_fails_once(self):
        worker = self.with_module()
        for names, (by, count) in BY.items():
            run, told = self.rounds([want(by)], worker)
            self.assertEqual((told["failed"], told["complete"]), (count, True), names)
            self.assertGreaterEqual(told["hooked"], 9)
            self.assertEqual([(r["from"], r["to"], r["like"], r["by"]) for r in told["rounds"]],
                             [(1, count, 1, names.split(",")[0])])
            self.assertNotIn("left", told["rounds"][0])
            self.assertEqual([(e["hr"], e.get("i")) for e in run.ends], [(S_OK, None), (NO_MEMORY, 1)])

    def test_where_nothing_is_allocated_nothing_fails(self):
        run, told = self.rounds([want(NONE)])
        self.assertEqual((told["failed"], told["complete"], told["rounds"]), (0, True, []))
        self.assertEqual([e["hr"] for e in run.ends], [S_OK])

    def test_a_module_without_such_imports_cannot_be_exhausted(self):
        run, told = self.rounds([{"op": "lookup", "name": "NothingOfInterest"}], self.with_module("bad_no_factory.dll"))
        # the C library's own start-up code may import some
        self.assertEqual((told["failed"], len(run.ends)), (0, 1))

    def test_what_is_left_behind_is_counted_and_named(self):
        _, told = self.rounds([want(BY["malloc"][0], LEAK)])
        self.assertEqual([(r["from"], r["to"], r.get("left"), r.get("left_by")) for r in told["rounds"]],
                         [(1, 1, None, None), (2, 3, 1, "malloc")])
        self.assertRegex(told["rounds"][1]["left_offset"], "^0x[0-9A-F]+$")

    def test_what_its_caller_frees_is_not_left_behind(self):
        _, told = self.rounds([{"op": "export", "names": ["WantText"], "ret": "hresult", "args": [out("t", "bstr")]}])
        self.assertEqual([(r["to"], r.get("left"), r["by"]) for r in told["rounds"]], [(1, None, "SysAllocString")])

    def test_a_crash_says_which_allocation_had_failed(self):
        run, _ = self.rounds([want(NONE), want(BY["malloc"][0], CRASH)], s=1)
        crash = run.crash()
        self.assertEqual((crash["s"], crash["i"], crash["failed_by"], crash["module"]),
                         (1, 1, "malloc", "wants_memory.dll"))
        self.assertRegex(crash["failed_offset"], "^0x[0-9A-F]+$")
        # the round's steps before it are there, too
        self.assertEqual([(e["s"], e.get("i")) for e in run.ends], [(0, None), (1, None), (0, 1)])

    def test_a_hang_has_its_place(self):
        worker = self.with_module()
        step = dict(want(BY["malloc"][0], HANG), s=0)
        worker.send({"m": "run", "seq": 1, "program": {"id": "h", "apartment": "mta", "steps": [step],
                                                       "exhaust": exhaust()}})
        while worker.receive() != {"m": "at", "s": 0, "i": 1}:
            pass
        self.assertIsNone(worker.process.poll())

    def test_other_threads_are_counted_where_they_are_meant(self):
        by, worker = BY["HeapAlloc"][0], self.with_module()
        _, told = self.rounds([want(by, name="WantOnThread")], worker)
        self.assertEqual((told["failed"], told["complete"]), (0, True))
        run, told = self.rounds([want(by, name="WantOnThread"), want(by)], worker, until=0, threads="others")
        self.assertEqual((told["failed"], told["complete"]), (BLOCKS, True))
        self.assertEqual([(e["s"], e["hr"]) for e in run.ends if e.get("i")], [(0, NO_MEMORY), (1, S_OK)])

    def test_steps_for_after_a_failure_are_made_after_one(self):
        by = BY["CoTaskMemAlloc"][0]
        run, _ = self.rounds([want(by), want(by, after_failure=True), want(NONE)])
        self.assertEqual([(e["s"], e.get("i"), e["hr"]) for e in run.ends],
                         [(0, None, S_OK), (2, None, S_OK), (0, 1, NO_MEMORY), (1, 1, S_OK), (2, 1, S_OK)])

    def test_a_call_that_does_without_has_not_failed(self):
        run, told = self.rounds([want(BY["malloc"][0], WITHOUT), want(NONE, after_failure=True)])
        self.assertEqual(([(e["s"], e["hr"]) for e in run.ends], told["failed"], told["rounds"][0]["like"]),
                         ([(0, S_OK)], BLOCKS, 0))

    def test_of_many_allocations_some_fail_or_each(self):
        worker, steps = self.with_module(), [want(BY["malloc"][0], WITHOUT)] * 20
        _, told = self.rounds(steps, worker, until=19)
        self.assertEqual((told["allocations"], told["failed"], told["complete"]), (60, 16 + 14, True))
        _, told = self.rounds(steps, worker, {"each": True}, until=19)
        self.assertEqual((told["allocations"], told["failed"], told["complete"]), (60, 60, True))

    def test_rounds_end_where_a_call_is_spoiled(self):
        """The first failure makes every later call fail: no allocation is reached any more, and that is told."""
        run, told = self.rounds([want(BY["malloc"][0], SPOIL)])
        self.assertEqual((told["complete"], [e["hr"] for e in run.ends][0]), (True, S_OK))
        self.assertIn(NO_MEMORY, [e["hr"] for e in run.ends][1:])

    def test_no_more_rounds_than_are_wanted(self):
        worker = self.with_module()
        _, told = self.rounds([want(BY["malloc"][0])], worker, at_most=2)
        self.assertEqual((told["failed"], told["complete"]), (2, False))
        _, told = self.rounds([want(BY["malloc"][0])], worker, ms=0)
        self.assertEqual((told["failed"], told["complete"]), (0, False))

    def test_afterwards_nothing_fails_any_more(self):
        worker = self.with_module()
        run, _ = self.rounds([want(BY["malloc"][0])], worker)
        self.assertEqual(run.last["m"], "done")
        run = worker.run([want(BY["malloc"][0], CRASH)] * 5)
        self.assertEqual([e["hr"] for e in run.ends], [S_OK] * 5)
        self.assertNotIn("exhausted", run.last)

    def test_malformed_rounds_are_refused(self):
        for wrong in ({"s": 0}, {"s": 0, "until": 0, "threads": "all", "at_most": 1, "ms": 1}):
            self.assertEqual(self.with_module().run([want(NONE)], exhaust=wrong).last["m"], "error")
