"""Figures of speed, each a ratio measured in one run against a bare side on the same machine.

`python -m benchmarks NAME [--rows N]` prints one line a figure. The bare side stands in `bare/`, written before what it
is compared with.
"""
