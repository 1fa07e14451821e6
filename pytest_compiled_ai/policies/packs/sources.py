"""What a rule looks for, and where a body gets it: every parameter, card data, secrets."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

from pytest_compiled_ai.policies.packs.calls import read_calls
from pytest_compiled_ai.policies.packs.reading import Reading
from pytest_compiled_ai.policies.packs.scopes import Key
from pytest_compiled_ai.policies.packs.sinks import is_outlet
from pytest_compiled_ai.policies.packs.taint import Taint, inner_parameters, spread
from pytest_compiled_ai.policies.packs.words import names_in, words_of

_CARD = names_in("card cards cc ccnumber cardnumber creditcard cvc cvc2 cvv cvv2 pan pans pin track track1 track2")
_ABOUT_A_CARD = names_in("brand count currency four id issuer kind last4 last network scheme token type valid")
_CARD_FIELDS = _CARD | {"number", "digits", "value", "code"}
_SECRET = names_in("apikey digest hmac mac otp passphrase passwd password pin secret secrets signature token tokens")
_PIECES = names_in("batched findall groups partition rpartition rsplit split splitlines wrap")
_SHOWN_DIGITS = 4
_SMALL = 10**_SHOWN_DIGITS


@functools.lru_cache(maxsize=2)
def all_values(reading: Reading) -> Taint:
    """Return what holds values of parameters, and of an object's attributes in its methods."""
    return spread(reading, {key for key, _ in _data(reading)} | inner_parameters(reading))


@functools.lru_cache(maxsize=2)
def card_data(reading: Reading) -> Taint:
    """Return what holds card data whole: parameters by their names, all text that a function about cards is given.

    The last four digits, a keyed hash, a remainder and what is no number of a card are not it.
    """
    return spread(reading, {key for key, argument in _data(reading) if _is_card(argument, key)}, _tells_no_card)


@functools.lru_cache(maxsize=2)
def secrets(reading: Reading) -> Taint:
    """Return what holds secrets: parameters by their names; digests are found where they are made."""
    return spread(reading, {key for key, argument in _data(reading) if words_of(argument.arg) & _SECRET})


def _data(reading: Reading) -> Iterator[tuple[Key, ast.arg]]:
    for key, argument in reading.parameters():
        if argument.arg != "cls" and not is_outlet(argument):
            yield key, argument


def _is_card(argument: ast.arg, key: Key) -> bool:
    function = key[0]
    words = words_of(argument.arg)
    if words & _CARD:
        return not words & _ABOUT_A_CARD
    written = "str" if argument.annotation is None else ast.unparse(argument.annotation)
    return bool(words_of(getattr(function, "name", "")) & _CARD) and "str" in written and not words & _ABOUT_A_CARD


def _tells_no_card(node: ast.AST, reading: Reading) -> bool:
    match node:
        case ast.Subscript(
            value=value,
            slice=ast.Slice(
                lower=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(shown))), upper=None, step=None
            ),
        ):
            return bool(0 < shown <= _SHOWN_DIGITS) and not _may_be_pieces(value, reading)
        case ast.BinOp(op=ast.Mod(), right=ast.Constant(value=int(divisor))):
            return bool(divisor <= _SMALL)
        case ast.Attribute(attr=name) if not isinstance(reading.parent(node), ast.Call) and not hasattr(str, name):
            return not words_of(name) & _CARD_FIELDS
        case ast.Call(func=function):
            return any(origin.startswith("hmac.") for origin in read_calls(reading).origins(function))
    return False


def _may_be_pieces(node: ast.expr, reading: Reading, seen: frozenset[Key] = frozenset()) -> bool:
    """Tell whether a value may be a list of groups of digits, whose last items are more than a digit each."""
    for inner in ast.walk(node):
        match inner:
            case ast.List() | ast.Tuple():
                return True
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)) if name in _PIECES:
                return True
            case ast.Name() if (key := reading.key(inner)) not in seen:
                values = reading.given.get(key, ())
                if _is_list(key, reading) or any(_may_be_pieces(v, reading, seen | {key}) for v in values):
                    return True
    return False


def _is_list(key: Key, reading: Reading) -> bool:
    """Tell whether a name is a parameter that holds more than one text."""
    written = [ast.unparse(arg.annotation) for found, arg in reading.parameters() if found == key and arg.annotation]
    return any("[" in text for text in written)
