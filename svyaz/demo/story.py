"""The cast's own story."""

from svyaz.demo.world import World


def tell_story(world: World) -> None:
    pass
