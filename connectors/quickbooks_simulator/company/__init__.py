"""The books: what is stored, and the rules every write obeys."""
