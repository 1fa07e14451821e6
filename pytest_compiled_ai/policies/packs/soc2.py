"""`soc2-style`: for functions that decide, and whose decisions have to be found again."""

from __future__ import annotations

from typing import Final

from pytest_compiled_ai.policies.packs.audit import AUDIT_RECORD, demand_audit
from pytest_compiled_ai.policies.packs.base import Pack
from pytest_compiled_ai.policies.packs.crypto import CONSTANT_TIME, WEAK_CRYPTO
from pytest_compiled_ai.policies.packs.dates import NAIVE_TIMES
from pytest_compiled_ai.policies.packs.failures import BROAD_EXCEPT, HIDDEN_FAILURE

SOC2: Final = Pack(
    name="soc2-style",
    summary="an audit record on each decision, no hidden failure, times with zones",
    prompt=(
        'Call `audit("what was decided")` before every `return` and every `raise`. Swallow no exception. Give every '
        "`datetime` a time zone. Compare secrets with `hmac.compare_digest`."
    ),
    rules=(AUDIT_RECORD, BROAD_EXCEPT, HIDDEN_FAILURE, NAIVE_TIMES, CONSTANT_TIME, WEAK_CRYPTO),
    demand=demand_audit,
)
