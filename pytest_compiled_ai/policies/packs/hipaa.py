"""`hipaa-style`: for functions that are given data about people's health."""

from __future__ import annotations

from typing import Final

from pytest_compiled_ai.policies.packs.base import Pack
from pytest_compiled_ai.policies.packs.crypto import WEAK_CRYPTO
from pytest_compiled_ai.policies.packs.effects import NO_NETWORK
from pytest_compiled_ai.policies.packs.exceptions import VALUES_IN_EXCEPTIONS
from pytest_compiled_ai.policies.packs.failures import BROAD_EXCEPT
from pytest_compiled_ai.policies.packs.logs import VALUES_IN_LOGS
from pytest_compiled_ai.policies.packs.records import WHOLE_RECORDS

HIPAA: Final = Pack(
    name="hipaa-style",
    summary="no value leaves by a log or an exception, and no more of a record than is asked for",
    prompt=(
        "Never print, log or record a value of a parameter. Exceptions have fixed messages without values: "
        '`raise ValueError("invalid input") from None`. Return the fields that are asked for, never a whole record.'
    ),
    rules=(VALUES_IN_LOGS, VALUES_IN_EXCEPTIONS, WHOLE_RECORDS, BROAD_EXCEPT, NO_NETWORK, WEAK_CRYPTO),
)
