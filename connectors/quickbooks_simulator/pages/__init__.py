"""What an accountant sees in a browser."""
