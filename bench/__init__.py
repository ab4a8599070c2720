"""Speed and cost, against budgets: `make bench` prints a table and keeps the figures.

A module of `benchmarks` is one thing that is measured, and says in `BENCHMARK` what. What they share:
`figure` (what comes out), `timing` (running programs), `world` (the organization that they meet), `stack`
(the engine). Nothing here is a test: timings are a machine's.
"""
