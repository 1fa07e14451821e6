# Compiled from specs/durations.py by pytest-compiled-ai.
# Change the spec, then run `pytest --compile-ai`; what is edited here by hand is seen, and kept.

DURATION = (
    r"\AP(?!\Z)(?:(?P<weeks>[0-9]+(?:[.,][0-9]+)?)W)?(?:(?P<days>[0-9]+(?:[.,][0-9]+)?)D)?"
    r"(?:T(?!\Z)(?:(?P<hours>[0-9]+(?:[.,][0-9]+)?)H)?(?:(?P<minutes>[0-9]+(?:[.,][0-9]+)?)M)?"
    r"(?:(?P<seconds>[0-9]+(?:[.,][0-9]+)?)S)?)?\Z"
)


# spec v1:c09512edbea8bea13766b08c7aae9df8 body 7f3217ad1c5f1d9b54247bebd32ded0c
def duration_parts(text: str) -> dict[str, float]:
    """Return the numbers of an ISO 8601 duration by the names of the regular expression DURATION, which matches it.

    The names are weeks, days, hours, minutes and seconds; those of parts that are left out are absent. A number may
    have a fraction, after a point or a comma.

    >>> duration_parts("P1DT2H30M")
    {'days': 1.0, 'hours': 2.0, 'minutes': 30.0}
    >>> duration_parts("PT0,5S")
    {'seconds': 0.5}

    Raises:
        ValueError: the text is no such duration. Years and months (`P1Y`, `P1M`) are refused, as they have no fixed
            length.
    """
    import re
    duration_match = re.match(DURATION, text)
    if not duration_match:
        raise ValueError(f"the text '{text}' is no such duration")
    duration = duration_match.groupdict()
    # Replace commas by dots in numbers
    for key, value in duration.items():
        if isinstance(value, str) and ',' in value:
            duration[key] = value.replace(',', '.')
    return {key: float(value) for key, value in duration.items() if value is not None}


# spec v1:19a50ed474c8462903a64fd6139d35f8 body d0a9e61d81ee61da6b4031cf022f1c8b
def format_seconds(microseconds: int) -> str:
    """Write microseconds as seconds in decimal, never with an exponent: up to six digits after the point, without the
    zeros at their end, and without the point where nothing is left after it.

    >>> format_seconds(500000)
    '0.5'
    >>> format_seconds(10000000)
    '10'
    """
    # Now, correct the function:
    seconds = microseconds / 1000000
    # Format the seconds to six decimal places, without trailing zeros
    formatted_seconds = "{:.6f}".format(seconds)
    # Remove the trailing zeros and the decimal point if nothing is left after it
    formatted_seconds = formatted_seconds.rstrip('0').rstrip('.')
    return formatted_seconds


# spec v1:7a2663e87cb915391367fdc775b24c7e body 89583edd9e01fb30a61dfbfbec113feb
def format_clock(hours: int, minutes: int, microseconds: int) -> str:
    """Write a time of less than a day as ISO 8601 does: `2H30M5S`. What is zero is left out, all of it if need be.

    Args:
        hours: 0 to 23.
        minutes: 0 to 59, beside the hours.
        microseconds: 0 to 59999999, beside the minutes: the seconds, as `format_seconds` writes them.

    >>> format_clock(2, 30, 5000000)
    '2H30M5S'
    >>> format_clock(0, 1, 30500000)
    '1M30.5S'
    """
    # Rules and edge cases, at most five:
    # 1. if microseconds is 0, it should be removed
    # 2. if hours is 0, it should be removed
    # 3. if minutes is 0, it should be removed
    # 4. if microseconds is 1, it should be '0.000001S'
    # 5. if all times are 0, it should return ''

    # Initialize the result string
    result = ''

    # Add hours if they are not zero
    if hours > 0:
        result += f"{hours}H"

    # Add minutes if they are not zero
    if minutes > 0:
        result += f"{minutes}M"

    # Add seconds if they are not zero
    if microseconds > 0:
        result += f"{format_seconds(microseconds)}S"

    return result.strip()
