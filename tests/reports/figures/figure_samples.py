"""An evaluation with something of everything."""

from __future__ import annotations

from dataclasses import replace

from pytest_compiled_ai.evaluation.framework.cost import Prices
from pytest_compiled_ai.evaluation.framework.determinism import Determinism
from pytest_compiled_ai.evaluation.framework.first_pass import FirstPass
from pytest_compiled_ai.evaluation.framework.latency import Latency
from pytest_compiled_ai.evaluation.framework.model import Evaluation, SpecFigures
from pytest_compiled_ai.evaluation.framework.quality import Quality
from pytest_compiled_ai.evaluation.framework.run_time import RunTime
from pytest_compiled_ai.evaluation.framework.security import Rate

DOUBLE = SpecFigures(
    id="specs/numbers.py::double",
    prompt_tokens=900,
    completion_tokens=100,
    attempt=2,
    quality=Quality(lines=2, complexity=1, typed=1.0, findings=0),
    determinism=Determinism(runs=1000, inputs=5, hash_seeds=4, entropy=0.011, reproducibility=0.99996, unanswered=3),
    latency=Latency(calls=5000, p50=0.12, p99=0.9, jitter=0.78, process=6.0, cold_start=240.4),
)
PIPED = SpecFigures(id="specs/odd|name.py::of_<all>", problem="it has no body")
PLAIN = Evaluation(
    project="example",
    specs=(DOUBLE, PIPED),
    first_pass=FirstPass(bodies=1, first=0, stages={"output": (1, 1), "security": (0, 0)}, regenerations={1: 1}),
    how="Each body ran.",
)
FULL = replace(
    PLAIN,
    run_time=RunTime(spent=(80.0, 120.0), prompt_tokens=80.0, completion_tokens=20.0, is_measured=True),
    prices=Prices(into=0.4, out=1.6),
    rates=(Rate(name="injection", right=29, of=30),),
)
GIVEN = replace(PLAIN, run_time=RunTime(spent=(100.0,)))
EMPTY = Evaluation(project="example", specs=(), first_pass=FirstPass(bodies=0, first=0), prices=Prices(into=0, out=0))
