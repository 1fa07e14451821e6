"""Digest `v1`'s own table of Python's syntax tree: which fields of which node carry meaning, and in what order.

`ast.dump` and `_fields` change between Python versions; this table does not. What follows a `|` is written only where
it is not empty, so that trees from a Python that does not know the field are equal to those from one that does.
A changed line is a new digest version.
"""

from __future__ import annotations

_TABLE = """
Module: body
Expression: body
FunctionDef: decorator_list name args returns body | type_params
AsyncFunctionDef: decorator_list name args returns body | type_params
ClassDef: decorator_list name bases keywords body | type_params
Return: value
Delete: targets
Assign: targets value
TypeAlias: name value | type_params
AugAssign: target op value
AnnAssign: target annotation value simple
For: target iter body orelse
AsyncFor: target iter body orelse
While: test body orelse
If: test body orelse
With: items body
AsyncWith: items body
Match: subject cases
Raise: exc cause
Try: body handlers orelse finalbody
TryStar: body handlers orelse finalbody
Assert: test msg
Import: names
ImportFrom: level module names
Global: names
Nonlocal: names
Expr: value
Pass:
Break:
Continue:
BoolOp: op values
NamedExpr: target value
BinOp: left op right
UnaryOp: op operand
Lambda: args body
IfExp: test body orelse
Dict: keys values
Set: elts
ListComp: generators elt
SetComp: generators elt
DictComp: generators key value
GeneratorExp: generators elt
Await: value
Yield: value
YieldFrom: value
Compare: left ops comparators
Call: func args keywords
FormattedValue: value conversion format_spec
JoinedStr: values
TemplateStr: values
Interpolation: value str conversion format_spec
Constant: value
Attribute: value attr
Subscript: value slice
Starred: value
Name: id
List: elts
Tuple: elts
Slice: lower upper step
And:
Or:
Add:
Sub:
Mult:
MatMult:
Div:
Mod:
Pow:
LShift:
RShift:
BitOr:
BitXor:
BitAnd:
FloorDiv:
Invert:
Not:
UAdd:
USub:
Eq:
NotEq:
Lt:
LtE:
Gt:
GtE:
Is:
IsNot:
In:
NotIn:
comprehension: target iter ifs is_async
ExceptHandler: type name body
arguments: posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults
arg: arg annotation
keyword: arg value
alias: name asname
withitem: context_expr optional_vars
match_case: pattern guard body
MatchValue: value
MatchSingleton: value
MatchSequence: patterns
MatchMapping: keys patterns rest
MatchClass: cls patterns kwd_attrs kwd_patterns
MatchStar: name
MatchAs: pattern name
MatchOr: patterns
TypeVar: name bound | default_value
ParamSpec: name | default_value
TypeVarTuple: name | default_value
"""

DROPPED = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def _read(line: str) -> tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    name, _, fields = line.partition(":")
    always, _, where_filled = fields.partition("|")
    return name, (tuple(always.split()), tuple(where_filled.split()))


FIELDS = dict(_read(line) for line in _TABLE.strip().splitlines())
"""Node name -> (fields that are always written, fields that are written where they are not empty)."""
