"""The builtin names that a body may use, and what to do instead of the others."""

from __future__ import annotations

from collections.abc import Mapping

_FUNCTIONS = """
abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict divmod enumerate
filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max memoryview min
next object oct ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super
tuple type zip Ellipsis NotImplemented
"""
_EXCEPTIONS = """
ArithmeticError AssertionError AttributeError BufferError DeprecationWarning EOFError EncodingWarning Exception
ExceptionGroup FutureWarning ImportError IndexError KeyError LookupError MemoryError ModuleNotFoundError NameError
NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError RecursionError ReferenceError
RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning TimeoutError TypeError
UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning
ValueError Warning ZeroDivisionError FloatingPointError BlockingIOError BrokenPipeError ChildProcessError
ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError EnvironmentError FileExistsError
FileNotFoundError IOError InterruptedError IsADirectoryError NotADirectoryError ProcessLookupError
"""

ALLOWED = frozenset((_FUNCTIONS + _EXCEPTIONS).split())

INSTEAD: Mapping[str, str] = {
    "eval": "parse the text yourself, or use ast.literal_eval for literals",
    "exec": "write the code out",
    "compile": "write the code out",
    "__import__": "write an import statement",
    "open": "work on the arguments that are given",
    "input": "work on the arguments that are given",
    "globals": "use parameters and local variables",
    "locals": "use parameters and local variables",
    "vars": "name the attributes that you need",
    "dir": "name the attributes that you need",
    "breakpoint": "leave it out",
    "exit": "return a value or raise an ordinary exception",
    "quit": "return a value or raise an ordinary exception",
    "help": "leave it out",
    "BaseException": "use Exception, or an exception of its own kind",
    "BaseExceptionGroup": "use ExceptionGroup",
    "SystemExit": "return a value or raise an ordinary exception",
    "KeyboardInterrupt": "raise an ordinary exception",
    "GeneratorExit": "raise an ordinary exception",
}

CALLED_ONLY = frozenset({"delattr", "getattr", "setattr"})
"""Builtins that may stand only where they are called, so that their arguments can be read."""

_VARIABLES = """
abs all any ascii bin bool bytearray bytes chr compile complex copyright credits dict dir divmod exit filter float
format frozenset hash help hex id input int iter len license list locals map max min next object oct open ord pow
range reversed round set slice str sum tuple type vars zip
"""
VARIABLES = frozenset(_VARIABLES.split())
"""Builtin names that people give to variables; a variable of theirs misleads nobody about what a value is."""
