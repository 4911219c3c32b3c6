"""The app around a resource, for rules that look for something anywhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._resources import Resource, Template


def template_of(resource: Resource) -> Template:
    """The template that a resource is in."""
    assert resource.template is not None  # noqa: S101  rules across resources are evaluated in templates
    return resource.template


def templates_of(resource: Resource) -> Sequence[Template]:
    """All templates of the app."""
    template = template_of(resource)
    return template.assembly.templates or (template,)


def resources_in_app(resource: Resource, *types: str) -> Iterator[tuple[Template, Resource]]:
    """The resources of some types in the app, with their templates."""
    for template in templates_of(resource):
        for each in template.of_type(*types):
            yield template, each


def app_is_complete(resource: Resource) -> bool:
    """Whether nothing else in the app creates resources: no macro, nested template or custom resource."""
    return all(template.is_complete for template in templates_of(resource))
