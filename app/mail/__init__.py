"""Mail that leaves the product: put in an outbox by a command, delivered after its commit."""
