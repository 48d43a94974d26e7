"""Tests mirror the house; a test's name is a sentence of the field."""
