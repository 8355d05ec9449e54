#!/usr/bin/env python3
"""Checks logs of runs: every line by the schema, and the order of the events.

    check_log.py FILE_OR_FOLDER…

A folder is searched for run.jsonl. Exit code 1 and one line a finding where anything is wrong.
"""

import collections
import json
import pathlib
import sys

import jsonschema

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = SOURCE / "reports" / "schema" / "event.schema.json"
LEFT_OUT = 2000  # lines after which only every hundredth step is held against the schema


def findings(path, validator):
    """Yields what is wrong with one log."""
    text = path.read_bytes().decode("utf-8")
    if not text.endswith("\n"):
        yield "the last line is not finished"
    events = [json.loads(line) for line in text.splitlines() if line]
    for number, event in enumerate(events, 1):
        if number > LEFT_OUT and event["e"] == "step" and number % 100:
            continue
        for error in validator.iter_errors(event):
            yield f"line {number}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    if not events or events[0]["e"] != "header":
        yield "the first line is no header"
    if not events or events[-1]["e"] != "footer":
        yield "the last line is no footer"
    if [event for before, event in zip(events, events[1:]) if before["e"] == "footer" and event["e"] != "resume"]:
        yield "a footer is not the last line, and the run does not go on"
    yield from order(events)


def order(events):
    """Yields what is wrong with the order of events."""
    begun, ended = {}, {}
    last = 0
    for event in events:
        run = event.get("run")
        if event["e"] == "resume":  # what was broken off is void
            ended = {run: end for run, end in ended.items() if end["how"] != "interrupted"}
            begun = {run: begin for run, begin in begun.items() if run in ended}
        elif event["e"] == "begin":
            if run != last + 1:
                yield f"run {run} begins as number {last + 1}"
            last = run
            begun[run] = event
        elif event["e"] == "end":
            if run in ended:
                yield f"run {run} ends twice"
            ended[run] = event
        elif run is not None and (run not in begun or run in ended):
            yield f"{event['e']} of run {run}, which is not running"
    for run in begun.keys() ^ ended.keys():
        yield f"run {run} has no begin or no end"
    if events and events[-1]["e"] == "footer":
        times_ended = collections.Counter(
            begun[run]["case"] for run, event in ended.items()
            if event["how"] != "interrupted" and begun[run]["attempt"] == 1)
        cases = [case for case, number in times_ended.items() if number == events[0]["options"]["repeat"]]
        skips = sum(event["e"] == "skip" for event in events)
        if events[-1]["cases"] != len(cases) + skips:
            yield f"the footer says {events[-1]['cases']} cases, there are {len(cases) + skips}"
        if events[-1]["complete"] != (events[-1]["cases"] == events[0]["selected"]):
            yield "the footer's complete is wrong"
        if events[-1]["executions"] != len(begun):
            yield f"the footer says {events[-1]['executions']} executions, there are {len(begun)}"
    times = [event["t"] for event in events]
    if times != sorted(times):
        yield "times go backwards"


def main():
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    logs = []
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        logs += sorted(path.rglob("run.jsonl")) if path.is_dir() else [path]
    wrong = 0
    for log in logs:
        if log.is_symlink():
            continue
        for finding in findings(log, validator):
            print(f"{log}: {finding}", file=sys.stderr)
            wrong += 1
    print(f"{len(logs)} logs, {wrong} findings")
    return 1 if wrong or not logs else 0


if __name__ == "__main__":
    sys.exit(main())
