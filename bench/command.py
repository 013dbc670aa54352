"""The command line of the benchmark."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import bulk, drive, extra, measure, places, plans, recorded, replayed, report, scenarios, served
from bench.measure import Measured, Target
from bench.scenarios import BULK, SCENARIOS, TITLES, Scenario, World
from bench.seed import ensure, kept

_RECORDED = {"changes": 30, "record": 120, "batch": 12}

#: What a quick run leaves out, and where it holds the textbook beside the service.
_NOT_QUICK, _QUICK_TEXTBOOK = {"counts", "batch"}, {"assessment", "list"}


def main(argv: Sequence[str]) -> int:
    """Seed what is missing, measure what is asked for, and write the table."""
    arguments = _parser().parse_args(argv)
    sizes = ["10k"] if arguments.quick else arguments.sizes.split(",")
    ensure.ensure(sizes)
    if arguments.seed:
        return 0
    names = set(arguments.only or TITLES.keys() - (_NOT_QUICK if arguments.quick else set()))
    chosen = [one for one in SCENARIOS.values() if one.name in names]
    rounds, seconds = (3, 0.3) if arguments.quick else (arguments.rounds, arguments.seconds)
    with places.cluster() as server:
        worlds = [_world(places.place(server, size)) for size in sizes]
        try:
            with _targets(worlds, chosen) as targets:
                found = [
                    one
                    for scenario in chosen
                    for one in _measured(scenario, targets, rounds, seconds, quick=arguments.quick)
                ]
            if names & BULK.keys() and not arguments.quick:
                found += [one for world in worlds for one in bulk.measure(world, names)]
            try:
                told = _extra(arguments, worlds)
            except Exception:
                report.publish(found, more={}, quick=arguments.quick)  # what was measured is not lost
                raise
        finally:
            for world in worlds:
                _restore(world)
    return report.publish(found, more={"targets": told}, quick=arguments.quick)


def _extra(arguments: argparse.Namespace, worlds: Sequence[World]) -> list[dict[str, Any]]:
    """Measure what is no scenario: the engine, starts and plans in a whole run, the rest where it is asked for."""
    told = [] if arguments.only else extra.engine()
    if not (arguments.only or arguments.quick):
        told += extra.startup() + plans.measure(worlds[-1])
    if arguments.memory:
        told += extra.memory(worlds[0])
    if arguments.workers:
        told += extra.workers(worlds[0])
    return told


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10k only, few requests; fails when a ratio is far off")
    parser.add_argument("--only", action="append", choices=list(TITLES), help="only this scenario; repeatable")
    parser.add_argument("--sizes", default="10k,100k,1M", help="which databases, of 10k, 100k and 1M")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="how much CPU a round of one target uses")
    parser.add_argument("--memory", action="store_true", help="also watch a worker over 200,000 requests")
    parser.add_argument("--workers", action="store_true", help="also compare two workers with one")
    parser.add_argument("--seed", action="store_true", help="only make the databases")
    return parser


def _world(place: places.Place) -> World:
    world = scenarios.world(place, ensure.practices(place)[0])
    _restore(world)
    return world


def _restore(world: World) -> None:
    restored = places.with_connection(world.place.admin, lambda c: kept.restore(c, world.practice.id))
    if restored:
        print(f"  {world.place.size}: the compared practice is as it was", file=sys.stderr)


@contextmanager
def _targets(worlds: Sequence[World], chosen: Sequence[Scenario]) -> Iterator[list[Target]]:
    """Run the service and the baselines on each database; the textbook on the first only, as all are alike."""
    with ExitStack() as stack:
        found = []
        for number, world in enumerate(worlds):
            recordings = _record(world, chosen)
            own = served.environment(world.place, [world.practice], recordings)
            found.append(Target("service", world, stack.enter_context(served.service(world.place, own))))
            found.append(Target("bare", world, stack.enter_context(served.baseline("bare", world.place, own))))
            if number == 0 and any(scenario.textbook for scenario in chosen):
                baseline = stack.enter_context(served.baseline("textbook", world.place, own))
                found.append(Target("textbook", world, baseline))
        yield found


def _record(world: World, chosen: Sequence[Scenario]) -> Path | None:
    """Let the service answer some requests while Postgres writes down what it sends."""
    if any(scenario.writes for scenario in chosen):
        places.with_connection(world.place.admin, kept.touch)
    wanted = [scenario for scenario in chosen if scenario.replayed]
    if not wanted:
        return None
    recorded.logged(world.place, on=True)
    try:
        with served.service(world.place, served.environment(world.place, [world.practice])) as service:
            if any(scenario.name == "changes" for scenario in wanted):
                scenarios.follow(world, service.port)
            found = {
                scenario.name: recorded.record(
                    scenario.requests(world, _RECORDED[scenario.name]),
                    lambda asked: drive.one(service.port, asked).decode(),
                )
                for scenario in wanted
            }
    finally:
        recorded.logged(world.place, on=False)
    path = places.data_dir() / f"recorded-{world.place.size}.json"
    replayed.save(path, found)
    return path


def _measured(
    scenario: Scenario, targets: Sequence[Target], rounds: int, seconds: float, *, quick: bool
) -> list[Measured]:
    print(f"  {scenario.title} ", end="", file=sys.stderr, flush=True)
    # Where it computes the whole practice on read, the textbook needs longer than a quick run takes.
    textbook = scenario.textbook and (not quick or scenario.name in _QUICK_TEXTBOOK)
    asked = [t for t in targets if t.kind != "textbook" or textbook]
    by_place = {(t.world.place.size, t.kind): t for t in asked}
    for (size, kind), target in by_place.items():
        if kind == "service" and not scenario.replayed:
            measure.check(scenario, target, by_place[size, "bare"])
    found = measure.run(scenario, asked, rounds=rounds, seconds=seconds)
    if scenario.hot and not quick:
        measure.pace(scenario, asked[0], found[0])
    print(file=sys.stderr)
    return found
