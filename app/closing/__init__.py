"""The end of a contract: its settlement, the excuse decided by two, and what became of the people afterwards."""
