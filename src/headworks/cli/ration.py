"""`headworks ration`: who gets how much when there is not enough."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headworks.cli.messages import as_text, write_text
from headworks.cli.options import check_outputs
from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.rationing.result import Ration

DIFFERS = 1
"""Exit code of `--verify` where running a record again gives something else."""


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[
        Path | None, typer.Argument(help="CSV file: name, claim, and more columns.")
    ] = None,
    pool: Annotated[str | None, typer.Option("--pool", help="What there is to share.")] = None,
    claims: Annotated[
        str | None, typer.Option("--claims", help="Claims: 100,200,300 or a=100,b=200.")
    ] = None,
    rule: Annotated[str, typer.Option("--rule", help="Rule by name or alias.")] = "proportional",
    weights: Annotated[
        str | None, typer.Option("--weights", help="Weight of each: 1,1,2 or b=2.")
    ] = None,
    caps: Annotated[str | None, typer.Option("--caps", help="The most that each may get.")] = None,
    minima: Annotated[str | None, typer.Option("--minima", help="What each is guaranteed.")] = None,
    priority: Annotated[
        str | None, typer.Option("--priority", help="Rank of each, 1 first.")
    ] = None,
    scores: Annotated[str | None, typer.Option("--scores", help="Points of each.")] = None,
    days: Annotated[
        str | None, typer.Option("--days", help="Day of each application: 2026-01-05,…")
    ] = None,
    cap: Annotated[
        str | None, typer.Option("--cap", help="The most that any may get: units, or 25%.")
    ] = None,
    truncate: Annotated[
        bool, typer.Option("--truncate", help="Count no claim for more than the pool.")
    ] = False,
    min_use: Annotated[
        str | None, typer.Option("--min-use", help="Cut who used less of earlier awards: 90%.")
    ] = None,
    lot: Annotated[str | None, typer.Option("--lot", help="Least award; less is refused.")] = None,
    reserve: Annotated[
        list[str] | None,
        typer.Option("--reserve", help="NAME=UNITS:a,b (add :hard to keep what they leave)."),
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", help="Processing order, such as small,open.")
    ] = None,
    tranches: Annotated[
        str | None, typer.Option("--tranches", help="Release the pool in parts: 100,100.")
    ] = None,
    orders: Annotated[
        int | None, typer.Option("--orders", help="Orders that random arrival draws.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="What they are drawn from.")] = 0,
    whole: Annotated[
        str | None, typer.Option("--whole", help="Whole units by this method.")
    ] = None,
    ballot_key: Annotated[
        str | None, typer.Option("--ballot-key", help="Key of the draw that breaks ties.")
    ] = None,
    ballot: Annotated[
        str | None, typer.Option("--ballot", help="Form of the draw: sha256 or rfc3797.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="All rules side by side.")] = False,
    inflate: Annotated[
        bool, typer.Option("--inflate", help="What each rule invites claimants to order.")
    ] = False,
    needs: Annotated[
        str | None, typer.Option("--needs", help="True needs, for --inflate: a=40,b=60.")
    ] = None,
    deposit: Annotated[
        str | None, typer.Option("--deposit", help="Share forfeited on unused requests: 10%.")
    ] = None,
    request_cap: Annotated[
        str | None, typer.Option("--request-cap", help="Most that may be requested: units, or 2x.")
    ] = None,
    expected_pool: Annotated[
        str | None,
        typer.Option("--expected-pool", help="Pool that claimants expected: 400000..700000."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the record to this JSON file.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="Run this record again and say yes or where.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Share a pool among claimants by a named rule, exactly, with a record that anyone can re-run.

    Examples:
      headworks ration --pool 200 --claims 100,200,300 --rule talmud

      headworks ration --pool 400000 --claims a=1200000,b=500000,c=300000 --rule cea --cap 40%

      headworks ration claims.csv --pool 400000 --compare

      headworks ration --pool 100 --claims a=120,b=60 --needs a=60,b=60 --inflate

      headworks ration claims.csv --pool 400000 --whole largest_remainder --record round-1.json

      headworks ration --verify round-1.json
    """
    if verify is not None:
        _verify(verify, as_json=as_json)
        return
    asked = {"--needs": needs, "--deposit": deposit, "--request-cap": request_cap,
             "--expected-pool": expected_pool}  # fmt: skip
    _check_options(asked, file, record, inflate=inflate, compare=compare)
    from headworks.rationing.ration import ration

    source = _source(file, claims)
    if pool is None:
        raise InputError([Fault("--pool", 0, "", "there is no pool to share", "give --pool UNITS")])
    columns = {
        "weights": weights, "caps": caps, "minima": minima, "priority": priority,
        "scores": scores, "days": days,
    }  # fmt: skip
    share = cap is not None and cap.strip().endswith("%")
    result = ration(
        source, pool, rule, **{name: _column(given) for name, given in columns.items()},  # type: ignore[arg-type]
        cap=None if share else cap, cap_share=cap if share else None, truncate=truncate or None,
        min_use=min_use, lot=lot, reserves=[_reserve(text) for text in reserve or []] or None,
        order=order, tranches=tranches, orders=orders, seed=seed, whole=whole,
        ballot_key=ballot_key, ballot=ballot,
    )  # fmt: skip
    if record is not None:
        from headworks.rationing.record import record as written_record

        write_text(record, as_text(written_record(result)) + "\n")
    if compare:
        _compare(result, as_json=as_json)
        return
    if inflate:
        _inflate(result, tuple(asked.values()), as_json=as_json)
        return
    if as_json:
        typer.echo(as_text(result.to_json()))
        return
    from headworks.cli.options import terminal
    from headworks.cli.ration_tables import show_awards

    console = terminal()
    show_awards(result, console)
    if record is not None:
        console.print(f"written: {record}", markup=False)


