"""Policies as people write them: one YAML document, read with suspicion, with the line of a fault.

Aliases are not taken: a few lines of them can stand for more than any memory holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from alerts.policy import Policy
from alerts.policy_document import document_of, read_policy
from kit.errors import Invalid
from locales.text import _

LARGEST = 200_000
MOST_POLICIES = 50
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a line: the place in a policy, and what was expected there."""

    line: int
    key: str
    place: str = ""
    expected: str = ""


class Faulty(Invalid):
    """A file with faults, in their order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.key, place=first.place, expected=first.expected, line=first.line)
        self.faults = tuple(faults)


def read_policies(data: bytes) -> tuple[Policy, ...]:
    """The policies of a file; of none, an empty tuple. Raises Invalid, or Faulty with the lines."""
    if len(data) > LARGEST:
        raise Invalid(_("policies.file_large"), limit=LARGEST // 1000)
    try:
        text = data.decode("utf-8-sig")
        if odd := _odd_line(text):
            raise Faulty([Fault(odd, _("policies.line_unreadable"))])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        found = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Faulty([Fault(mark.line + 1 if mark else 1, _("policies.line_unreadable"))]) from None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        raise Invalid(_("policies.file_unreadable")) from None
    if not isinstance(found, list) or len(found) > MOST_POLICIES:
        raise Invalid(_("policies.file_list"), limit=MOST_POLICIES)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else []
    faults: list[Fault] = []
    policies: list[Policy] = []
    for raw, node in zip(found, nodes, strict=True):
        faults += _repeated(node)
        try:
            policies.append(read_policy(raw))
        except Invalid as problem:
            place, expected = str(problem.params["place"]), str(problem.params["expected"])
            faults.append(Fault(_line_of(node, place), problem.key, place, expected))
    if faults:
        raise Faulty(sorted(faults, key=lambda one: one.line))
    return tuple(policies)


def written(policies: Sequence[Policy]) -> str:
    """Policies as a file; `read_policies` gives the same back."""
    if not policies:
        return ""
    return "\n".join(
        yaml.safe_dump(
            [_brief(one)], allow_unicode=True, sort_keys=False, default_flow_style=None, width=90
        )
        for one in policies
    )


def _brief(policy: Policy) -> dict[str, object]:
    """The document of a policy without what holds anyway, whole minutes as such."""
    found: dict[str, object] = {}
    for name, value in document_of(policy).items():
        if value == []:
            continue
        found[name] = _whole(value)
    steps = found["steps"]
    if isinstance(steps, list):
        found["steps"] = [
            {name: _whole(value) for name, value in step.items() if name != "one_by_one" or value}
            for step in steps
        ]
    return found


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _odd_line(text: str) -> int | None:
    """The line of what is deeper than any policy, stands for something else, or says itself of
    which type it is: no policy needs that, and the reader trips over wrong ones."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        typed = isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None
        if depth > DEEPEST or typed or isinstance(event, yaml.AliasEvent):
            return event.start_mark.line + 1 if event.start_mark else 1
    return None


def _repeated(node: yaml.Node) -> Iterator[Fault]:
    """Keys that stand twice: only the last of them would hold."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name and name in seen:
                yield Fault(key.start_mark.line + 1, _("policies.repeated"), name)
            seen.add(name)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _repeated(one)


def _line_of(node: yaml.Node, place: str) -> int:
    """The line of "steps[2].call" in a policy, or of the nearest that is there."""
    line: int = node.start_mark.line + 1
    for part in place.split("."):
        name, _bracket, number = part.partition("[")
        inside = _field(node, name)
        if inside is None:
            break
        node, line = inside
        if number and isinstance(node, yaml.SequenceNode):
            which = int(number.rstrip("]")) - 1
            if which < len(node.value):
                node = node.value[which]
                line = node.start_mark.line + 1
    return line


def _field(node: yaml.Node, name: str) -> tuple[yaml.Node, int] | None:
    """The value of a field, and the line at which the field stands."""
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value == name:
            return value, key.start_mark.line + 1
    return None
