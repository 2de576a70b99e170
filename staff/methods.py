"""Arranging the ways to wake somebody: in which order, and how long after the page.

Waits that nobody chose are the usual ones of `LATER`, and are arranged anew when a way comes or
goes; waits that somebody chose are kept. Whatever is arranged, the first is tried at once. Whether
a way was confirmed is for the store to know, and not looked at here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from locales.text import _
from staff.model import LATER, LONGEST_WAIT, Method

NOTHING = timedelta()


def methods_of(endpoints: Iterable[Endpoint]) -> tuple[Method, ...]:
    """Ways to wake somebody, each after its usual wait, the first at once."""
    return tuple(
        Method(endpoint, LATER[endpoint.channel] if place else NOTHING)
        for place, endpoint in enumerate(endpoints)
    )


def added(
    methods: Sequence[Method], endpoint: Endpoint, after: timedelta | None = None
) -> tuple[Method, ...]:
    """The methods with one more, after a wait of its own or the usual one."""
    if after is None and _usual(methods):
        ends = [*(method.endpoint for method in methods), endpoint]
        return methods_of(sorted(ends, key=lambda end: LATER[end.channel]))
    wait = LATER[endpoint.channel] if after is None else after
    return _first_at_once([*methods, Method(endpoint, wait)])


def removed(methods: Sequence[Method], ends: Iterable[Endpoint]) -> tuple[Method, ...]:
    """The methods without some."""
    gone = frozenset(ends)
    left = [method for method in methods if method.endpoint not in gone]
    if _usual(methods):
        return methods_of(method.endpoint for method in left)
    return _first_at_once(left)


def replaced(methods: Sequence[Method], endpoint: Endpoint) -> tuple[Method, ...]:
    """The methods with an endpoint in the place of what they had of its kind."""
    old = [one for one in methods if one.endpoint.channel is endpoint.channel]
    if any(one.endpoint == endpoint for one in old):
        return removed(methods, [one.endpoint for one in old if one.endpoint != endpoint])
    wait = old[0].after if old and not _usual(methods) else None
    return added(removed(methods, [one.endpoint for one in old]), endpoint, wait)


def delayed(methods: Sequence[Method], delays: Mapping[Channel, timedelta]) -> tuple[Method, ...]:
    """The methods with other waits for some kinds, in the order of the waits.

    Invalid when there is no way of such a kind.
    """
    kinds = {method.endpoint.channel for method in methods}
    for kind in delays:
        if kind not in kinds:
            raise Invalid(_("staff.delay_without_method"), kind=kind)
    changed = [
        replace(method, after=delays.get(method.endpoint.channel, method.after))
        for method in methods
    ]
    return tuple(sorted(changed, key=_wait))


def checked(methods: Sequence[Method]) -> tuple[Method, ...]:
    """The methods in the order of their waits; Invalid when a page could not go out by them.

    Waits are from nothing to `LONGEST_WAIT`, one of them is nothing, and no way is there twice.
    """
    ordered = tuple(sorted(methods, key=_wait))
    if len({method.endpoint for method in ordered}) < len(ordered):
        raise Invalid(_("staff.method_twice"))
    if any(not NOTHING <= method.after <= LONGEST_WAIT for method in ordered):
        raise Invalid(_("staff.delay_wrong"), minutes=LONGEST_WAIT // timedelta(minutes=1))
    if ordered and ordered[0].after:
        raise Invalid(_("staff.first_at_once"))
    return ordered


def _usual(methods: Sequence[Method]) -> bool:
    """Whether nobody has chosen these waits."""
    usual = methods_of(method.endpoint for method in methods)
    return [method.after for method in methods] == [method.after for method in usual]


def _first_at_once(methods: Sequence[Method]) -> tuple[Method, ...]:
    ordered = sorted(methods, key=_wait)
    return tuple(
        method if place else replace(method, after=NOTHING) for place, method in enumerate(ordered)
    )


def _wait(method: Method) -> timedelta:
    return method.after
