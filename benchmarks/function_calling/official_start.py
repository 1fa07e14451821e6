"""Ask the leaderboard's own checker: run as a file by the Python that has bfcl-eval, on JSON from standard input.

Of ours nothing is imported, for nothing of ours is there. Its table of models is replaced: it would import the client
of every vendor, and of it only one flag is read, which says whether names may have dots.
"""

from __future__ import annotations

import json
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

MODEL = "compiled"
_TABLE = "bfcl_eval.constants.model_config"


def load_checker() -> Any:
    """Return the module of the checker, which needs nothing but itself."""
    table = ModuleType(_TABLE)
    table.MODEL_CONFIG_MAPPING = {MODEL: SimpleNamespace(underscore_to_dot=False)}  # type: ignore[attr-defined]
    sys.modules[_TABLE] = table
    from bfcl_eval.constants.enums import Language  # type: ignore[import-not-found]
    from bfcl_eval.eval_checker.ast_eval import ast_checker  # type: ignore[import-not-found]

    return lambda functions, output, answer: ast_checker.ast_checker(
        functions, output, answer, Language.PYTHON, "simple_python", MODEL
    )


def judge(check: Any, item: Any) -> str:
    """Return why an output is not accepted, or ""; a checker that breaks accepts nothing."""
    try:
        verdict = check([item["function"]], item["output"], [{item["function"]["name"]: item["answer"]}])
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "" if verdict["valid"] else str(verdict["error"]) or "not valid"


def write_prompts(rows: Any) -> list[str]:
    """Return the published system prompt for the functions of each row."""
    from bfcl_eval.constants import default_prompts  # type: ignore[import-not-found]

    return [default_prompts._DEFAULT_SYSTEM_PROMPT.format(functions=json.dumps(row, indent=4)) for row in rows]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    if sys.argv[1] == "judge":
        checker = load_checker()
        json.dump([judge(checker, each) for each in asked], sys.stdout)
    else:
        json.dump(write_prompts(asked), sys.stdout)
