"""The demo: one invented housing corporation, its partner and its suppliers, with a yearly programme of 400 people."""
