"""Whether a base is a demo base, and who can log in to it."""

from svyaz.users.models import User

CAST = ("anna", "boris", "vera", "gleb", "admin")
CAST_PASSWORD = "svyaz-demo"


def is_demo() -> bool:
    """Tell whether the sample operator was loaded here: the first of its cast can log in with the demo password."""
    first = User.objects.filter(username=CAST[0], is_active=True).first()
    return first is not None and first.check_password(CAST_PASSWORD)


def cast_logins() -> list[str]:
    """Return the user names of the cast where the demo password opens the desk; none elsewhere.

    One password is tried, not five: each try is slow on purpose.
    """
    if not is_demo():
        return []
    known = set(User.objects.filter(username__in=CAST, is_active=True).values_list("username", flat=True))
    return [name for name in CAST if name in known]
