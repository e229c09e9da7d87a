"""Parts of addresses."""


class RowNumber:
    """The number of a row: what would not fit into the base's bigint is no address at all."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Read the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Write the number."""
        return str(int(value))
