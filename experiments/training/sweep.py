"""The sweep: all runs of the book, on all cores or on a cluster, to be stopped and gone on with.

    python -m experiments.training.sweep                        on all cores of this machine
    python -m experiments.training.sweep --scheduler ADDRESS    on a Dask cluster
    python -m experiments.training.sweep --study core text      some of it
    python -m experiments.training.sweep --plan                 says what there is to do, runs nothing
    python -m experiments.training.sweep --kept                 only what the repository does not have

Kill it at any moment: what was finished stays, and the same command goes on with the rest. Workers
of a cluster must see this folder, or ``--results`` must name one that all of them see.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from experiments.training import configs, store
from experiments.training.configs import Run


def once(run: Run, folder: Path) -> str:
    """One run, unless its result is there; what a worker is handed."""
    if not store.done(run, folder):
        from experiments.training.run import train

        store.keep(run, train(run), folder)
    return run.key


def perform(runs: list[Run], folder: Path, *, jobs: int = -1, scheduler: str | None = None) -> None:
    """Runs all that have no result yet, with a bar that says how long it will take.

    Args:
        runs: what to run.
        folder: where results are kept.
        jobs: how many at a time on this machine; -1 for as many as there are cores.
        scheduler: the address of a Dask scheduler, whose workers run them instead. A run whose
            worker dies is handed to another one.
    """
    from joblib import Parallel, delayed, parallel_config
    from tqdm import tqdm

    store.sweep_parts(folder)
    left = [run for run in runs if not store.done(run, folder)]
    with tqdm(total=len(runs), initial=len(runs) - len(left), unit="run", smoothing=0.05) as bar:
        if scheduler:
            from dask.distributed import Client, as_completed

            with Client(scheduler) as client:
                for future in as_completed(client.map(once, left, folder=folder, pure=False)):
                    future.result()
                    bar.update()
            return
        with parallel_config(backend="loky", inner_max_num_threads=1):
            found = Parallel(n_jobs=jobs, return_as="generator_unordered")(
                delayed(once)(run, folder) for run in left
            )
            for _ in found:
                bar.update()


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Run the book's training runs.")
    parser.add_argument("--study", nargs="+", choices=sorted(configs.STUDIES))
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster")
    parser.add_argument("--jobs", type=int, default=-1, help="at a time; -1: all cores")
    parser.add_argument("--results", type=Path, default=store.RESULTS)
    parser.add_argument("--kept", action="store_true", help="begin with the runs of the repository")
    parser.add_argument("--plan", action="store_true", help="say what there is to do")
    asked = parser.parse_args(words)
    runs = configs.sweep(asked.study)
    if asked.kept:
        store.unpack(store.KEPT, asked.results)
    if asked.plan:
        have = Counter(run.study for run in runs if store.done(run, asked.results))
        for study, many in Counter(run.study for run in runs).items():
            print(f"{study:10} {have[study]:4} of {many} done")
        return 0
    perform(runs, asked.results, jobs=asked.jobs, scheduler=asked.scheduler)
    print(f"{sum(store.done(run, asked.results) for run in runs)} results in {asked.results}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
