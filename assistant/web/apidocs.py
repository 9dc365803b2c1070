"""An OpenAPI schema -> a page that describes it, without scripts and without other sites."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from assistant.web.escaping import escape
from assistant.web.plainpage import plain_page

Schema = Mapping[str, Any]
_EXAMPLE_ID = "ID"


def docs_page(schema: Schema, base: str, root_path: str = "") -> str:
    """Return the page; ``base`` is the address of the server, as the reader calls it."""
    parts = [
        f'<nav><a href="{escape(root_path)}/">Ask a question</a></nav><main>',
        f"<h1>API of the {escape(schema['info']['title'].lower())}</h1>",
        f"<p>{escape(schema['info']['description'])}</p>",
        f'<p>Schema: <a href="{escape(root_path)}/api/openapi.json">OpenAPI '
        f"{escape(schema['openapi'])}</a></p>",
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(schema, base, f"/api{path}", method, operation))
    return plain_page("API", "".join([*parts, "</main>"]), root_path)


def _operation(schema: Schema, base: str, path: str, method: str, operation: Schema) -> str:
    rows = list(_rows(schema, operation))
    table = (
        '<div class="table"><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    replies = "".join(
        f"<li>{escape(status)}: {escape(_reply_name(reply))}</li>"
        for status, reply in operation["responses"].items()
    )
    return (
        f"<section><h2>{escape(operation['summary'])}</h2>"
        f"<p><code>{method.upper()} {escape(path)}</code></p>"
        f"<p>{escape(operation.get('description', ''))}</p>{table if rows else ''}"
        f"<pre><code>{escape(_curl(schema, base, path, method, operation))}</code></pre>"
        f"<p>Replies</p><ul>{replies}</ul></section>"
    )


def _rows(schema: Schema, operation: Schema) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        yield _row(parameter["name"], parameter["schema"], parameter["required"], parameter)
    body = _body(schema, operation)
    for name, field in body.get("properties", {}).items():
        yield _row(name, field, name in body.get("required", []), field)


def _row(name: str, field: Schema, required: bool, described: Schema) -> str:
    needed = "" if required else " (optional)"
    return (
        f"<tr><td><code>{escape(name)}</code>{needed}</td><td>{escape(_type(field))}</td>"
        f"<td>{escape(described.get('description', ''))}</td></tr>"
    )


def _type(field: Schema) -> str:
    """Return a field's type and limits in words."""
    if "anyOf" in field:
        return _type({**field["anyOf"][0]})
    if "enum" in field:
        return " or ".join(map(str, field["enum"]))
    limits = [
        f"at most {field['maxLength']:,} characters" if "maxLength" in field else "",
        f"from {field['minimum']:,}" if "minimum" in field else "",
        f"to {field['maximum']:,}" if "maximum" in field else "",
    ]
    name = {"string": "text", "integer": "whole number"}.get(field.get("type", ""), "value")
    told = " ".join(limit for limit in limits if limit)
    return f"{name}, {told}" if told else name


def _body(schema: Schema, operation: Schema) -> Schema:
    content = operation.get("requestBody", {}).get("content", {})
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    found: Schema = schema.get("components", {}).get("schemas", {}).get(name, {})
    return found


def _reply_name(reply: Schema) -> str:
    shape = reply.get("content", {}).get("application/json", {}).get("schema", {})
    choices = shape.get("anyOf", [shape])
    names = [choice.get("$ref", "").rpartition("/")[2] for choice in choices]
    told = " or ".join(name.removesuffix("Reply") for name in names if name)
    return told or str(reply["description"])


def _curl(schema: Schema, base: str, path: str, method: str, operation: Schema) -> str:
    """Return a command that calls the operation with its examples."""
    if method == "post":
        fields = _body(schema, operation).get("properties", {})
        example = {k: f["examples"][0] for k, f in fields.items() if f.get("examples")}
        if "answer_id" in fields:
            example = {"answer_id": _EXAMPLE_ID, **example}
        sent = shlex.quote(json.dumps(example, ensure_ascii=False))
        return f"curl {base}{path} -H 'Content-Type: application/json' \\\n  -d {sent}"
    query = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(_EXAMPLE_ID))
        elif examples := parameter["schema"].get("examples", parameter.get("examples")):
            query[parameter["name"]] = examples[0]
    address = f"{base}{path}?{urlencode(query)}" if query else f"{base}{path}"
    return f"curl {shlex.quote(address)}"
