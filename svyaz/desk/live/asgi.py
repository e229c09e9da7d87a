"""What the live process serves."""

import django

django.setup()

from svyaz.desk.live.application import Application  # noqa: E402 (models are there only after the set-up)

application = Application()
