"""The cast's own story, told through the same actions that everyday work uses."""

from svyaz.demo.north import tell_of_north
from svyaz.demo.olga import tell_of_olga
from svyaz.demo.telling import Telling
from svyaz.demo.world import World


def tell_story(world: World) -> None:
    """Tell of Olga and of «Север»."""
    telling = Telling(world)
    tell_of_olga(telling)
    tell_of_north(telling)
