"""What happens to services."""

from enum import StrEnum


class ServiceEvent(StrEnum):
    """Changes of the catalogue and of customers' products."""

    OFFERING_SAVED = "offering.saved"
    PRICE_SET = "offering.price_set"
    PRICE_BEGAN = "offering.price_began"
    PRODUCT_CONNECTED = "product.connected"
    PRODUCT_CHANGED = "product.changed"
    OWN_CHANGED = "product.own_changed"
    PRODUCT_TRANSFERRED = "product.transferred"
    PRODUCT_DISCONNECTED = "product.disconnected"
    NUMBER_ASSIGNED = "number.assigned"
    NUMBER_RELEASED = "number.released"
    USAGE_RECORDED = "usage.recorded"
