"""Tools of the makers; no part of the product."""
