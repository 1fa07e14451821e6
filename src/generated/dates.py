# Compiled from specs/dates.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.


# spec v1:cbe9fa9d7af1fe31039303f47985c3b2 body 2227b621dbf10bb98f1a4aa5fb10cc47
def month_number(name: str) -> int:
    """Return the number of a month, 1 to 12, from its English name: all of it or its first three letters, in any case.

    >>> month_number("November")
    11
    >>> month_number("nov")
    11

    Raises:
        ValueError: it is no such name (`novem` and `no` are none).
    """
    name = name.lower()
    if not name:
        raise ValueError("No such month")
    if name in ("november", "nov"):
        return 11
    if name in ("january", "jan"):
        return 1
    if name in ("february", "feb"):
        return 2
    if name in ("march", "mar"):
        return 3
    if name in ("april", "apr"):
        return 4
    if name in ("may", "may"):
        return 5
    if name in ("june", "jun"):
        return 6
    if name in ("july", "jul"):
        return 7
    if name in ("august", "aug"):
        return 8
    if name in ("september", "sep"):
        return 9
    if name in ("october", "oct"):
        return 10
    if name in ("november", "nov"):
        return 11
    if name in ("december", "dec"):
        return 12
    raise ValueError("No such month")
