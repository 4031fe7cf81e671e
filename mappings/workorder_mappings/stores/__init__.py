"""Adapters of the `MappingStore` port."""
