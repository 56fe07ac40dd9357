"""Holds a description against the schema of OpenAPI 3.1, and its examples against its own schemas.

Usage: openapi_check.py FILE. Prints a JSON object: problems, and how many examples there were.
"""

import json
import sys

import jsonschema
import openapi_spec_validator


def media(operation):
    """Every body of an operation: where it is, its schema and its examples."""
    bodies = [("request", operation.get("requestBody", {}))]
    bodies += [(status, response) for status, response in operation["responses"].items()]
    for where, body in bodies:
        for content in body.get("content", {}).values():
            yield where, content["schema"], content.get("examples", {})


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    problems = [str(error) for error in openapi_spec_validator.OpenAPIV31SpecValidator(document).iter_errors()]
    examples = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for where, schema, named in media(operation):
                # The references in it are to the components of the document.
                validator = jsonschema.Draft202012Validator(
                    {**schema, "components": document["components"]},
                    format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
                )
                for name, example in named.items():
                    examples += 1
                    errors = [error.message for error in validator.iter_errors(example["value"])]
                    problems += [f"{method} {path} {where} {name}: {error}" for error in errors]
    print(json.dumps({"problems": problems, "examples": examples}))


main()
