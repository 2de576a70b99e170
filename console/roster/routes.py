"""All pages of this area."""

from alerts.model import Times
from console.frame.pages import StaffPages
from console.roster.own import add_own
from console.roster.policies import add_policies
from console.roster.rotas import add_rotas
from console.roster.simulator import add_simulator
from console.roster.swap import add_swap
from console.roster.turn import add_turn
from console.roster.week import add_week


def add_roster(pages: StaffPages, times: Times) -> None:
    """`/guardias`: the week, shifts, rotas, policies, the simulator, one's own."""
    add_week(pages)
    add_turn(pages)
    add_swap(pages)
    add_rotas(pages)
    add_policies(pages, times)
    add_simulator(pages, times)
    add_own(pages)
