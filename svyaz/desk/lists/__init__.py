"""Lists: declared once with their columns, filters, sorts, groups and totals; page, views, export and bulk follow."""
