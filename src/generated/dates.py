# Compiled from specs/dates.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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


# spec v1:7231ff1abd3a51d4a803f4721f9cf167 body 14b290463f49c64b282ed05407530afa
def full_year(text: str) -> int:
    """Read a year of two or four digits.

    - Four digits are the year itself.
    - Two digits from 00 to 68 are that number plus 2000.
    - Two digits from 69 to 99 are that number plus 1900.

    >>> full_year("2026")
    2026
    >>> full_year("26")
    2026
    >>> full_year("71")
    1971

    Raises:
        ValueError: the text is not two or four digits.
    """
    import re

    # Check for 4-digit year
    if re.fullmatch(r"^\d{4}$", text):
        return int(text)
    # Check for 2-digit year in range 69-99, which should be 1969-1999
    elif re.fullmatch(r"^\d{2}$", text) and 69 <= int(text) <= 99:
        return 1900 + int(text)
    # Check for 2-digit year in range 00-68, which should be 2000-2068
    elif re.fullmatch(r"^\d{2}$", text) and 00 <= int(text) <= 68:
        return 2000 + int(text)
    else:
        raise ValueError("the text is not two or four digits.")


# spec v1:cad0e5bb734e070839cb2a0eb6f52649 body 7e7b865393866dff1e40221305678900
def is_weekday(word: str) -> bool:
    """Tell whether a word is one of WEEKDAYS or SHORT_WEEKDAYS, in any case.

    >>> is_weekday("Monday")
    True
    >>> is_weekday("SAT")
    True
    >>> is_weekday("May")
    False
    """
    return word.lower() in WEEKDAYS + SHORT_WEEKDAYS


# spec v1:bde31e29e2c75398313bb154ff7fe013 body a9d203856a4461c2131a0cf67aba2ac0
def without_ordinal(word: str) -> str:
    """Drop the ending of an ordinal number: `st`, `nd`, `rd` or `th` straight after digits. Leave any other word alone.

    >>> without_ordinal("1st")
    '1'
    >>> without_ordinal("august")
    'august'
    """
    import re

    # Regular expression to find an ordinal number followed by digits
    ordinal_pattern = r"\b(\d+)(st|nd|rd|th)\b"
    # Replace the ordinal with the digit alone
    return re.sub(ordinal_pattern, r"\1", word)


# spec v1:2b03c411fbe444486299d11f7e029451 body f5ad447c595e16b8bb1ba2096055c417
def date_words(text: str) -> list[str]:
    """Split a written date into its words, in lower case and in order, without the weekday.

    - White space, commas, points, slashes and hyphens separate words.
    - The ending of an ordinal number is dropped (`without_ordinal`).
    - The first word is left out if it is a weekday (`is_weekday`).

    >>> date_words("Monday, 23rd Nov 2026")
    ['23', 'nov', '2026']
    >>> date_words("23.11.2026")
    ['23', '11', '2026']
    """
    import re

    # Remove non-alphanumeric characters and split by whitespace, commas, points, slashes, and hyphens
    words = re.findall(r"\b\w+\b", text.lower())

    # Check if text is an empty string
    if not words:
        return []

    # Remove the first word if it is a weekday
    if is_weekday(words[0]):
        words.pop(0)

    # Drop the ending of an ordinal number
    words = [without_ordinal(word) for word in words]

    return words


# spec v1:c968ec6f9ee50c9a418738f51b2e0f41 body c47f06166997c62aef8ef516c2f0de2e
def order_words(first: str, second: str, third: str) -> tuple[str, str, str]:
    """Return the three words of a date as year, month and day. They are written in one of these orders:

    - year, month, day, if the first word has four digits (`2026-11-23`);
    - month, day, year, if the first word is not all digits (`November 23, 2026`);
    - day, month, year otherwise (`23/11/2026`, `23 Nov 26`).

    >>> order_words("2026", "11", "23")
    ('2026', '11', '23')
    >>> order_words("november", "23", "2026")
    ('2026', 'november', '23')
    >>> order_words("23", "nov", "26")
    ('26', 'nov', '23')
    """
    if first.isdigit() and len(first) == 4:
        return first, second, third
    elif first.isalpha():
        return third, first, second
    else:
        return third, second, first


# spec v1:3dab495117ad5ed7447dd042e8be8128 body 0757a05b33edc75805ab90d629fd139e
def read_month(word: str) -> int:
    """Read a month that is written as a number, or as a name that `month_number` reads.

    >>> read_month("11")
    11
    >>> read_month("Nov")
    11

    Raises:
        ValueError: it is neither.
    """
    if word.isdigit():
        return int(word)
    else:
        return month_number(word)
