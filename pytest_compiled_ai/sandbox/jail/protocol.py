"""The names that the jail's two sides share."""

from __future__ import annotations

from typing import Final

RECORDS_VARIABLE: Final = "COMPILED_AI_RECORDS"
"""The environment variable that holds the number of the descriptor for records, one JSON object a line."""

ORDERS_VARIABLE: Final = "COMPILED_AI_ORDERS"
"""The environment variable that holds the path of what the reporter shall do, as JSON."""
