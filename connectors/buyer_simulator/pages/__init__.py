"""What an AP clerk sees in a browser."""
