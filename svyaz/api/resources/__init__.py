"""A resource declares its attributes once; list, get, filter, sort, fields, paging and documentation follow."""
