"""What `make bench` measures: updates, bytes, waiting, building, memory; all in one run.

`python -m benchmarks` measures everything and writes _build/bench.json; with names of parts
(`python -m benchmarks updates bytes`) only those. Each part is a module with a function
``measure(desk)`` that yields measurements (:mod:`benchmarks.measurement`).
"""
