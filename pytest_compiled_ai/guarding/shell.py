"""The files that a shell command plainly writes or removes: its redirects, and the targets of a few programs.

Best effort: a command can write in more ways than anybody could list. What it misses, `compiled-ai check` finds.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

_CONTROL = "();<>|&\n"
_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)(?P<end>\w+)\1[^\n]*\n(?:.*\n)*?[ \t]*(?P=end)[ \t]*(?:\n|$)")
_REDIRECT = re.compile(r">[>|&]?\s*([^\s;|&<>()]+)")
_BEFORE = frozenset({"sudo", "env", "command", "time", "nohup", "exec"})
_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})
_EVERY = frozenset({"tee", "touch", "truncate", "rm", "unlink", "shred", "mv", "patch"})
_LAST = frozenset({"cp", "install", "ln", "rsync"})
_EDITORS = frozenset({"sed", "gsed", "perl", "ruby"})


class Written(NamedTuple):
    """A path as a command names it, and the folder that a `cd` before it led to."""

    folder: str
    path: str


def find_written(command: str) -> Iterator[Written]:
    """Yield what a command line writes or removes."""
    folder = ""
    try:
        tokens = _tokens(_HEREDOC.sub(_first_line, f"{command}\n"))
    except ValueError:
        yield from (Written("", path) for path in _REDIRECT.findall(command))
        return
    for words, redirects in _commands(tokens):
        yield from (Written(folder, path) for path in redirects)
        program, rest = _program(words)
        if program == "cd" and rest:
            folder = str(PurePath(folder) / rest[0])
        elif program in _SHELLS and "-c" in rest[:-1]:
            inner = find_written(rest[rest.index("-c") + 1])
            yield from (Written(str(PurePath(folder) / found.folder), found.path) for found in inner)
        else:
            yield from (Written(folder, path) for path in _targets(program, rest))


def _first_line(heredoc: re.Match[str]) -> str:
    # What stands behind `<<END` on its line is still the command's: `cat <<END > file`.
    line = heredoc[0].partition("\n")[0]
    return re.sub(r"<<-?[ \t]*(['\"]?)\w+\1", "", line) + "\n"


def _tokens(command: str) -> list[str]:
    lexer = shlex.shlex(command, posix=True, punctuation_chars=_CONTROL)
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, "#"
    return list(lexer)


def _commands(tokens: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words and the redirects' targets of each simple command."""
    words: list[str] = []
    redirects: list[str] = []
    is_target = False
    for token in [*tokens, ";"]:
        if not set(token) <= set(_CONTROL):
            (redirects if is_target else words).append(token)
            is_target = False
        elif ">" in token:
            is_target = True
        elif "<" not in token:
            yield words, redirects
            words, redirects, is_target = [], [], False


def _program(words: Sequence[str]) -> tuple[str, list[str]]:
    rest = list(words)
    while rest and (rest[0] in _BEFORE or re.match(r"\w+=", rest[0])):
        del rest[0]
    return (PurePath(rest[0]).name, rest[1:]) if rest else ("", [])


def _targets(program: str, rest: Sequence[str]) -> list[str]:
    if program == "git" and rest[:1] in (["rm"], ["mv"]):
        program, rest = rest[0], rest[1:]
    named = [word for word in rest if not word.startswith("-")]
    if program in _EVERY:
        return named
    if program in _LAST:
        return [*named[-1:], *(word for flag, word in pairwise(rest) if flag == "-t")]
    if program in _EDITORS:
        return named if any(re.match(r"-[A-Za-z]*i|--in-place", word) for word in rest) else []
    return [word.removeprefix("of=") for word in rest if word.startswith("of=")] if program == "dd" else []
