"""A project whose one stub stands in a scaffold, for each of these."""

from __future__ import annotations

from pathlib import Path

from pytest_compiled_ai.compiler.compiler import Compiler
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.reports.model import RunReport
from pytest_compiled_ai.reports.terminal import TerminalWatcher
from pytest_compiled_ai.testing import ScriptedProvider, fenced, write_project

MODELS = """
    from dataclasses import dataclass
    from decimal import Decimal


    class UnknownProduct(Exception):
        pass


    @dataclass(frozen=True)
    class Order:
        product: str
        count: int


    @dataclass(frozen=True)
    class Priced:
        order: Order
        total: Decimal
"""
STUB = '''
from decimal import Decimal

import pytest

from pytest_compiled_ai import spec
from shop.models import Order, Priced{imports}

PRICES = {{"pen": "1.50", "ink": "3"}}


@spec(template="{template}")
def price(order: Order) -> Priced:
    """Return the order with its total, by PRICES.

    Raises:
        {error}: the product has no price.
    """


def test_a_price() -> None:
    assert price(Order("pen", 2)).total == Decimal("3.00")


def test_no_price() -> None:
    with pytest.raises({error}):
        price(Order("cup", 1))

'''
TESTS = {
    "handler": """
def test_the_handler_answers() -> None:
    assert price_handler({"order": Order("pen", 2)}) == PriceResponse(200, price(Order("pen", 2)))


def test_the_handler_refuses() -> None:
    assert price_handler({"order": 3}).status == 400
    assert price_handler({"order": Order("cup", 1)}).status == 422
""",
    "stream": """
def test_the_stream_goes_on() -> None:
    failures: list[PriceFailure] = []
    orders = [Order("pen", 1), Order("cup", 1), Order("ink", 1)]
    assert [each.total for each in price_stream(orders, failures.append)] == [Decimal("1.50"), Decimal(3)]
    assert [(each.position, each.item.product, type(each.error)) for each in failures] == [(1, "cup", LookupError)]
""",
    "batch": """
def test_the_batch_resumes(tmp_path: Path) -> None:
    orders = [Order("pen", 1), Order("cup", 1), Order("ink", 1)]
    assert price_batch(orders[:2], tmp_path / "out") == PriceBatch(1, 1, 0)
    assert price_batch(orders, tmp_path / "out") == PriceBatch(1, 0, 2)
    assert len((tmp_path / "out").read_text().splitlines()) == 3
""",
}
IMPORTS = {
    "handler": ", UnknownProduct\nfrom generated.orders import PriceResponse, price_handler",
    "stream": "\nfrom generated.orders import PriceFailure, price_stream",
    "batch": "\nfrom pathlib import Path\n\nfrom generated.orders import PriceBatch, price_batch",
}
BODY = """
    def price(order):
        if order.product not in PRICES:
            raise {error}(order.product)
        return Priced(order, Decimal(PRICES[order.product]) * order.count)
"""
ERRORS = {"handler": "UnknownProduct", "stream": "LookupError", "batch": "LookupError"}


def write_orders(root: Path, template: str) -> Path:
    spec = STUB.format(template=template, imports=IMPORTS[template], error=ERRORS[template]) + TESTS[template]
    files = {"specs/orders.py": spec, "src/shop/__init__.py": "", "src/shop/models.py": MODELS}
    return write_project(root, files)


def compile_orders(root: Path, template: str) -> RunReport:
    provider = ScriptedProvider(fenced(BODY.format(error=ERRORS[template])))
    config = load_config(root, timeout=240)
    with (root.parent / f"{root.name}.log").open("w", encoding="utf-8") as log:
        return Compiler(Project(config), lambda: (provider,), TerminalWatcher(log)).compile()


def said(root: Path) -> str:
    return (root.parent / f"{root.name}.log").read_text(encoding="utf-8")
