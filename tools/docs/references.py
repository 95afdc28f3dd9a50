"""Writes docs/reference: what the HTTP door, the command line, errors, acts, settings and kinds are, from the code.

    python tools/docs/references.py           writes the pages
    python tools/docs/references.py --check   names those that are no longer what the code says; exit code 1

A page that somebody edits by hand is overwritten: change the code, or its words, and write again.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import codes
from cyclopts import App

from comity import errors
from comity.access.acts import OPEN_ACTS, Act
from comity.access.roles import ROLES
from comity.api.description import describe
from comity.app import CLI_ACCOUNT, OPERATOR_ACCOUNT
from comity.cli.commands import command_line
from comity.cli.helping import commands
from comity.cli.speaking import VARIABLES
from comity.phrases.words import CODES, LANGUAGES, words
from comity.records.countries import countries
from comity.records.kind import Field, Kind
from comity.records.kinds import KINDS

HERE = Path(__file__).parents[2] / "docs" / "reference"
MADE = "Made from the code by `make docs`; changes made here by hand are lost.\n"
ENGLISH = words("en")
SHARED = ("`--node`", "`--as`", "`--purpose`", "`--json`")


def page(title: str, whom: str, *parts: str) -> str:
    """Return a page: its title, whom it is for, its parts."""
    return "\n".join((f"# {title}\n", f"{whom} {MADE}", *parts)).rstrip("\n") + "\n"


def rows(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    drawn = ["| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines]
    return "\n".join(("| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *drawn)) + "\n"


def code(text: str) -> str:
    """Return the text as code; nothing for nothing."""
    return f"`{text}`" if text else ""


# HTTP ---------------------------------------------------------------------------------------------------------


def http_page() -> str:
    """Return every operation of the HTTP door: what it takes, what it gives, how it can fail."""
    described = describe()
    return page(
        "HTTP reference",
        "For systems and whoever writes them; [the HTTP door](../http.md) tells how they fit together.",
        "A bearer key goes with every request that says so. Every error is `application/problem+json`.\n",
        *(
            _operation(method, path, operation)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
        ),
        "## Shapes\n",
        *(_shape(name, schema) for name, schema in sorted(described["components"]["schemas"].items())),
    )


def _operation(method: str, path: str, operation: Mapping[str, object]) -> str:
    told = [f"## `{method.upper()} {path}`\n", f"{operation['summary']}.\n"]
    lines = [("key", "a bearer key" if "security" in operation else "none needed")]
    lines += [(f"{one['in']}", code(one["name"])) for one in operation["parameters"]]
    body = operation.get("requestBody")
    if body:
        lines += [("body", _content(body["content"]))]
    responses = operation["responses"]
    lines += [(status, _content(one.get("content", {}))) for status, one in responses.items() if status < "4"]
    failing = [status for status in responses if status >= "4"]
    lines += [("otherwise", f"a problem: {', '.join(failing)}")] if failing else []
    return "\n".join([*told, rows(("part", "what"), lines)])


def _content(content: Mapping[str, Mapping[str, object]]) -> str:
    return "; ".join(f"{code(media)}{_named(one.get('schema', {}))}" for media, one in content.items())


def _named(schema: Mapping[str, object]) -> str:
    reference = str(schema.get("$ref", ""))
    name = reference.rpartition("/")[2]
    return f": [{name}](#{name.lower()})" if name else ""


def _shape(name: str, schema: Mapping[str, object]) -> str:
    one_of = schema.get("oneOf")
    if isinstance(one_of, list):
        return f"### {name}\n\nOne of {len(one_of)} forms, one a kind of record: see [kinds](kinds.md).\n"
    required = set(schema.get("required", ()))
    properties = schema.get("properties", {})
    lines = [
        (code(field), "always" if field in required else "where it has one", _type(one))
        for field, one in properties.items()
    ]
    if not lines:
        return f"### {name}\n\n{_type(schema)}\n"
    return f"### {name}\n\n{rows(('field', 'there', 'what'), lines)}"


def _type(schema: Mapping[str, object]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return "one of " + ", ".join(code(str(one)) for one in schema["enum"])
    if "oneOf" in schema:
        return " or ".join(_type(one) for one in schema["oneOf"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and schema.get("properties"):
        return "object of " + ", ".join(code(name) for name in schema["properties"])
    named = " or ".join(kind) if isinstance(kind, list) else str(kind)
    form = schema.get("format")
    return f"{named} ({form})" if form else named


# Command line -------------------------------------------------------------------------------------------------


def cli_page() -> str:
    """Return every command, with what it takes."""
    found = sorted(commands(command_line(ENGLISH)), key=lambda pair: pair[0])
    return page(
        "Command line reference",
        "For operators and whoever writes scripts.",
        "`comity COMMAND --help` says the same in the terminal's language: "
        + ", ".join(map(code, VARIABLES)),
        "name it, the first that is set, and any other than Arabic, English, French and Spanish is English.\n",
        "## Shared options\n",
        "Every command that opens a node takes these.\n",
        rows(("option", "what"), [(name, ENGLISH.option(name.strip("`"))) for name in SHARED]),
        "Exit codes: 0 done, 1 the node says no, 2 what was typed is malformed, 130 interrupted.\n",
        *(_command(" ".join(path), app) for path, app in found if app.default_command is not None),
    )


def _command(path: str, app: App) -> str:
    told = ENGLISH.command(path)
    lines = [_argument(one) for one in app.assemble_argument_collection() if one.names]
    own = [line for line in lines if line[0] and line[0] not in SHARED]
    is_placed = any(line[0] in SHARED for line in lines)
    listed = [rows(("option", "what", "without it"), own)] if own else []
    return "\n".join(
        (f"## `comity {path}`\n", f"{told}\n", *listed, *(["And the shared options.\n"] if is_placed else []))
    )


def _argument(one: object) -> tuple[str, str, str]:
    names = [name for name in one.names if not name.startswith("--no-")]  # type: ignore[attr-defined]
    typed = next((name for name in names if name.startswith("--")), "")
    default = one.field_info.default  # type: ignore[attr-defined]
    is_required = default is inspect.Parameter.empty
    shown = "required" if is_required else "" if default in {None, "", False} else code(str(default))
    return code(typed) if typed else "", ENGLISH.option(typed), shown


# Errors -------------------------------------------------------------------------------------------------------


def errors_page() -> str:
    """Return every code, with its status and what it says in each language."""
    found = [
        one
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if one.__module__ == errors.__name__ and one is not errors.ComityError
    ]
    tree = [
        (code(one.code), str(one.status), inspect.getdoc(one).partition("\n")[0])
        for one in sorted(found, key=lambda one: (one.status, one.code))
        if one is not errors.MalformedError
    ]
    rules = codes.rules()
    return page(
        "Errors",
        "For systems, for whoever writes them, and for officers who were told a code.",
        "A code never changes. Sentences are the doors' own, in the reader's language.\n",
        "## What can go wrong\n",
        rows(("code", "status", "when"), tree),
        "## Malformed: status 422, exit code 2\n",
        _said(codes.malformed_codes()),
        "## Refused: status 403, `rule`\n",
        _said(rules["RefusedError"]),
        "## Conflict: status 409, `rule`\n",
        _said(rules["ConflictError"]),
        "## Doubts: searched all the same\n",
        _said({one for one in codes.doubts() if "-check" not in one} | {"check-digit"}),
    )


def _said(found: set[str]) -> str:
    languages = [code_ for code_ in CODES if code_ != "en"]
    lines = [
        (code(one), ENGLISH.error(one), *(words(language).error(one) for language in languages))
        for one in sorted(found)
    ]
    return rows(("code", "English", *(_own_name(language) for language in languages)), lines)


def _own_name(language: str) -> str:
    return dict(LANGUAGES)[language]


# Acts, settings, kinds ----------------------------------------------------------------------------------------


def acts_page() -> str:
    """Return every act that the log names, and the roles that may do it."""
    lines = [
        (
            code(act.value),
            ENGLISH.value("act", act.value),
            "everyone"
            if act in OPEN_ACTS
            else ", ".join(one.code for one in ROLES.values() if act in one.acts),
        )
        for act in Act
    ]
    roles = [
        (code(one.code), str(one.rank), ", ".join(code(act.value) for act in Act if act in one.acts))
        for one in ROLES.values()
    ]
    return page(
        "Acts and roles",
        "For administrators, controllers, and whoever reads the audit log.",
        "An act is what an account may do and what the log names: one list for both.\n",
        rows(("act", "in the log", "roles"), lines),
        "## Roles\n",
        "Nobody manages their own rank or above. No role both runs the node and reads police data.\n",
        rows(("role", "rank", "acts"), roles),
    )


def settings_page() -> str:
    """Return what `node.toml` and the environment say."""
    node = (
        ("`name`", "what the node is called; heads of its audit log carry it"),
        ("`database`", "a `postgresql+psycopg://` address; empty: `registry.sqlite` in the node's directory"),
        (
            "`retention`",
            "how long records are held: `secretariat` or `border`, see [retention](../retention.md)",
        ),
        ("`command-line.account`", f"who checks and enters lists on the command line: `{CLI_ACCOUNT}`"),
        ("`command-line.operator`", f"who runs the node there: `{OPERATOR_ACCOUNT}`"),
        ("`command-line.purpose`", "the purpose of acts on the command line that state none"),
        (
            "`outgoing.console`",
            "where the console is found, as in `https://host`; links in e-mails begin with it",
        ),
        ("`outgoing.relay`", "`host:port` of the relay that takes e-mails; empty: none is sent"),
        ("`outgoing.sender`", "the address that e-mails come from"),
    )
    environment = (
        ("`COMITY_HOME`", "the node's directory, where `--node` names none"),
        (", ".join(map(code, VARIABLES)), "the terminal's language, the first that is set"),
    )
    return page(
        "Settings",
        "For operators.",
        "## `node.toml`\n",
        rows(("setting", "what"), node),
        "## Environment\n",
        rows(("variable", "what"), environment),
    )


def kinds_page() -> str:
    """Return every kind of record: its fields, what leads to it, what may be asked."""
    return page(
        "Kinds of record",
        "For bureaus that enter records and systems that check them; [kinds](../kinds.md) tells how to add one.",
        f"Countries are ICAO or ISO codes of three letters, {len(countries())} of them; two letters are taken.\n",
        *(_kind(kind) for kind in KINDS.values()),
    )


def _kind(kind: Kind) -> str:
    fields = [
        (
            code(path),
            ENGLISH.field(kind.code, field.name),
            field.type.name if field.type else "",
            _marks(field),
        )
        for path, field in _paths(kind.fields)
    ]
    asked = [(code(one.name), one.type.name, "finds" if one.finds else "weighs") for one in kind.questions]
    carrier = f"`{kind.carrier.name}` answers several of them at once.\n" if kind.carrier else ""
    return "\n".join(
        (
            f"## `{kind.code}`: {ENGLISH.kind(kind.code)}\n",
            rows(("field", "label", "type", ""), fields),
            "Asked:\n",
            rows(("question", "type", ""), asked),
            carrier,
            "A summary shows " + ", ".join(code(name) for name in kind.summary) + ".\n",
        )
    )


def _paths(fields: tuple[Field, ...], before: str = "") -> Iterator[tuple[str, Field]]:
    for field in fields:
        path = f"{before}{field.name}{'[]' if field.many else ''}"
        if field.fields:
            yield from _paths(field.fields, f"{path}.")
        else:
            yield path, field


def _marks(field: Field) -> str:
    return ", ".join(
        word
        for word, holds in (("required", field.required), ("leads to the record", field.searched))
        if holds
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "http.md": http_page,
    "cli.md": cli_page,
    "errors.md": errors_page,
    "acts.md": acts_page,
    "settings.md": settings_page,
    "kinds.md": kinds_page,
}


def stale() -> list[str]:
    """Return the pages that are not what the code says now."""
    return [
        name
        for name, written in PAGES.items()
        if not (HERE / name).is_file() or (HERE / name).read_text("utf-8") != written()
    ]


def main() -> None:
    """Write the pages, or say which are stale."""
    if "--check" in sys.argv[1:]:
        found = stale()
        print("\n".join(f"{name} is not what the code says: make docs" for name in found) or "up to date")
        sys.exit(1 if found else 0)
    HERE.mkdir(parents=True, exist_ok=True)
    for name, written in PAGES.items():
        (HERE / name).write_text(written(), "utf-8")


if __name__ == "__main__":
    main()
