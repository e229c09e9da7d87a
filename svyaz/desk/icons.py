"""The icons of the desk by their Lucide names; the sprite holds these and no others."""

NAMES = """
activity arrow-down-left arrow-left arrow-right arrow-right-left arrow-up-right badge-percent bell building-2 cake
calendar calendar-clock check check-check chevron-down chevron-left chevron-right chevron-up circle-alert
circle-check circle-help clock copy cpu credit-card download ellipsis external-link eye eye-off file-text filter
globe handshake hash headset history house inbox info keyboard languages layout-grid link list-filter lock log-out
mail map-pin menu merge message-circle message-square monitor monitor-smartphone moon network package panel-right pencil
phone phone-call phone-incoming phone-missed phone-outgoing pin plus printer receipt refresh-cw route router
scale search send settings shield-check signature smartphone sparkles split square-check star sticky-note store sun
swords tag target timer trash-2 trending-down trending-up triangle-alert tv undo-2 upload user user-plus user-round
users wallet wifi x
"""
ICONS = frozenset(NAMES.split())

# What the desk calls a thing, where that is not the picture's own name: contacts by channel, products by kind.
ALIASES = {
    "call": "phone",
    "email": "mail",
    "letter": "file-text",
    "post": "file-text",
    "fax": "printer",
    "meeting": "calendar",
    "web": "globe",
    "note": "sticky-note",
    "decision": "check",
    "promise": "clock",
    "day": "sun",
    "customers": "users",
    "employees": "headset",
    "services": "layout-grid",
    "internet": "wifi",
    "mobile": "smartphone",
    "fixed_voice": "phone",
    "vas": "sparkles",
    "iot": "cpu",
    "equipment": "router",
    "bundle": "package",
    "person": "user-round",
    "organization": "building-2",
    "offer": "swords",
    "warning": "triangle-alert",
    "case": "route",
    "bill": "receipt",
}


def icon_name(name: str) -> str:
    """Return the Lucide name for a picture's name or the desk's own word; an unknown one is a mistake."""
    lucide = ALIASES.get(name, name)
    if lucide not in ICONS:
        raise ValueError(f"No icon {name!r}: add its Lucide name to svyaz/desk/icons.py and run `svyaz assets`.")
    return lucide
