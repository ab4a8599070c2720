"""Stacks without an engine: programs and providers are real, what is between them is a few lines of ours.

A test declares a program and says `up`, `preview`, `refresh` or `destroy`, as with the engine
(`tests/stacks.py`). The program runs in Pulumi's SDK, as an inline program of its Automation API
does. Each command has a provider process of its own, in which the SDK's own program for dynamic providers
runs. Only what is between these two is ours: `deployment.py` asks the provider in the order in which the
engine asks.

It knows no more than the tests need: parents, aliases, dependencies, replacements, a refresh, an error
that ends the run. What is the engine's own, say how a difference looks or what a saved plan allows, is in
`tests/engine`. That it is true is seen by running the same tests both ways (`both_ways.py`).
"""
