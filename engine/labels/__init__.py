"""What people say about images: an append-only log, what holds of it now, and which image to label next."""
