"""Reports on the company's books."""
