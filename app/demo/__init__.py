"""The demo: one invented housing corporation, its partner and its suppliers, with a yearly programme of 400 people.

The data are sheets of the workbook, written as text (parties, contracts, intakes, activities); `rows` puts them
together, and `service` brings them in the way a corporation would: by an import.
"""
