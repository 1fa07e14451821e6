from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from browser import Browser, find_browser
from report_projects import make_full_report

from pytest_compiled_ai.reports.html_page import render_page

PROBE = """
<script>
addEventListener("load", () => {
  const seen = (query) => [...document.querySelectorAll(query)].map((node) => getComputedStyle(node));
  const colour = (query) => seen(query)[0].backgroundColor;
  document.body.dataset.old = colour("tr.changed td.old:not(.number)");
  document.body.dataset.new = colour("tr.changed td.new:not(.number)");
  document.body.dataset.wide = document.documentElement.scrollWidth > innerWidth;
  document.body.dataset.injected = String(window.injected);
  document.body.dataset.articles = document.querySelectorAll("article").length;
});
</script>
"""
ATTACK = "</code></script><script>window.injected = 1</script><img src=x onerror='window.injected = 2'>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium is installed: `apt-get install chromium`")
    return Browser(path, tmp_path_factory.mktemp("profile"))


def write_page(folder: Path, text: str) -> Path:
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    return page


def with_probe(text: str) -> str:
    policy = escape("default-src 'none'; style-src 'unsafe-inline'")
    assert policy in text
    return text.replace(policy, "img-src *").replace("</body>", f"{PROBE}</body>")


def test_the_policy_lets_no_script_run(browser, tmp_path):
    text = render_page(make_full_report()).replace("</body>", f"{PROBE}</body>")
    assert "data-articles=" not in browser.dump(write_page(tmp_path, text))


def test_the_page_is_drawn(browser, tmp_path):
    page = write_page(tmp_path, render_page(make_full_report()))
    browser.screenshot(page, tmp_path / "page.png", height=1400)
    picture = (tmp_path / "page.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 1280
    browser.screenshot(write_page(tmp_path, "<p>"), tmp_path / "empty.png", height=1400)
    assert len(picture) > 5 * len((tmp_path / "empty.png").read_bytes())


def test_what_the_browser_makes_of_it(browser, tmp_path):
    found = browser.dump(write_page(tmp_path, with_probe(render_page(make_full_report()))))
    assert 'data-articles="3"' in found
    assert 'data-old="rgb(253, 238, 221)"' in found
    assert 'data-new="rgb(227, 239, 253)"' in found
    assert 'data-wide="false"' in found


@pytest.mark.parametrize("policy", [True, False])
def test_a_text_that_is_a_script_does_not_run(browser, tmp_path, policy):
    report = make_full_report()
    spec = report.specs[0]
    origin = replace(spec.origin, model=ATTACK, changes=(ATTACK,), call=ATTACK)
    body = replace(spec.body, new=f'"""{ATTACK}"""\n')
    text = render_page(replace(report, project=ATTACK, specs=(replace(spec, id=ATTACK, body=body, origin=origin),)))
    found = browser.dump(write_page(tmp_path, text if policy else with_probe(text)))
    assert ('data-injected="undefined"' in found) != policy
    assert "<img" not in found
    assert found.count("&lt;img src=x onerror=") > 5


def test_it_can_be_printed(browser, tmp_path):
    browser.print(write_page(tmp_path, render_page(make_full_report())), tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