def _check_options(
    asked: dict[str, str | None], file: Path | None, record: Path | None, *, inflate: bool,
    compare: bool,
) -> None:  # fmt: skip
    """Raise if options do not go together."""
    faults = [
        Fault(option, 0, "", "it says something only with --inflate", "add --inflate")
        for option, given in asked.items()
        if given is not None and not inflate
    ]
    if inflate and compare:
        message = "--compare and --inflate are two answers"
        faults.append(Fault("--inflate", 0, "", message, "ask for one of them"))
    if faults:
        raise InputError(faults)
    check_outputs([file], {"--record": record})


def _source(file: Path | None, claims: str | None) -> Any:  # noqa: ANN401 - what `ration` takes
    if (file is None) == (claims is None):
        message = "there are no claims" if file is None else "claims come from a file and --claims"
        remedy = "give a CSV file or --claims 100,200,300, one of them"
        raise InputError([Fault("--claims", 0, "", message, remedy)])
    return file if claims is None else _column(claims)


def _column(text: str | None) -> dict[str, str] | list[str] | None:
    """Return `a=1,b=2` as a mapping and `1,2` as a list."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    named = ["=" in part for part in parts]
    if not any(named):
        return parts
    if not all(named):
        message = f"{text!r}: some have a name and others have none"
        raise InputError([Fault("", 0, "", message, "write all as name=amount, or none")])
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for part in parts:
        name, _, value = (piece.strip() for piece in part.partition("="))
        if not name or name in found:
            what = f"{name!r} stands twice" if name else f"{part!r} names nobody"
            faults.append(Fault("", 0, "", f"{text!r}: {what}"))
        found[name] = value
    if faults:
        raise InputError(faults)
    return found


def _reserve(text: str) -> dict[str, object]:
    name, _, rest = text.partition("=")
    units, _, eligible = rest.partition(":")
    eligible, _, kind = eligible.partition(":")
    if not (name and units and eligible) or kind not in ("", "soft", "hard"):
        message = f"{text!r} is no reserve"
        raise InputError([Fault("--reserve", 0, "", message, "write it as small=1000:a,b")])
    return {"name": name, "units": units, "eligible": eligible, "soft": kind != "hard"}


def _verify(path: Path, *, as_json: bool) -> None:
    from headworks.rationing.record import read_record, verify

    kept = read_record(path)
    differences = verify(kept)
    if as_json:
        typer.echo(as_text({"verified": not differences, "differences": differences}))
    elif differences:
        typer.echo(f"no: {path} differs in {len(differences)} places")
        for difference in differences:
            typer.echo(f"  {difference}")
    else:
        typer.echo(f"yes: {path} gives the same awards again")
        typer.echo(f"sha256 {kept['sha256']}")
    if differences:
        raise typer.Exit(DIFFERS)


def _inflate(result: Ration, asked: tuple[str | None, ...], *, as_json: bool) -> None:
    from headworks.cli.inflate import inflated, inflation_json, show_inflation
    from headworks.cli.options import progress_bar, terminal

    needs, deposit, request_cap, expected_pool = asked
    with progress_bar("incentives") as tell:
        found = inflated(
            result.people, result.pool, result.unit, rule=result.rule.name, needs=_column(needs),
            deposit=deposit, request_cap=request_cap, expected_pool=expected_pool, progress=tell,
        )  # fmt: skip
    if as_json:
        typer.echo(as_text(inflation_json(found)))
    else:
        show_inflation(found, terminal())


def _compare(result: Ration, *, as_json: bool) -> None:
    from headworks.cli.options import progress_bar, terminal
    from headworks.rationing.comparison import compare_rules

    with progress_bar("rules") as tell:
        found = compare_rules(result, progress=tell)
    if as_json:
        typer.echo(as_text(found.to_json()))
        return
    from headworks.cli.ration_tables import show_comparison

    show_comparison(found, result.rule.name, terminal())
