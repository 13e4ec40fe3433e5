"""The results for a person: a table on the terminal, and the same in Markdown for the README."""

from __future__ import annotations

from typing import Any


def number(value: float) -> str:
    """Three significant digits, thousands with a comma."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def shown(record: dict[str, Any], key: str) -> str:
    """A number with its unit."""
    value = number(record[key])
    return f"{value} ×" if record["unit"] == "times" else f"{value} {record['unit']}"


def verdict(record: dict[str, Any]) -> str:
    """The aim, and whether it was met."""
    if "aim" not in record:
        return ""
    if record["met"]:
        return f"{record['aim']}: met"
    return f"{record['aim']}: missed by a factor of {number(record['missed_by_factor'])}"


def rows(results: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(what, median, 95th percentile, aim) of every measurement."""
    table = []
    for record in results["measurements"].values():
        several = record["samples"] > 1
        p95 = shown(record, "p95") if several else ""
        table.append((record["what"], shown(record, "median"), p95, verdict(record)))
    return table


HEADINGS = ("measured", "median", "95th percentile", "aim")


def plain(results: dict[str, Any]) -> str:
    """The table in columns."""
    table = [HEADINGS, *rows(results)]
    widths = [max(len(row[k]) for row in table) for k in range(3)]
    lines = [
        f"{what:<{widths[0]}}  {median:>{widths[1]}}  {p95:>{widths[2]}}  {aim}".rstrip()
        for what, median, p95, aim in table
    ]
    lines += [f"NOT MEASURED  {part}: {why}" for part, why in results["failed"].items()]
    return "\n".join(lines)


def markdown(results: dict[str, Any]) -> str:
    """The table for the README, and the machine it was measured on."""
    machine = results["machine"]
    lines = [
        "| " + " | ".join(HEADINGS) + " |",
        "| :-- | --: | --: | :-- |",
        *("| " + " | ".join(row) + " |" for row in rows(results)),
        "",
        f"Measured in one run with `make bench` on {machine['cores']} cores "
        f"({machine['processor']}), {machine['system']}, Python {machine['python']}, "
        f"{machine['browser']} without a graphics processor. All samples are in one file, "
        "`_build/bench.json`, after a run.",
    ]
    return "\n".join(lines) + "\n"
