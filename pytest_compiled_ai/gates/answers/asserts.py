"""What a test expects of the calls that it makes: its asserts, loops over literals, and expected exceptions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pytest_compiled_ai.gates.answers.calls import Calls, bind
from pytest_compiled_ai.gates.answers.example import Example, Unread
from pytest_compiled_ai.gates.answers.parameters import each, read
from pytest_compiled_ai.gates.answers.values import Names, UnknownValueError
from pytest_compiled_ai.specs.syntax import Function, dotted_name

_MOST = 2000
_CLOSE = frozenset({"isclose", "approx", "assertAlmostEqual"})


class Reader(Calls):
    """Reads statements of tests in order; `names` is what their names stand for so far, and grows."""

    def read(self, test: Function, names: dict[str, object]) -> Iterator[Example]:
        """Yield the examples of a test."""
        for statement in test.body:
            yield from self.visit(statement, names)

    def visit(self, node: ast.stmt, names: dict[str, object]) -> Iterator[Example]:
        """Yield the examples of a statement."""
        match node:
            case ast.Assign() | ast.AnnAssign():
                self.assign(node, names)
            case ast.Assert():
                yield from self._judge(node.test, names)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr), args=args)) if attr.startswith("assert"):
                yield from self._judge_method(attr, args, names)
            case ast.With() | ast.AsyncWith() if raised := _expected_raise(node):
                yield from self._raising(node, raised, names)
            case ast.For(target=target, iter=items, body=body):
                yield from self._loop(target, items, body, names)
            case _:
                yield from self._inside(node, names)

    def _inside(self, node: ast.stmt, names: dict[str, object]) -> Iterator[Example]:
        if isinstance(node, ast.With | ast.AsyncWith | ast.If | ast.Try | ast.While | ast.AsyncFor):
            for statement in node.body:
                yield from self.visit(statement, names)

    def _loop(
        self, target: ast.expr, items: ast.expr, body: Iterable[ast.stmt], names: dict[str, object]
    ) -> Iterator[Example]:
        rows: list[object]
        if isinstance(items, ast.List | ast.Tuple):
            rows = [read(item, names) for item in items.elts]
        else:
            try:
                rows = each(items, names)
            except UnknownValueError:
                rows = [Unread.UNREAD]
        for row in rows[:_MOST]:
            inner = dict(names)
            bind(target, row, inner)
            for statement in body:
                yield from self.visit(statement, inner)

    def compare(self, left: ast.expr, value: object, names: Names) -> Iterator[Example]:
        """Yield that `left`, which holds a call under test, is expected to equal a value."""
        if call := self.call_in(left, names):
            yield call.expects(value)

    def _judge(self, node: ast.expr, names: dict[str, object]) -> Iterator[Example]:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                for value in values:
                    yield from self._judge(value, names)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from self.compare(operand, False, names)
            case ast.Compare(left=left, ops=operators, comparators=others):
                if all(isinstance(operator, ast.Eq | ast.Is) for operator in operators):
                    yield from self._judge_sides([left, *others], names)
                elif isinstance(left, ast.Call) and dotted_name(left.func) == "abs" and left.args:
                    yield from self._judge_distance(left.args[0], names)
            case ast.Call(func=function, args=[one, other, *_]) if (dotted_name(function) or "").endswith("isclose"):
                yield from self._judge_sides([one, other], names)
            case ast.Call(func=ast.Name(id="all" | "any"), args=[ast.GeneratorExp() | ast.ListComp() as inner]):
                loop = inner.generators[0]
                yield from self._loop(loop.target, loop.iter, [ast.Assert(inner.elt)], names)
            case _:
                yield from self.compare(node, True, names)

    def _judge_sides(self, sides: list[ast.expr], names: dict[str, object]) -> Iterator[Example]:
        for side in sides:
            for other in (other for other in sides if other is not side):
                value = read(_unwrapped(other), names)
                if value is not Unread.UNREAD:
                    yield from self.compare(side, value, names)

    def _judge_distance(self, node: ast.expr, names: dict[str, object]) -> Iterator[Example]:
        """Read `abs(f(x) - 2.5) < 0.01`."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            yield from self._judge_sides([node.left, node.right], names)

    def _judge_method(self, name: str, args: list[ast.expr], names: dict[str, object]) -> Iterator[Example]:
        if name in {"assertTrue", "assertFalse"} and args:
            yield from self.compare(args[0], name == "assertTrue", names)
        elif len(args) > 1:
            yield from self._judge_sides(args[:2], names)

    def _raising(self, node: ast.With | ast.AsyncWith, raised: str, names: dict[str, object]) -> Iterator[Example]:
        for statement in node.body:
            if call := self.call_in(statement, names):
                yield call.raises(raised)


def _unwrapped(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Call) and (dotted_name(node.func) or "").rpartition(".")[2] in _CLOSE and node.args:
        return node.args[0]
    return node


def _expected_raise(node: ast.With | ast.AsyncWith) -> str:
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and call.args:
            name = dotted_name(call.func) or ""
            if name.endswith(("raises", "assertRaises", "assertRaisesRegex")):
                raised = call.args[0].elts[0] if isinstance(call.args[0], ast.Tuple) else call.args[0]
                return (dotted_name(raised) or "").rpartition(".")[2]
    return ""
