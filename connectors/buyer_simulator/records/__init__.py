"""What the department holds and receives: plain, frozen, checked when read."""
