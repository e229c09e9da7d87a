"""What can be done with the catalogue and with what customers have."""

from svyaz.services.actions.catalog import BundleHoldsItself, begin_prices, save_offering, set_price
from svyaz.services.actions.numbers import (
    NumberAlreadyReleased,
    NumberInUse,
    ProductHasEnded,
    assign_number,
    port_in,
    port_out,
    release_number,
)
from svyaz.services.actions.own import set_product_values
from svyaz.services.actions.products import (
    OfferingNotAvailableHere,
    OfferingNotOnSale,
    ProductAlreadyDisconnected,
    change_product,
    connect_product,
    disconnect_product,
    transfer_contract,
)
from svyaz.services.actions.usage import record_usage

__all__ = [
    "BundleHoldsItself",
    "NumberAlreadyReleased",
    "NumberInUse",
    "OfferingNotAvailableHere",
    "OfferingNotOnSale",
    "ProductAlreadyDisconnected",
    "ProductHasEnded",
    "assign_number",
    "begin_prices",
    "change_product",
    "connect_product",
    "disconnect_product",
    "port_in",
    "port_out",
    "record_usage",
    "release_number",
    "save_offering",
    "set_price",
    "set_product_values",
    "transfer_contract",
]
