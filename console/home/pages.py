"""The pages of this package, added together."""

from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.home.attentions import add_attentions
from console.home.needs import Elsewhere
from console.home.start import add_start
from console.home.targets import add_targets


def add_home(pages: StaffPages, streams: Streams, elsewhere: Elsewhere) -> None:
    """`/inicio`, `/atenciones`, `/cobertura`."""
    add_start(pages, streams, elsewhere)
    add_attentions(pages)
    add_targets(pages)
