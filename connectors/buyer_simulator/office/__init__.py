"""The department at work: it registers, matches, decides, pays."""
